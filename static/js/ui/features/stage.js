/**
 * The middle of the features view: the layer's maps as a grid (a dense layer as one board), one of them enlarged, with
 * another picture or network beside it.
 *
 * @typedef {import('../../core/types.js').Store} Store
 * @typedef {import('../../core/types.js').State} State
 * @typedef {import('../../core/types.js').Unit} Unit
 * @typedef {import('../../core/types.js').Palette} Palette
 * @typedef {import('../../views.js').ViewContext} ViewContext
 * @typedef {import('./sides.js').FeatureSide} FeatureSide
 */
import { sharedRanges, sideOf } from '../../core/maps/ranges.js';
import { arrange } from '../../core/maps/stats.js';
import { lastOf } from '../../core/memo.js';
import { hasWeights } from '../../core/session.js';
import { eachFrame } from '../dom.js';
import { layerPng } from './export.js';
import { createLook, legendSubject } from './look.js';
import { createOther } from './other.js';
import { createPointing } from './pointing.js';
import { createPresent } from './present.js';
import { hasMaps, isUnitLayer } from './sides.js';
import { createStageParts } from './stage-parts.js';

/** @param {Store} store @param {ViewContext} ctx */
export function createFeatureStage(store, ctx) {
  const { t } = ctx;
  const look = createLook();
  /** Why the values did not come. */
  let problem = '';
  const schedule = eachFrame(render);
  const present = createPresent(store, ctx, schedule, fail);
  const other = createOther(store, ctx, present.choice, schedule);
  const pointing = createPointing(store, t, look, { schedule, onFocus: () => parts.legend.update(), onOpen, onClose });
  const parts = createStageParts(store, ctx, look, { present, other, pointing, schedule, turnCompare });
  const { element, body, columns, enlarged, waiting } = parts;
  const arranged = lastOf(arrange);
  // Found anew only when the values, their layers or the scale change, so that tiles need not be painted again.
  const ranges = lastOf((/** @type {State['scale']} */ scale, /** @type {unknown[]} */ ..._) =>
    sharedRanges(look.sides.map((side) => sideOf(side.model, side.stage, side.layer.id, side.stats)), scale));

  /** @param {unknown} error */
  function fail(error) {
    problem = t('maps.error', { detail: error instanceof Error ? error.message : String(error) });
    schedule();
  }

  function render() {
    const state = store.get();
    const chosen = present.choice();
    if (!state.model || !chosen) return;
    parts.picker.update(state.model, chosen.stage, chosen.layer.id);
    forgetOld(`${state.model.id} ${chosen.stage.id}`);
    const side = present.side();
    element.classList.toggle('is-waiting', !side);
    waiting.hidden = side !== null;
    if (!side || !state.palette) return showWaiting(state);
    element.classList.toggle('is-stale', !side.fresh);
    problem = '';
    delete body.dataset.empty;
    other.follow();
    look.sides = [side, other.side()].filter((each) => each !== null);
    arrangeMaps(state);
    showMaps(state, state.palette);
    parts.legend.update();
  }

  /** Another layer: nothing is enlarged. @param {string} key */
  function forgetOld(key) {
    if (key === look.key) return;
    problem = '';
    Object.assign(look, { key, sides: [], map: null, focus: null, reopen: null, hovered: null, chosen: null });
    columns.forEach(({ grid }) => grid.reset());
  }

  /** What we wait for; what was shown before stays, unless there is bad news. @param {State} state */
  function showWaiting({ arrival, model, photo }) {
    if (look.sides.length === 0 || problem) body.dataset.empty = 'true';
    const isLacking = model?.input.preprocessing === 'photo' && !photo;
    const isSilent = !model || !hasWeights(model) || arrival?.phase === 'failed'; // others tell it
    waiting.textContent = isSilent ? '' : problem || t(isLacking ? 'photo.no_photo' : 'features.waiting');
  }

  /** @param {State} state */
  function arrangeMaps({ scale }) {
    const [first, second] = look.sides;
    const { sort, search, hideDead } = look.choice;
    look.orders = arranged(first.stats, second?.stats ?? null, sort, search, hideDead).orders;
    look.rangeOf = ranges(scale, first.tensor, first.layer, second?.tensor, second?.layer);
    if (second && look.reopen !== null) look.map = look.reopen;
    if (second || !other.isOn()) look.reopen = null;
    if (look.map !== null && look.sides.every(({ stats }) => Number(look.map) >= stats.count)) look.map = null;
  }

  /** @param {State} state @param {Palette} palette */
  function showMaps(state, palette) {
    const [side] = look.sides;
    const { choice, orders } = look;
    parts.showCompare();
    enlarged.element.hidden = look.map === null;
    body.classList.toggle('is-enlarged', look.map !== null);
    if (look.map === null) showColumns(state, palette);
    else showEnlarged(state, palette, look.map);
    const { readable, dead } = arranged(side.stats, look.sides[1]?.stats ?? null, choice.sort, choice.search, choice.hideDead);
    parts.controls.element.hidden = !hasMaps(side);
    parts.controls.update({ ...choice, all: side.stats.count, shown: orders[0].length, deadCount: dead, readable, width: columns[0].grid.tile(), lang: state.lang });
  }

  /** @param {State} state @param {Palette} palette */
  function showColumns({ pinned, hover }, palette) {
    const { sides, orders, rangeOf, choice: { tile } } = look;
    const on = (/** @type {Unit|null} */ unit, /** @type {FeatureSide} */ side) => (unit?.stage === side.stage.id && side.model === sides[0].model ? unit.channel : null);
    sides.forEach((side, i) => columns[i].update(side, { order: orders[i], rangeOf, palette, tile, pinned: on(pinned, side), hovered: on(hover, side) }));
    if (sides.length === 1) columns[1].clear();
  }

  /** @param {State} state @param {Palette} palette @param {number} map */
  function showEnlarged({ pinned, lang }, palette, map) {
    const { sides, orders, rangeOf, hovered } = look;
    const isPinned = pinned?.stage === sides[0].stage.id && pinned.channel === map && isUnitLayer(sides[0]);
    const chosen = isPinned ? { side: 0, cell: { y: pinned.y, x: pinned.x } } : look.chosen;
    enlarged.update({ sides, map, at: orders[0].indexOf(map), of: orders[0].length, rangeOf, palette, hovered, chosen, lang });
  }

  /** What to compare with is chosen beside the grid. @param {boolean} on */
  function turnCompare(on) {
    other.turn(on);
    if (on && !other.isChosen()) Object.assign(look, { reopen: look.map, map: null, hovered: null });
  }

  function onOpen() {
    render();
    enlarged.focus();
  }

  /** @param {number} map */
  function onClose(map) {
    render();
    columns[0].grid.focus();
    columns[0].grid.reveal(map);
  }

  const stop = store.on(['model', 'models', 'frame', 'drawer', 'scale', 'palette', 'hover', 'pinned', 'lang', 'pass', 'arrival', 'photo'], schedule);
  schedule();
  return {
    element,
    /** Steps back from the enlarged map. @returns {boolean} Whether there was one. */
    back: pointing.close,
    step: pointing.step,
    /** To the stage before or behind. @param {number} by */
    stepLayer(by) {
      const { model } = store.get();
      const chosen = present.choice();
      const next = model && chosen && model.stages[model.stages.indexOf(chosen.stage) + by];
      if (next) store.set({ drawer: next.id });
    },
    exportPng: () => layerPng(store.get(), look.sides[0] ?? null,
      { order: look.map === null ? look.orders[0] : [look.map], rangeOf: look.rangeOf, label: legendSubject(look, store.get().scale)?.name ?? '' }),
    destroy() {
      stop();
      schedule.cancel();
      [present, other, parts].forEach((part) => part.destroy());
    },
  };
}
