/**
 * The values of any layer of the current input: the frame's where it has them, else asked from the server
 * once the pen rests. Of a photograph's pass, stages arrive by themselves and are not asked for.
 *
 * @typedef {import('../types.js').Store} Store
 * @typedef {import('../types.js').Tensor} Tensor
 * @typedef {import('../types.js').Frame} Frame
 * @typedef {import('../api.js').Api} Api
 */
/** Milliseconds without a new frame after which the pen rests. */
const REST = 200;

/** What two frames of the same input have in common. @param {Frame} frame @returns {unknown} */
const inputOf = (frame) => frame.pass ?? frame;

/**
 * @param {Store} store
 * @param {Api} api
 * @param {() => void} onArrival  Values arrived that `valuesOf` now gives.
 * @param {(error: unknown) => void} onError
 */
export function createLayerValues(store, api, onArrival, onError) {
  /** @type {{model: string, layer: string, input: unknown, tensor: Tensor}|null} */
  let kept = null;
  let controller = new AbortController();
  /** @type {ReturnType<typeof setTimeout>|undefined} */
  let timer;
  /** @type {{layer: string, input: unknown, drawing: unknown}|null} */
  let asked = null;

  /** @param {string} model @param {string} layer @param {Frame} frame @param {AbortSignal} signal */
  async function load(model, layer, frame, signal) {
    const { drawing, preprocess } = store.get();
    try {
      const pass = frame.pass ?? (await api.createPass(model, drawing, { preprocess, signal })).id;
      const tensor = await api.layer(pass, layer, { signal });
      if (signal.aborted) return;
      kept = { model, layer, input: inputOf(frame), tensor };
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
    if (frame.pass !== undefined && model.stages.some(({ output }) => output === layer)) return null;
    const input = inputOf(frame);
    if (!kept || kept.layer !== layer || kept.input !== input || kept.model !== model.id) ask(model.id, layer, frame);
    return kept && kept.layer === layer && kept.model === model.id ? { tensor: kept.tensor, fresh: kept.input === input } : null;
  }

  /** @param {string} model @param {string} layer @param {Frame} frame */
  function ask(model, layer, frame) {
    const input = inputOf(frame);
    if (asked?.layer === layer && asked.input === input) return;
    const { drawing } = store.get();
    const wait = asked?.layer === layer && asked.drawing !== drawing ? REST : 0; // of a network that learns each answer counts
    asked = { layer, input, drawing };
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
