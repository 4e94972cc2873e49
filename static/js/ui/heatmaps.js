/**
 * The drawer of feature maps: tabs of stages, every map of the chosen one as a tile, one enlarged, and the spread of its values.
 *
 * @typedef {import('../core/types.js').Store} Store
 * @typedef {import('../core/types.js').Context} Context
 * @typedef {import('../core/types.js').Widget} Widget
 * @typedef {import('../core/types.js').State} State
 * @typedef {import('../core/types.js').Stage} Stage
 * @typedef {import('../core/types.js').Model} Model
 * @typedef {import('../core/types.js').Unit} Unit
 */
import { rangeOf, stageRange } from '../core/colormap.js';
import { short } from '../core/format.js';
import { createLayerValues } from '../core/layer-values.js';
import { eachFrame, h, uid } from './dom.js';
import { createHistogram } from './histogram.js';
import { createLens } from './lens.js';
import { createMapTiles } from './map-tiles.js';
import { createLayerChoice } from './layer-choice.js';
import { createStageTabs } from './stage-tabs.js';

/**
 * @param {Store} store
 * @param {Context} ctx
 * @returns {Widget}
 */
export function createHeatmaps(store, ctx) {
  const id = uid('maps');
  /** @type {number|null} */
  let enlarged = null;
  /** @type {string|null} The layer of the stage that is shown; null for its output. */
  let layer = null;
  /** The stage that is shown: the drawer's, else the first after the input. */
  let shown = '';

  const unitAt = (/** @type {number} */ channel, /** @type {number} */ y, /** @type {number} */ x) => ({ stage: shown, channel, y, x });
  const events = {
    onHover: (/** @type {[number, number, number]} */ ...place) => store.set({ hover: unitAt(...place) }),
    onLeave: () => store.set({ hover: null }),
    onPick: (/** @type {[number, number, number]} */ ...place) => store.set({ pinned: unitAt(...place) }),
    onEnlarge(/** @type {number} */ channel, /** @type {boolean} */ byKeyboard) {
      enlarge(channel === enlarged ? null : channel);
      if (byKeyboard && enlarged !== null) {
        render();
        lens.focus();
      }
    },
    onClose() {
      if (enlarged !== null && lens.element.contains(document.activeElement)) tiles.focus(enlarged);
      enlarge(null);
    },
  };
  const tabs = createStageTabs(store, ctx, id);
  const choice = createLayerChoice(ctx, (chosen) => { layer = chosen; schedule(); });
  const tiles = createMapTiles(events);
  const lens = createLens(ctx, events);
  const spread = createHistogram(ctx);
  const note = h('p', { class: 'maps-note', role: 'status' });
  const aside = h('div', { class: 'maps-aside' }, choice.element, spread.element, note);
  const body = h('div', { class: 'maps-body', id, role: 'tabpanel' }, tiles.element, lens.element, aside);
  const element = h('section', { class: 'maps', 'aria-label': ctx.t('maps.title') }, tabs.element, body);

  const schedule = eachFrame(render);
  const layers = createLayerValues(store, ctx.api, schedule, (error) => { note.textContent = ctx.t('maps.error', { detail: String(error) }); });

  /** @param {number|null} channel */
  function enlarge(channel) {
    enlarged = channel;
    tiles.select(channel);
    schedule();
  }

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
    if (!found || !palette) return;
    const { tensor, fresh } = found;
    const isOutput = layer === null || layer === stage.output;
    note.textContent = isOutput ? '' : ctx.t(fresh ? 'maps.note.rest' : 'maps.note.old');
    const range = (/** @type {number|null} */ channel) => (isOutput ? stageRange(model, stage, tensor, channel, scale) : rangeOf(tensor, channel, scale));
    const name = layer ?? stage.id;
    tiles.update(tensor, range, palette, (channel) => ctx.t(channel < 0 ? 'maps.strip.label' : 'maps.tile', { layer: name, channel }));
    lens.element.hidden = enlarged === null || tensor.shape.length < 3;
    if (enlarged !== null && !lens.element.hidden) lens.update(tensor, enlarged, range(enlarged), palette, name, lang);
    spread.update(tensor.data, lang);
    mark({ hover, pinned }, stage);
  }

  /** @param {{hover: Unit|null, pinned: Unit|null}} units @param {Stage} stage */
  function mark(units, stage) {
    for (const kind of /** @type {const} */ (['hover', 'pinned'])) {
      const unit = units[kind]?.stage === stage.id ? units[kind] : null;
      tiles.mark(kind, unit);
      lens.mark(kind, unit);
    }
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
      enlarged = null;
      layer = null;
      tiles.reset();
    }
    if (changed.has('hover')) tell(state);
    schedule();
  }

  const watcher = new ResizeObserver(schedule);
  watcher.observe(element);
  const off = store.on(['model', 'frame', 'drawer', 'scale', 'palette', 'hover', 'pinned', 'lang'], follow);
  schedule();
  return { element, destroy: () => { off(); watcher.disconnect(); schedule.cancel(); layers.destroy(); tiles.destroy(); element.remove(); } };
}
