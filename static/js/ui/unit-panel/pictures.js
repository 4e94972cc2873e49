/**
 * Input, weights and products of a unit as pictures side by side: one row an input map for convolutions,
 * one row in all for dense layers. A cell under the pointer is the same unit in all of them and in the scene.
 *
 * @typedef {import('../../core/types.js').Store} Store
 * @typedef {import('../../core/types.js').Context} Context
 * @typedef {import('../../core/types.js').Palette} Palette
 * @typedef {import('../../core/unit/view.js').UnitView} UnitView
 */
import { sameUnit } from '../../core/networks/graph.js';
import { pictureSums } from '../../core/unit/patch.js';
import { unitLabel } from '../../core/unit/text.js';
import { h } from '../dom.js';
import { createPictureHeads, kindName, rangesOf } from './picture-heads.js';
import { pictureHeight } from './patch-grid.js';
import { createPictureRow } from './picture-row.js';
import { createReadout } from './readout.js';
import { createVirtualRows } from '../virtual-rows.js';

/** Rows shown before "all". */
const ROWS = 6;
/** Beyond so many rows only those in sight exist. */
const WHOLE = 64;
const GAP = 6;
/** The strongest rows are chosen anew when the pen has rested so long. */
const REST = 400;

/** @param {Store} store @param {Context} ctx */
export function createPictures(store, ctx) {
  const heads = createPictureHeads(ctx);
  const body = h('div', { class: 'pictures-body', tabindex: 0, role: 'group' });
  const more = h('button', { class: 'link-button', type: 'button', on: { click: toggleAll } });
  const readout = createReadout(store, ctx, body);
  const element = h('section', { class: 'pictures' }, ...heads.elements, body, more, readout.element);
  /** @type {ReturnType<typeof createVirtualRows<ReturnType<typeof createPictureRow>>>|null} */
  let rows = null;
  /** @type {(row: ReturnType<typeof createPictureRow>, index: number) => void} */
  let show = () => {};
  /** @type {UnitView|null} */
  let view = null;
  /** @type {number[]} */
  let order = [];
  let isAll = false;
  /** @type {ReturnType<typeof setTimeout>|undefined} */
  let resting;

  /** Orders the rows anew. */
  function rearrange() {
    const { palette, lang } = store.get();
    if (!view || !palette) return;
    arrange(view);
    update(view, palette, lang);
  }

  function toggleAll() {
    isAll = !isAll;
    rearrange();
  }

  const events = {
    onHover: (/** @type {number} */ term) => store.set({ hover: view?.terms[term]?.from ?? null }),
    onPick: (/** @type {number} */ term) => { if (view?.terms[term]) store.set({ pinned: view.terms[term].from, hover: null }); },
  };

  /** @param {UnitView} next */
  function arrange(next) {
    const { pictures } = next.layout;
    const sums = pictureSums(pictures, next.terms);
    order = pictures.map((_, i) => i);
    const isRanked = pictures.length > ROWS && (!isAll || pictures.length > WHOLE);
    if (isRanked) order = order.sort((a, b) => Math.abs(sums[b]) - Math.abs(sums[a]));
    if (!isAll) order = order.slice(0, ROWS);
    body.classList.toggle('is-long', order.length > WHOLE);
    more.hidden = pictures.length <= ROWS;
    more.textContent = isAll ? ctx.t('panel.pictures.few', { count: ROWS }) : ctx.t('panel.pictures.all', { count: pictures.length });
  }

  /** Rows anew where pictures are of another size. @param {UnitView} next */
  function build({ layout: { pictures } }) {
    rows?.destroy();
    body.scrollTop = 0;
    const rowHeight = GAP + (pictures.length ? pictureHeight(pictures[0]) : 0);
    rows = createVirtualRows({
      scroller: body, body, tag: 'div', rowHeight, whole: WHOLE, create: () => createPictureRow(events), show: (row, index) => show(row, index), onMove: point,
    });
  }

  /** @param {UnitView} next @param {Palette} palette @param {string} lang */
  function update(next, palette, lang) {
    const isNew = view === null || !sameUnit(view.unit, next.unit) || view.layout !== next.layout;
    if (isNew) isAll = false;
    element.hidden = next.terms.length === 0 || next.form === 'addition' || next.form === 'concatenation';
    if (isNew) {
      build(next);
      arrange(next);
    }
    const { kernels, scale } = store.get();
    if (kernels && next.layout.pictures.length > ROWS && view !== next) {
      clearTimeout(resting);
      resting = setTimeout(rearrange, REST);
    }
    view = next;
    if (element.hidden) return;
    const ranges = rangesOf(next, scale, kernels === null);
    const { kind, pictures } = next.layout;
    const hasSums = kind === 'windows' || pictures.length > 1;
    heads.update(next, ranges, hasSums, lang);
    body.classList.toggle('has-sums', hasSums);
    body.setAttribute('aria-label', ctx.t('panel.pictures.label', { unit: unitLabel(next.model, next.unit) }));
    const sums = pictureSums(pictures, next.terms);
    const label = (/** @type {import('./picture-heads.js').Kind} */ column, /** @type {string} */ source) => ctx.t('panel.picture.label', { kind: kindName(next, column, ctx), source });
    show = (row, i) => row.update(next, pictures[order[i]], sums[order[i]], ranges, palette, lang, label);
    rows?.update(order.length);
    readout.update(next, lang);
    point();
  }

  /** Marks the hovered unit in every picture. */
  function point() {
    const { hover } = store.get();
    const term = hover && view ? view.terms.findIndex(({ from }) => sameUnit(from, hover)) : -1;
    rows?.each((row) => row.highlight(term));
    const product = readout.point(term);
    if (product) body.dataset.tip = product;
    else delete body.dataset.tip;
  }

  const off = store.on(['hover'], point);
  return { element, update, destroy: () => { off(); clearTimeout(resting); rows?.destroy(); } };
}
