/**
 * One row of pictures: input × weights = products, and what the row adds to the sum.
 *
 * @typedef {import('../../core/types.js').Palette} Palette
 * @typedef {import('../../core/unit/patch.js').Picture} Picture
 * @typedef {import('../../core/unit/view.js').UnitView} UnitView
 * @typedef {import('./picture-heads.js').Ranges} Ranges
 */
import { stageName } from '../../core/networks/graph.js';
import { signedShort } from '../../core/unit/text.js';
import { h } from '../dom.js';
import { setNumber } from '../number.js';
import { createPatchGrid } from './patch-grid.js';

/** @param {{onHover: (term: number) => void, onPick: (term: number) => void}} events */
export function createPictureRow(events) {
  const grids = { input: createPatchGrid(events), weight: createPatchGrid(events), product: createPatchGrid(events) };
  const nameParts = [h('span', { class: 'picture-stage' }), h('span', {})];
  const name = h('span', { class: 'picture-name' }, ...nameParts);
  const sum = h('data', { class: 'num' });
  const element = h('div', { class: 'picture-row' },
    grids.input.element, h('span', { class: 'picture-sign' }, '×'),
    grids.weight.element, h('span', { class: 'picture-sign' }, '='),
    grids.product.element, h('span', { class: 'picture-sum' }, name, sum));

  /**
   * @param {UnitView} view @param {Picture} picture @param {number} total @param {Ranges} ranges
   * @param {Palette} palette @param {string} lang @param {(kind: 'input'|'weight'|'product', source: string) => string} label
   */
  function update({ terms, model }, picture, total, ranges, palette, lang, label) {
    const format = decimals(lang);
    const stage = stageName(model, picture.stage);
    const source = picture.channel === null ? stage : `${stage} · ${picture.channel}`;
    for (const kind of /** @type {const} */ (['input', 'weight', 'product'])) {
      grids[kind].update({ picture, valueOf: (term) => terms[term][kind], range: ranges[kind], palette, format });
      grids[kind].element.setAttribute('aria-label', label(kind, source));
    }
    nameParts[0].textContent = stage;
    nameParts[1].textContent = picture.channel === null ? '' : ` · ${picture.channel}`;
    setNumber(sum, total, signedShort(total, lang));
    sum.classList.toggle('is-negative', total < 0);
  }

  /** @param {number} term */
  function highlight(term) {
    for (const grid of Object.values(grids)) grid.highlight(term);
  }

  return { element, update, highlight };
}

/** Two decimals: what fits into a cell. @param {string} lang */
function decimals(lang) {
  const format = new Intl.NumberFormat(lang, { maximumFractionDigits: 2 });
  return (/** @type {number} */ value) => format.format(Math.abs(value) < 0.005 ? 0 : value).replace('-', '−');
}
