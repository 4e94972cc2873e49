/**
 * The middle of the features view: the layer's maps as a grid (a dense layer as one board), one of them enlarged, with
 * another picture or network beside it.
 *
 * @typedef {import('../../core/types.js').Store} Store
 * @typedef {import('../../core/types.js').State} State
 * @typedef {import('../../core/types.js').Unit} Unit
 * @typedef {import('../../core/types.js').Range} Range
 * @typedef {import('../../core/types.js').Palette} Palette
 * @typedef {import('../../views.js').ViewContext} ViewContext
 * @typedef {import('./sides.js').FeatureSide} FeatureSide
 * @typedef {import('./column.js').Under} Under
 * @typedef {import('./map-picture.js').Cell} Cell
 */
import { sharedRanges, sideOf } from '../../core/map-ranges.js';
import { countDead, orderMaps, parseIndices } from '../../core/map-stats.js';
import { createCodeButton } from '../code-snippets.js';
import { createConnection } from '../connection.js';
import { pressButton } from '../controls.js';
import { eachFrame, h } from '../dom.js';
import { createLegend } from '../legend.js';
import { createStageNotice } from '../stage-notice.js';
import { createColumn } from './column.js';
import { createCompareBar, createCompareEmpty } from './compare-bar.js';
import { createEnlarged } from './enlarged.js';
import { layerPng } from './export.js';
import { createLayerPicker } from './layer-picker.js';
import { createOther } from './other.js';
import { createPresent } from './present.js';
import { hasMaps, isUnitLayer, layerLabel, sameShape } from './sides.js';
import { tipOf } from './tips.js';
import { createMapControls } from './toolbar.js';

/** @typedef {import('./toolbar.js').Choice} Choice */

