/**
 * The line under the pictures that spells out one product, and the arrow keys that walk from cell to cell.
 *
 * @typedef {import('../../core/types.js').Store} Store
 * @typedef {import('../../core/types.js').Context} Context
 * @typedef {import('../../core/unit/view.js').UnitView} UnitView
 */
import { short } from '../../core/numbers/format.js';
import { sameUnit } from '../../core/networks/graph.js';
import { unitLabel } from '../../core/unit/text.js';
import { h } from '../dom.js';

/** @param {Store} store @param {Context} ctx @param {HTMLElement} pictures  Gets the keys. */
export function createReadout(store, ctx, pictures) {
  const element = h('p', { class: 'readout', 'aria-live': 'polite' });
  /** @type {UnitView|null} */
  let view = null;
  let lang = 'en';
  let shown = -1;

  /** @param {KeyboardEvent} event */
  function key(event) {
    if (!view || event.target !== pictures) return;
    const { terms } = view;
    const { hover } = store.get();
    const at = hover ? terms.findIndex(({ from }) => sameUnit(from, hover)) : -1;
    if (event.key === 'Enter' && at >= 0) store.set({ pinned: terms[at].from, hover: null });
    const step = { ArrowRight: 1, ArrowLeft: -1, ArrowDown: rowLength(view), ArrowUp: -rowLength(view) }[event.key];
    if (step === undefined) return;
    event.preventDefault();
    store.set({ hover: terms[Math.min(terms.length - 1, Math.max(0, at < 0 ? 0 : at + step))].from });
  }

  pictures.addEventListener('keydown', key);
  pictures.addEventListener('blur', () => store.set({ hover: null }));

  /** Spells out a term, and gives the text; -1 for the hint, which gives nothing. @param {number} term */
  function point(term) {
    shown = term;
    const found = view?.terms[term];
    if (!view || !found) {
      element.textContent = ctx.t('panel.readout.hint');
      return '';
    }
    const numbers = { input: short(found.input, lang), weight: short(found.weight, lang), product: short(found.product, lang) };
    const text = ctx.t('panel.readout', { unit: unitLabel(view.model, found.from), ...numbers });
    element.textContent = text;
    return text;
  }

  /** @param {UnitView} next @param {string} nextLang */
  function update(next, nextLang) {
    view = next;
    lang = nextLang;
    point(shown);
  }

  return { element, update, point };
}

/** Terms in one row of a picture: what arrow down moves by. @param {UnitView} view */
function rowLength({ layout, terms }) {
  const [{ cells, width }] = layout.pictures;
  const firstRow = cells.subarray(0, width).filter((term) => term >= 0);
  return Math.max(1, Math.min(firstRow.length || width, terms.length - 1));
}
