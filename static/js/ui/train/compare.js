/**
 * Two trainings beside each other as a table: in what they differ, and what came of it.
 *
 * @typedef {import('../../core/train/types.js').Training} Training
 * @typedef {import('../../core/types.js').Context} Context
 */
import { designText, differences, results, winner } from '../../core/train/compare.js';
import { accuracy, count, duration, short } from '../../core/numbers/format.js';
import { isActive } from '../../core/train/follow.js';
import { titleText } from '../../core/train/words.js';
import { h } from '../dom.js';

/** @param {unknown} value @param {string} path @param {Context['t']} t @param {string} lang */
function settingText(value, path, t, lang) {
  if (value === null || value === undefined) return path === 'dropout' ? t('curves.as_built') : t('curves.none.short');
  if (path === 'design') return designText(/** @type {{layers: any[]}} */ (value));
  if (typeof value === 'boolean') return t(value ? 'curves.yes' : 'curves.no');
  if (typeof value === 'number') return short(value, lang);
  return Array.isArray(value) ? value.map((each) => (typeof each === 'number' ? short(each, lang) : String(each))).join(', ') : String(value).replaceAll('_', ' ');
}

/** @param {number|null} value @param {string} key @param {string} lang */
function resultText(value, key, lang) {
  if (value === null) return '–';
  if (key.endsWith('accuracy') || key === 'gap') return accuracy(value, lang).replace('-', '−');
  if (key === 'seconds') return duration(value, lang);
  return key.endsWith('loss') ? short(value, lang) : count(value, lang);
}

/** @param {Context} ctx */
export function createCompareTable({ t }) {
  const heads = [h('th', { scope: 'col', class: 'compare-first' }), h('th', { scope: 'col', class: 'compare-second' })];
  const body = h('tbody', {});
  const element = h('section', { class: 'compare-runs', hidden: true, 'aria-label': t('curves.compare.title') },
    h('h3', {}, t('curves.compare.title')), h('table', {}, h('thead', {}, h('tr', {}, h('td', {}), ...heads)), body));

  /** @param {string} name @param {string[]} texts @param {number} best */
  const row = (name, texts, best = -1) => h('tr', {}, h('th', { scope: 'row' }, name), ...texts.map((text, i) => h('td', { class: i === best ? 'is-better' : null }, text)));

  /** @param {string} name */
  const divider = (name) => h('tr', { class: 'compare-part' }, h('th', { colspan: 3, scope: 'colgroup' }, name));

  /** @param {Training|null} first @param {Training|null} second @param {string} lang */
  function show(first, second, lang) {
    element.hidden = !first || !second;
    if (!first || !second) return;
    [first, second].forEach((training, i) => { heads[i].textContent = titleText(training, t); });
    const isOver = ![first, second].some(isActive); // before, nobody is better
    const differ = differences(first.request, second.request);
    body.replaceChildren(
      divider(t('curves.compare.differs')),
      ...differ.map(({ path, values }) => row(fieldName(path), values.map((value) => settingText(value, path, t, lang)))),
      ...(differ.length ? [] : [h('tr', {}, h('td', { colspan: 3 }, t('curves.compare.same')))]),
      divider(t('curves.compare.results')),
      ...results(first, second).map((result) => row(t(`curves.result.${result.key}`), result.values.map((value) => resultText(value, result.key, lang)), isOver ? winner(result) : -1)));
  }

  /** @param {string} path */
  function fieldName(path) {
    const key = `curves.field.${path}`;
    const name = t(key);
    return name === key ? path.replaceAll(/[._]/g, ' ') : name;
  }

  return { element, show };
}