/** @param {Store} store @param {ViewContext} ctx */
export function createFeatureStage(store, ctx) {
  const { t } = ctx;
  /** @type {Choice} */
  const choice = { sort: 'index', search: '', hideDead: false, tile: null };
  /** The map that is enlarged; the one that the legend speaks of; what is under the pointer; what was chosen on the other side. */
  const now = {
    map: /** @type {number|null} */ (null), focus: /** @type {number|null} */ (null),
    hovered: /** @type {{side: number, cell: Cell}|null} */ (null), chosen: /** @type {{side: number, cell: Cell}|null} */ (null),
    key: '',
    /** Enlarged again as soon as there is something to compare it with. */
    reopen: /** @type {number|null} */ (null),
  };
  /** @type {FeatureSide[]} What is drawn. */
  let sides = [];
  /** The order of the maps on each side. @type {number[][]} */
  let orders = [[], []];
  /** @type {(map: number|null) => Range} */
  let rangeOf = () => ({ lo: 0, hi: 1, signed: false });

  const schedule = eachFrame(render);
  const fail = (/** @type {unknown} */ error) => { waiting.textContent = t('maps.error', { detail: error instanceof Error ? error.message : String(error) }); };
  const present = createPresent(store, ctx, schedule, fail);
  const picker = createLayerPicker(ctx, (stage) => store.set({ drawer: stage }), present.chooseLayer);
  const code = createCodeButton(store, ctx, () => {
    const chosen = present.choice();
    return chosen && { about: 'maps', layer: chosen.layer.id, channel: now.map };
  });
  const controls = createMapControls(ctx, (change) => { Object.assign(choice, change); schedule(); });
  const other = createOther(store, ctx, present.choice, schedule);
  const compare = pressButton('layers', t('features.compare'), t('features.compare.about'), turnCompare);
  const bar = createCompareBar(store, ctx, other);
  const nothing = createCompareEmpty(store, ctx, other);
  const columns = [0, 1].map((side) => createColumn(ctx, columnEvents(side)));
  const own = h('header', { class: 'compare-bar' });
  columns[0].element.prepend(own);
  columns[1].element.prepend(bar.element, nothing.element);
  const enlarged = createEnlarged(ctx, { onHover: hoverCell, onPick: pickCell, onStep: step, onClose: close, onChange: schedule });
  const waiting = h('p', { class: 'map-waiting', role: 'status' });
  const legend = createLegend(store, ctx, legendSubject);
  const connection = createConnection(store, ctx, () => ctx.session.retry());
  const notice = createStageNotice(store, ctx);
  const body = h('div', { class: 'feature-body' }, h('div', { class: 'map-columns' }, ...columns.map((column) => column.element)), enlarged.element, waiting);
  const element = h('section', { class: 'stage-side feature-stage', 'aria-label': t('maps.title') },
    h('div', { class: 'feature-toolbar' }, picker.element, h('span', { class: 'spacer' }), compare.element, code.element), controls.element, body,
    h('div', { class: 'stage-foot' }, legend.element), connection.element, notice.element);

  /** @param {number} side */
  function columnEvents(side) {
    return {
      onOpen: (/** @type {number} */ map) => open(map),
      onActive: (/** @type {number} */ map) => { now.focus = map; legend.update(); },
      onHover: (/** @type {Under|null} */ under) => hoverMap(side, under),
      onPick: (/** @type {number} */ unit) => pin(side, unit, { y: 0, x: 0 }),
      onScroll: (/** @type {number} */ top) => { if (sameShape(sides[0], sides[1])) columns[1 - side].grid.scrollTo(top); },
      onResize: schedule,
    };
  }

  function render() {
    const state = store.get();
    const chosen = present.choice();
    if (!state.model || !chosen) return;
    picker.update(state.model, chosen.stage, chosen.layer.id);
    forgetOld(`${state.model.id} ${chosen.stage.id}`);
    const side = present.side();
    element.classList.toggle('is-waiting', !side);
    waiting.hidden = side !== null;
    if (!side || !state.palette) return showWaiting(state);
    other.follow();
    const second = other.side();
    sides = second ? [side, second] : [side];
    waiting.textContent = '';
    element.classList.toggle('is-stale', !side.fresh);
    rangeOf = sharedRanges(sides.map((each) => sideOf(each.model, each.stage, each.layer.id, each.stats)), state.scale);
    showMaps(state, state.palette);
    legend.update();
  }

  /** Another layer: nothing is enlarged. @param {string} key */
  function forgetOld(key) {
    if (key === now.key) return;
    Object.assign(now, { key, map: null, focus: null, hovered: null, chosen: null });
    sides = [];
    columns.forEach(({ grid }) => grid.reset());
  }

  /** @param {State} state */
  function showWaiting({ frame, arrival, model, photo }) {
    if (sides.length === 0) body.dataset.empty = 'true';
    if (arrival?.phase === 'failed') return;
    waiting.textContent = t(model?.input.preprocessing === 'photo' && !photo ? 'photo.no_photo' : frame || arrival ? 'features.waiting' : 'features.waiting');
  }

  /** @param {State} state @param {Palette} palette */
  function showMaps(state, palette) {
    const [side] = sides;
    delete body.dataset.empty;
    const { indices, readable } = parseIndices(choice.search, side.stats.count);
    const order = orderMaps(side.stats, { ...choice, indices });
    const linked = sides[1] && sides[1].stats.count === side.stats.count;
    orders = [order, linked || !sides[1] ? order : orderMaps(sides[1].stats, { ...choice, indices })];
    if (now.map !== null && sides.every(({ stats }) => Number(now.map) >= stats.count)) now.map = null;
    showCompare();
    enlarged.element.hidden = now.map === null;
    body.classList.toggle('is-enlarged', now.map !== null);
    if (now.map === null) showColumns(state, palette);
    else showEnlarged(state, palette, now.map);
    controls.element.hidden = !hasMaps(side);
    controls.update({ ...choice, all: side.stats.count, shown: orders[0].length, deadCount: countDead(side.stats), readable, width: columns[0].grid.tile(), lang: state.lang });
  }

  /** What to compare with is chosen beside the grid. @param {boolean} on */
  function turnCompare(on) {
    other.turn(on);
    if (on && !other.isChosen()) Object.assign(now, { reopen: now.map, map: null, hovered: null });
  }

  function showCompare() {
    if (now.reopen !== null && (sides.length > 1 || !other.isOn())) Object.assign(now, { map: sides.length > 1 ? now.reopen : now.map, reopen: null });
    const isOn = other.isOn();
    compare.show(isOn);
    own.hidden = columns[1].element.hidden = !isOn;
    own.textContent = sides[0].title;
    bar.update();
    nothing.update();
  }

  /** @param {State} state @param {Palette} palette */
  function showColumns({ pinned, hover }, palette) {
    const on = (/** @type {Unit|null} */ unit, /** @type {FeatureSide} */ side) => (unit?.stage === side.stage.id && side.model === sides[0].model ? unit.channel : null);
    sides.forEach((side, i) => columns[i].update(side, {
      order: orders[i], rangeOf, palette, tile: choice.tile, pinned: on(pinned, side), hovered: on(hover, side),
    }));
    if (sides.length === 1) columns[1].clear();
  }

  /** @param {State} state @param {Palette} palette @param {number} map */
  function showEnlarged({ pinned, lang }, palette, map) {
    const [side] = sides;
    const isPinned = pinned?.stage === side.stage.id && pinned.channel === map && isUnitLayer(side);
    const chosen = isPinned ? { side: 0, cell: { y: pinned.y, x: pinned.x } } : now.chosen;
    enlarged.update({ sides, map, at: orders[0].indexOf(map), of: orders[0].length, rangeOf, palette, hovered: now.hovered, chosen, lang });
  }

  /** @param {State} state */
  function legendSubject({ scale }) {
    if (sides.length === 0) return null;
    const map = now.focus ?? now.map ?? orders[0][0] ?? 0;
    const perMap = scale === 'map' && hasMaps(sides[0]);
    return { name: perMap ? `${layerLabel(sides[0])} · ${map}` : layerLabel(sides[0]), range: rangeOf(perMap ? map : null) };
  }

  /** @param {number} side @param {number} channel @param {Cell} cell @returns {Unit|null} */
  function unitOf(side, channel, { y, x }) {
    // A cell of the other side stands for the same unit here, where the network is the same.
    const isPresent = side === 0 || sides[side]?.model === sides[0]?.model;
    return isPresent && sides[0] && isUnitLayer(sides[0]) ? { stage: sides[0].stage.id, channel, y, x } : null;
  }

  /** @param {number} index @param {Under|null} under */
  function hoverMap(index, under) {
    const side = sides[index];
    if (under && side) under.element.dataset.tip = tipOf(side, under.map, under.cell, ctx.t, store.get().lang);
    store.set({ hover: under?.cell && side ? unitOf(index, under.map, under.cell) : null });
    if (now.focus === (under?.map ?? null)) return;
    now.focus = under?.map ?? null;
    legend.update();
  }

  /** @param {number} side @param {Cell|null} cell */
  function hoverCell(side, cell) {
    now.hovered = cell && { side, cell };
    store.set({ hover: cell && now.map !== null ? unitOf(side, now.map, cell) : null });
    schedule();
  }

  /** @param {number} side @param {Cell} cell */
  function pickCell(side, cell) {
    now.chosen = { side, cell };
    if (now.map !== null) pin(side, now.map, cell);
    schedule();
  }

  /** @param {number} side @param {number} channel @param {Cell} cell */
  function pin(side, channel, cell) {
    const unit = unitOf(side, channel, cell);
    if (unit) store.set({ pinned: unit });
  }

  /** @param {number} map */
  function open(map) {
    Object.assign(now, { map, focus: map, chosen: null, hovered: null });
    store.set({ hover: null });
    render();
    enlarged.focus();
  }

  /** To the next map in the order, or the one before. @param {number} by */
  function step(by) {
    const [order] = orders;
    if (now.map === null || order.length === 0) return;
    const at = order.indexOf(now.map);
    const map = order[at < 0 ? 0 : (at + by + order.length) % order.length];
    Object.assign(now, { map, focus: map, chosen: null });
    schedule();
  }

  function close() {
    const { map } = now;
    if (map === null) return false;
    Object.assign(now, { map: null, hovered: null });
    store.set({ hover: null });
    render();
    columns[0].grid.focus();
    columns[0].grid.reveal(map);
    return true;
  }

  const stop = store.on(['model', 'models', 'frame', 'drawer', 'scale', 'palette', 'hover', 'pinned', 'lang', 'pass', 'arrival', 'photo'], schedule);
  schedule();
  return {
    element,
    /** Steps back from the enlarged map. @returns {boolean} Whether there was one. */
    back: close,
    exportPng: () => layerPng(store.get(), sides[0] ?? null, { order: now.map === null ? orders[0] : [now.map], rangeOf, label: legendSubject(store.get())?.name ?? '' }),
    destroy() {
      stop();
      schedule.cancel();
      [present, other, bar, nothing, legend, connection, notice, ...columns].forEach((part) => part.destroy());
    },
  };
}
