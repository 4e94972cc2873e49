/**
 * Every product of the sum as a table: by strength or in order, the first twelve or all.
 *
 * @typedef {import('../../core/types.js').Store} Store
 * @typedef {import('../../core/types.js').Context} Context
 * @typedef {import('../../core/types.js').Unit} Unit
 * @typedef {import('../../core/unit/arithmetic.js').Term} Term
 * @typedef {import('../../core/unit/view.js').UnitView} UnitView
 */
import { byStrength } from '../../core/unit/arithmetic.js';
import { count, short } from '../../core/numbers/format.js';
import { fullNumber, unitLabel } from '../../core/unit/text.js';
import { h } from '../dom.js';
import { segmented } from '../controls.js';
import { setNumber } from '../number.js';
import { createVirtualRows } from '../virtual-rows.js';

const FIRST = 12;
/** Beyond so many rows only those in sight exist. */
const WHOLE = 1000;
const ROW_HEIGHT = 25;

/** @param {Store} store @param {Context} ctx */
export function createTermsTable(store, ctx) {
  const summary = h('summary', {});
  const sort = segmented(ctx.t('panel.terms.sort'), [
    { value: 'strength', label: ctx.t('panel.terms.strength') }, { value: 'order', label: ctx.t('panel.terms.order') },
  ], (value) => { byOrder = value === 'order'; render(); });
  const heads = ['unit', 'input', 'weight', 'product'].map((key) => h('th', { scope: 'col' }, ctx.t(`panel.terms.${key}`)));
  const body = h('tbody', {});
  const caption = h('caption', { class: 'visually-hidden' });
  const more = h('button', { class: 'link-button', type: 'button', on: { click: () => { isAll = !isAll; render(); } } });
  const scroller = h('div', { class: 'terms-scroll', tabindex: 0, role: 'region', 'aria-label': ctx.t('panel.terms.label') },
    h('table', {}, caption, h('thead', {}, h('tr', {}, ...heads)), body));
  const element = h('details', { class: 'terms', on: { toggle: () => render() } }, summary, sort.element, scroller, more);
  const rows = createVirtualRows({ scroller, body, tag: 'tr', rowHeight: ROW_HEIGHT, whole: WHOLE, create: () => createRow(store), show: fill });
  /** @type {Term[]} The rows: those of the unit that was there when the table was last open. */
  let listed = [];
  /** @type {UnitView|null} */
  let view = null;
  let lang = 'en';
  let byOrder = false;
  let isAll = false;
  sort.show('strength');

  function render() {
    if (!view) return;
    const { model, unit, terms } = view;
    element.hidden = terms.length === 0;
    summary.textContent = ctx.t('panel.terms.title', { count: count(terms.length, lang) });
    if (!element.open) return;
    caption.textContent = ctx.t('panel.terms.caption', { unit: unitLabel(model, unit) });
    listed = byOrder ? terms : byStrength(terms).map((i) => terms[i]);
    rows.update(isAll ? listed.length : Math.min(FIRST, listed.length));
    more.hidden = terms.length <= FIRST;
    more.textContent = isAll ? ctx.t('panel.terms.first', { count: FIRST }) : ctx.t('panel.terms.all', { count: count(terms.length, lang) });
  }

  /** @param {ReturnType<typeof createRow>} row @param {number} index */
  function fill(row, index) {
    if (view) row.show(listed[index], unitLabel(view.model, listed[index].from), lang);
  }

  /** @param {UnitView} next @param {string} nextLang */
  function update(next, nextLang) {
    if (view?.layout !== next.layout) isAll = false;
    view = next;
    lang = nextLang;
    render();
  }

  return { element, update, destroy: rows.destroy };
}

/** @param {Store} store */
function createRow(store) {
  /** @type {Unit|null} */
  let unit = null;
  const point = () => store.set({ hover: unit });
  const leave = () => store.set({ hover: null });
  const name = h('button', { class: 'link-button', type: 'button', on: { click: () => store.set({ pinned: unit, hover: null }), focus: point, blur: leave } });
  const cells = [0, 1, 2].map(() => h('td', { class: 'num' }));
  const element = h('tr', { on: { pointerenter: point, pointerleave: leave } }, h('th', { scope: 'row' }, name), ...cells);

  /** @param {Term} term @param {string} label @param {string} lang */
  function show(term, label, lang) {
    unit = term.from;
    name.textContent = label;
    name.dataset.tip = `${fullNumber(term.input)} × ${fullNumber(term.weight)} = ${fullNumber(term.product)}`;
    [term.input, term.weight, term.product].forEach((value, i) => setNumber(cells[i], value, short(value, lang)));
  }

  return { element, show };
}
