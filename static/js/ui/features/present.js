/**
 * The layer that is shown of the present network and input: chosen by the reader, exact as soon as that is here.
 *
 * @typedef {import('../../core/types.js').Store} Store
 * @typedef {import('../../core/types.js').State} State
 * @typedef {import('../../core/types.js').Stage} Stage
 * @typedef {import('../../core/types.js').Layer} Layer
 * @typedef {import('../../views.js').ViewContext} ViewContext
 * @typedef {import('./sides.js').FeatureSide} FeatureSide
 */
import { createLayerFollower } from '../../core/maps/layer-follow.js';
import { statsOf } from '../../core/maps/stats.js';
import { isLarge } from '../../core/session.js';
import { createSeenPicture } from './seen-picture.js';

/** The stage that the page has chosen, else that of the pinned unit, else the first after the input. @param {State} state @returns {Stage|null} */
function stageOf({ model, drawer, pinned }) {
  if (!model) return null;
  const find = (/** @type {string|undefined|null} */ id) => model.stages.find((stage) => stage.id === id);
  return find(drawer) ?? find(pinned?.stage) ?? model.stages[1] ?? model.stages[0];
}

/** @param {Store} store @param {ViewContext} ctx @param {() => void} onNews @param {(error: unknown) => void} onError */
export function createPresent(store, ctx, onNews, onError) {
  const follower = createLayerFollower(store, ctx.session, onNews, onError);
  const seen = createSeenPicture(onNews);
  let stageId = '';
  /** @type {string|null} The layer of the stage; null for its output. */
  let layerId = null;

  /** What is chosen, whether or not its values are here. @returns {{stage: Stage, layer: Layer}|null} */
  function choice() {
    const { model } = store.get();
    const stage = stageOf(store.get());
    if (!model || !stage) return null;
    if (stage.id !== stageId) {
      stageId = stage.id;
      layerId = null;
      ctx.session.prefer(stage.id);
    }
    const layer = model.layers.find(({ id }) => id === (layerId ?? stage.output)) ?? model.layers.find(({ id }) => id === stage.output);
    return layer ? { stage, layer } : null;
  }

  /** @param {State} state */
  function showSeen({ model, frame, theme }) {
    if (!model || !frame) return;
    const input = frame.tensors.get(model.stages[0].output);
    if (isLarge(model) && frame.pass) seen.showPass(model, ctx.api.seenUrl(frame.pass));
    else if (input) seen.showDrawing(model, input, theme);
  }

  /** @returns {FeatureSide|null} */
  function side() {
    const state = store.get();
    const [chosen, { model }] = [choice(), state];
    const found = chosen && follower.valuesOf(chosen.layer.id);
    if (!model || !chosen || !found) return null;
    showSeen(state);
    const name = isLarge(model) ? state.photo?.name || ctx.t('photo.unnamed') : ctx.t('features.drawing');
    return { model, ...chosen, ...found, stats: statsOf(found.tensor), seen: seen.isReady() ? seen.canvas : null, title: `${model.title} · ${name}` };
  }

  return {
    choice, side, retry: follower.retry, destroy: follower.destroy,
    /** @param {string} id */
    chooseLayer(id) { layerId = id; onNews(); },
  };
}
