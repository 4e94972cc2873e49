/**
 * Input, weights and products of a unit as pictures side by side: one row an input map for convolutions,
 * one row in all for dense layers. A cell under the pointer is the same unit in all of them and in the scene.
 *
 * @typedef {import('../core/types.js').Store} Store
 * @typedef {import('../core/types.js').Context} Context
 * @typedef {import('../core/types.js').Palette} Palette
 * @typedef {import('../core/types.js').Range} Range
 * @typedef {import('../core/unit-view.js').UnitView} UnitView
 * @typedef {import('../core/patch.js').Picture} Picture
 */
import { magnitude } from '../core/arithmetic.js';
import { stageRange } from '../core/colormap.js';
import { short } from '../core/format.js';
import { sameUnit } from '../core/graph.js';
import { pictureSums } from '../core/patch.js';
import { unitLabel } from '../core/unit-text.js';
import { h } from './dom.js';
import { createPictureRow } from './picture-row.js';
import { createReadout } from './readout.js';

/** Rows shown before "all". */
const ROWS = 6;
const KINDS = /** @type {const} */ (['input', 'weight', 'product']);
/** The strongest rows are chosen anew when the pen has rested so long. */
const REST = 400;

/** @param {Store} store @param {Context} ctx */
export function createPictures(store, ctx) {
  const title = h('h3', {});
  const heads = KINDS.map(() => h('span', {}));
  const head = h('div', { class: 'picture-row pictures-heads' },
    heads[0], h('span', { class: 'picture-sign' }), heads[1], h('span', { class: 'picture-sign' }), heads[2]);
  const body = h('div', { class: 'pictures-body', tabindex: 0, role: 'group' });
  const more = h('button', { class: 'link-button', type: 'button', on: { click: toggleAll } });
  const readout = createReadout(store, ctx, body);
  const element = h('section', { class: 'pictures' }, title, head, body, more, readout.element);
  /** @type {ReturnType<typeof createPictureRow>[]} */
  let rows = [];
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
    if (pictures.length > ROWS && !isAll) order = order.sort((a, b) => Math.abs(sums[b]) - Math.abs(sums[a])).slice(0, ROWS);
    if (rows.length !== order.length) {
      rows = order.map(() => createPictureRow(events));
      body.replaceChildren(...rows.map((row) => row.element));
    }
    more.hidden = pictures.length <= ROWS;
    more.textContent = isAll ? ctx.t('panel.pictures.few', { count: ROWS }) : ctx.t('panel.pictures.all', { count: pictures.length });
  }

  /** @param {UnitView} next @param {Palette} palette @param {string} lang */
  function update(next, palette, lang) {
    const isNew = view === null || !sameUnit(view.unit, next.unit) || view.layout !== next.layout;
    if (isNew) isAll = false;
    element.hidden = next.terms.length === 0;
    if (isNew) arrange(next);
    if (next.layout.pictures.length > ROWS && view !== next) {
      clearTimeout(resting);
      resting = setTimeout(rearrange, REST);
    }
    view = next;
    if (element.hidden) return;
    const ranges = rangesOf(next, store.get().scale);
    const names = namesOf(next);
    const label = (/** @type {'input'|'weight'|'product'} */ kind, /** @type {string} */ source) => ctx.t('panel.picture.label', { kind: ctx.t(names[kind]), source });
    words(next, names, ranges, lang);
    const sums = pictureSums(next.layout.pictures, next.terms);
    rows.forEach((row, i) => row.update(next, next.layout.pictures[order[i]], sums[order[i]], ranges, palette, lang, label));
    readout.update(next, lang);
    point();
  }

  /** @param {UnitView} next @param {{input: string, weight: string, product: string}} names @param {Ranges} ranges @param {string} lang */
  function words(next, names, ranges, lang) {
    title.textContent = ctx.t(next.maximum ? 'panel.pictures.pool' : `panel.pictures.${next.layout.kind}`, { count: next.terms.length });
    body.setAttribute('aria-label', ctx.t('panel.pictures.label', { unit: unitLabel(next.model, next.unit) }));
    const hasSums = next.layout.kind === 'windows' || next.layout.pictures.length > 1;
    for (const part of [head, body]) part.classList.toggle('has-sums', hasSums);
    heads.forEach((node, i) => {
      const kind = KINDS[i];
      const range = ranges[kind];
      const text = range.lo < 0 && range.lo === -range.hi ? `±${short(range.hi, lang)}` : `${short(range.lo, lang)} … ${short(range.hi, lang)}`;
      node.replaceChildren(h('b', {}, ctx.t(names[kind])), h('small', {}, text));
    });
  }

  /** Marks the hovered unit in every picture. */
  function point() {
    const { hover } = store.get();
    const term = hover && view ? view.terms.findIndex(({ from }) => sameUnit(from, hover)) : -1;
    for (const row of rows) row.highlight(term);
    const product = readout.point(term);
    if (product) body.dataset.tip = product;
    else delete body.dataset.tip;
  }

  const off = store.on(['hover'], point);
  return { element, update, destroy: () => { off(); clearTimeout(resting); } };
}

/** The catalogue's keys for the three columns. @param {UnitView} view */
function namesOf({ maximum, layout }) {
  const weights = layout.kind === 'windows' ? 'panel.kernel' : 'panel.weights';
  return { input: 'panel.input', weight: maximum ? 'panel.winner' : weights, product: 'panel.product' };
}

/** @typedef {{input: Range, weight: Range, product: Range}} Ranges */

/** @param {UnitView} view @param {'map'|'layer'|'fixed'} scale @returns {Ranges} */
function rangesOf({ model, frame, terms, layout }, scale) {
  const stage = model.stages.find(({ id }) => id === layout.pictures[0].stage) ?? model.stages[0];
  const tensor = frame.tensors.get(stage.output) ?? { shape: [1], data: new Float32Array(1) };
  return {
    input: stageRange(model, stage, tensor, layout.pictures.length === 1 ? layout.pictures[0].channel : null, scale),
    weight: around(terms.map(({ weight }) => weight)),
    product: around(terms.map(({ product }) => product)),
  };
}

/** A range about zero that holds all values. @param {number[]} values @returns {Range} */
function around(values) {
  const limit = magnitude(values) || 1;
  return { lo: -limit, hi: limit, signed: true };
}

