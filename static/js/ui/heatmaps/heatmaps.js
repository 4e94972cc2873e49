/**
 * The drawer of feature maps: tabs of stages, every map of the chosen one as a tile, one enlarged, and the spread of its values.
 *
 * @typedef {import('../../core/types.js').Store} Store
 * @typedef {import('../../core/types.js').Context} Context
 * @typedef {import('../../core/types.js').Widget} Widget
 * @typedef {import('../../core/types.js').State} State
 * @typedef {import('../../core/types.js').Stage} Stage
 * @typedef {import('../../core/types.js').Model} Model
 * @typedef {import('../../core/types.js').Tensor} Tensor
 * @typedef {import('../../core/types.js').Range} Range
 */
import { nameOf } from '../../core/networks/graph.js';
import { rangeOf, stageRange } from '../../core/numbers/colormap.js';
import { short } from '../../core/numbers/format.js';
import { createLayerValues } from '../../core/maps/layer-values.js';
import { eachFrame, h, uid } from '../dom.js';
import { createHistogram } from '../histogram.js';
import { createLayerChoice } from './layer-choice.js';
import { createMapBoard } from './map-board.js';
import { createStageTabs } from './stage-tabs.js';

/**
 * @param {Store} store
 * @param {Context} ctx
 * @returns {Widget}
 */
export function createHeatmaps(store, ctx) {
  const id = uid('maps');
  /** @type {string|null} The layer of the stage that is shown; null for its output. */
  let layer = null;
  /** The stage that is shown: the drawer's, else the first after the input. */
  let shown = '';
  /** @type {Tensor|null} Whose histogram is shown: of a large layer it is not made at every movement of the pointer. */
  let spreadOf = null;
  const ranges = createRangeMemory();

  const unitAt = (/** @type {number} */ channel, /** @type {number} */ y, /** @type {number} */ x) => ({ stage: shown, channel, y, x });
  const tabs = createStageTabs(store, ctx, id);
  const schedule = eachFrame(render);
  const board = createMapBoard(ctx, {
    onHover: (...place) => store.set({ hover: unitAt(...place) }),
    onLeave: () => store.set({ hover: null }),
    onPick: (...place) => store.set({ pinned: unitAt(...place) }),
    onChange: schedule,
  });
  const choice = createLayerChoice(ctx, (chosen) => { layer = chosen; schedule(); });
  const spread = createHistogram(ctx);
  const note = h('p', { class: 'maps-note', role: 'status' });
  const aside = h('div', { class: 'maps-aside' }, choice.element, spread.element, note);
  const body = h('div', { class: 'maps-body', id, role: 'tabpanel' }, ...board.elements, aside);
  const element = h('section', { class: 'maps', 'aria-label': ctx.t('maps.title') }, tabs.element, body);

  const layers = createLayerValues(store, ctx.api, schedule, (error) => { note.textContent = ctx.t('maps.error', { detail: String(error) }); });

  function render() {
    const state = store.get();
    const { model, drawer } = state;
    if (!model || !element.checkVisibility()) return;
    const stage = model.stages.find(({ id: stageId }) => stageId === drawer) ?? model.stages[1];
    shown = stage.id;
    tabs.update(model, shown);
    renderStage(state, model, stage);
  }

  /** @param {State} state @param {Model} model @param {Stage} stage */
  function renderStage({ palette, lang, scale, hover, pinned }, model, stage) {
    body.setAttribute('aria-labelledby', `${id}-${stage.id}`);
    choice.update(model, stage, layer ?? stage.output);
    const found = layers.valuesOf(layer ?? stage.output);
    body.classList.toggle('is-waiting', !found);
    if (!found || !palette) return;
    const { tensor, fresh } = found;
    const isOutput = layer === null || layer === stage.output;
    note.textContent = isOutput ? '' : ctx.t(fresh ? 'maps.note.rest' : 'maps.note.old');
    const range = ranges(tensor, scale, (channel) => (isOutput ? stageRange(model, stage, tensor, channel, scale) : rangeOf(tensor, channel, scale)));
    board.update(tensor, range, palette, layer ?? nameOf(stage), lang);
    board.mark('hover', hover?.stage === stage.id ? hover : null);
    board.mark('pinned', pinned?.stage === stage.id ? pinned : null);
    if (spreadOf !== tensor) spread.update(tensor.data, lang);
    spreadOf = tensor;
  }

  /** The tooltip knows the stage's output only: another layer's value is told here. @param {State} state */
  function tell({ model, hover, lang }) {
    const tensor = layer !== null && hover?.stage === shown ? layers.valuesOf(layer)?.tensor : undefined;
    delete body.dataset.tip;
    if (!model || !hover || !tensor) return;
    const [, height = 1, width = 1] = tensor.shape;
    const value = tensor.data[(hover.channel * height + hover.y) * width + hover.x];
    body.dataset.tip = `${short(value, lang)} · ${layer} · ${hover.channel}${height * width > 1 ? ` · (${hover.y},${hover.x})` : ''}`;
  }

  /** @param {State} state @param {Set<string>} changed */
  function follow(state, changed) {
    if (changed.has('model') || changed.has('drawer')) {
      layer = null;
      board.reset();
    }
    if (changed.has('hover')) tell(state);
    schedule();
  }

  const watcher = new ResizeObserver(schedule);
  watcher.observe(element);
  const off = store.on(['model', 'frame', 'drawer', 'scale', 'palette', 'hover', 'pinned', 'lang'], follow);
  schedule();
  return { element, destroy: () => { off(); watcher.disconnect(); schedule.cancel(); layers.destroy(); board.destroy(); element.remove(); } };
}

/** Ranges by channel, found once a tensor and scale: of a large layer that takes milliseconds. */
function createRangeMemory() {
  /** @type {Map<number|null, Range>} */
  const known = new Map();
  /** @type {[Tensor|null, string]} */
  let of = [null, ''];

  /** @param {Tensor} tensor @param {string} scale @param {(channel: number|null) => Range} find */
  return (tensor, scale, find) => {
    if (of[0] !== tensor || of[1] !== scale) known.clear();
    of = [tensor, scale];
    return (/** @type {number|null} */ channel) => {
      const key = scale === 'map' ? channel : null;
      const range = known.get(key) ?? find(channel);
      known.set(key, range);
      return range;
    };
  };
}
