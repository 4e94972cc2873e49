/** The feature map that a filter makes of the present picture; a click pins the unit. */
import { nameOf } from '../../core/networks/graph.js';
import { isAbort } from '../../core/api.js';
import { isSigned, rangeOf } from '../../core/numbers/colormap.js';
import { short } from '../../core/numbers/format.js';
import { h } from '../dom.js';
import { createMapView } from '../map-view.js';

/**
 * @typedef {import('../../core/types.js').Store} Store
 * @typedef {import('../../core/types.js').Tensor} Tensor
 * @typedef {import('../../views.js').ViewContext} ViewContext
 * @typedef {import('../../core/filters/kernels.js').Filters} Filters
 */

const SIDE = 224;

/** @param {Store} store @param {ViewContext} ctx */
export function createFilterMap(store, ctx) {
  /** @type {{filters: Filters, channel: number, tensor: Tensor}|null} */
  let shown = null;
  let control = new AbortController();
  const unitAt = (/** @type {{row: number, column: number}} */ { row, column }) => shown && { stage: shown.filters.stage.id, channel: shown.channel, y: row, x: column };
  const view = createMapView({
    onHover: (cell) => { store.set({ hover: cell && unitAt(cell) }); tell(cell); },
    onPick: (cell) => store.set({ pinned: unitAt(cell), hover: null }),
  });
  const note = h('p', { class: 'filter-note' });
  const element = h('section', { class: 'filter-map' }, h('h3', {}, ctx.t('filters.map')), view.element, note);

  /** The exact value, also of layers that the page has in half precision only. @param {{row: number, column: number}|null} cell */
  function tell(cell) {
    if (!cell || !shown) return void delete view.element.dataset.tip;
    const [, , width = 1] = shown.tensor.shape;
    view.element.dataset.tip = ctx.t('filters.map.value', { y: cell.row, x: cell.column, value: short(shown.tensor.data[cell.row * width + cell.column], store.get().lang) });
  }

  /** @param {Filters} filters @param {number} channel */
  async function show(filters, channel) {
    control.abort();
    control = new AbortController();
    const { signal } = control;
    const { frame } = store.get();
    element.classList.toggle('is-waiting', true);
    note.textContent = frame ? '' : ctx.t('filters.map.none');
    view.element.hidden = !frame;
    if (!frame) return;
    try {
      const tensor = await ctx.session.layer(filters.stage.output, { channels: String(channel), signal });
      if (!signal.aborted) draw({ filters, channel, tensor });
    } catch (error) {
      if (!isAbort(error) && !signal.aborted) note.textContent = error instanceof Error ? error.message : String(error);
    }
  }

  /** @param {NonNullable<typeof shown>} next */
  function draw(next) {
    const { palette, lang } = store.get();
    if (!palette) return;
    shown = next;
    element.classList.remove('is-waiting');
    const { filters: { model, stage }, channel, tensor } = next;
    const [, height = 1, width = 1] = tensor.shape;
    const range = rangeOf(tensor, null, 'layer', isSigned(model, stage.id));
    const cell = Math.max(1, Math.min(48, SIDE / Math.max(height, width)));
    view.draw(tensor.data, 0, { height, width, cell }, range, palette);
    view.element.setAttribute('aria-label', ctx.t('filters.map.label', { layer: nameOf(stage), channel }));
    const isOne = height * width === 1;
    note.textContent = isOne ? ctx.t('filters.map.one', { value: short(tensor.data[0], lang) }) : ctx.t('filters.map.range', { lo: short(range.lo, lang), hi: short(range.hi, lang), height, width });
  }

  return { element, show, destroy: () => control.abort() };
}
