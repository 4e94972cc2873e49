/** Precision, recall and F1 of each class, the worst ones marked. */
import { rowSums } from '../../core/train/confusion.js';
import { count, percent } from '../../core/numbers/format.js';
import { h } from '../dom.js';
import { term } from '../popover.js';

const RATIOS = /** @type {const} */ (['precision', 'recall', 'f1']);

/** @param {import('../../core/types.js').Context} ctx @param {(index: number) => void} choose  A class that is clicked. */
export function createClassTable({ t }, choose) {
  const body = h('tbody', {});
  const heads = RATIOS.map((key) => h('th', { scope: 'col' }, term(t(`analysis.${key}`), t(`analysis.${key}.about`))));
  const element = h('table', { class: 'class-table' }, h('caption', {}, t('analysis.classes')),
    h('thead', {}, h('tr', {}, h('th', { scope: 'col' }, t('analysis.class')), ...heads, h('th', { scope: 'col' }, t('analysis.pictures')))), body);

  /** @param {number|null} value @param {boolean} isWorst @param {string} lang */
  function ratioCell(value, isWorst, lang) {
    const bar = h('span', { class: 'ratio-bar' });
    bar.style.setProperty('--share', `${Math.round((value ?? 0) * 100)}%`);
    return h('td', { class: isWorst ? 'is-worst' : null, data: value === null ? {} : { full: String(value) } }, bar, value === null ? '–' : percentOf(value, lang));
  }

  /** One decimal: classes are close to each other. @param {number} value @param {string} lang */
  function percentOf(value, lang) {
    return value === 1 || value === 0 ? percent(value, lang) : value.toLocaleString(lang, { style: 'percent', minimumFractionDigits: 1, maximumFractionDigits: 1 });
  }

  /** @param {import('../../core/train/learning-types.js').Confusion} confusion @param {string} lang */
  function show(confusion, lang) {
    const { classes, matrix } = confusion;
    const sums = rowSums(matrix);
    const worst = RATIOS.map((key) => Math.min(...confusion[key].map((value) => value ?? 1)));
    body.replaceChildren(...classes.map((name, i) => h('tr', {},
      h('th', { scope: 'row' }, h('button', { class: 'link-button', type: 'button', on: { click: () => choose(i) } }, name)),
      ...RATIOS.map((key, k) => ratioCell(confusion[key][i], confusion[key][i] === worst[k] && worst[k] < 1, lang)),
      h('td', {}, count(sums[i], lang)))));
  }

  return { element, show };
}
