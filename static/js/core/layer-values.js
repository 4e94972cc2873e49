/**
 * The values of any layer of the current drawing: the frame's where it has them, else asked from the server
 * once the pen rests.
 *
 * @typedef {import('./types.js').Store} Store
 * @typedef {import('./types.js').Tensor} Tensor
 * @typedef {import('./types.js').Frame} Frame
 * @typedef {import('./api.js').Api} Api
 */
import { parseNpy } from './wire.js';

/** Milliseconds without a new frame after which the pen rests. */
const REST = 200;

/**
 * @param {Store} store
 * @param {Api} api
 * @param {() => void} onArrival  Values arrived that `valuesOf` now gives.
 * @param {(error: unknown) => void} onError
 */
export function createLayerValues(store, api, onArrival, onError) {
  /** @type {{model: string, layer: string, frame: Frame, tensor: Tensor}|null} */
  let kept = null;
  let controller = new AbortController();
  /** @type {ReturnType<typeof setTimeout>|undefined} */
  let timer;
  /** @type {{layer: string, frame: Frame}|null} */
  let asked = null;

  /** @param {string} model @param {string} layer @param {Frame} frame @param {AbortSignal} signal */
  async function load(model, layer, frame, signal) {
    const { drawing, preprocess } = store.get();
    try {
      const pass = await api.createPass(model, drawing, { preprocess, signal });
      const path = `/passes/${encodeURIComponent(pass.id)}/layers/${encodeURIComponent(layer)}?format=npy`;
      const tensor = parseNpy(await api.bytes(path, { signal }));
      if (signal.aborted) return;
      kept = { model, layer, frame, tensor };
      onArrival();
    } catch (error) {
      if (!signal.aborted) onError(error);
    }
  }

  /**
   * The values, and whether they belong to the newest frame; null while they are on their way.
   * @param {string} layer
   * @returns {{tensor: Tensor, fresh: boolean}|null}
   */
  function valuesOf(layer) {
    const { model, frame } = store.get();
    if (!model || !frame) return null;
    const live = frame.tensors.get(layer);
    if (live) return { tensor: live, fresh: true };
    if (!kept || kept.layer !== layer || kept.frame !== frame || kept.model !== model.id) ask(model.id, layer, frame);
    return kept && kept.layer === layer && kept.model === model.id ? { tensor: kept.tensor, fresh: kept.frame === frame } : null;
  }

  /** @param {string} model @param {string} layer @param {Frame} frame */
  function ask(model, layer, frame) {
    if (asked?.layer === layer && asked.frame === frame) return;
    const wait = asked?.layer === layer ? REST : 0;
    asked = { layer, frame };
    stop();
    timer = setTimeout(() => void load(model, layer, frame, controller.signal), wait);
  }

  function stop() {
    clearTimeout(timer);
    controller.abort();
    controller = new AbortController();
  }

  return { valuesOf, destroy: stop };
}
