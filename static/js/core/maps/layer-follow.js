/**
 * One layer's exact values for the present input, and until they are here what the page has of it: the pen's last frame,
 * or half precision.
 *
 * @typedef {import('../types.js').Store} Store
 * @typedef {import('../types.js').Tensor} Tensor
 * @typedef {import('../session.js').Session} Session
 * @typedef {{tensor: Tensor, exact: boolean, fresh: boolean}} Shown  fresh: of the present input.
 */
import { isAbort } from '../api.js';
import { isLarge } from '../session.js';

/** Milliseconds without a new frame after which the pen rests. */
const REST = 200;

/**
 * @param {Store} store @param {Pick<Session, 'layer'>} session
 * @param {() => void} onArrival  `valuesOf` gives more than before.
 * @param {(error: unknown) => void} onError
 */
export function createLayerFollower(store, session, onArrival, onError) {
  /** @type {{layer: string, input: unknown, model: string, tensor: Tensor}|null} */
  let kept = null;
  /** @type {{layer: string, input: unknown, drawing: unknown}|null} */
  let asked = null;
  let control = new AbortController();
  /** @type {ReturnType<typeof setTimeout>|undefined} */
  let timer;

  function stop() {
    clearTimeout(timer);
    control.abort();
    control = new AbortController();
  }

  /** @param {string} layer @param {unknown} input @param {string} model */
  function ask(layer, input, model) {
    if (asked?.layer === layer && asked.input === input) return;
    const { drawing } = store.get();
    const wait = asked?.layer === layer && !isPass(input) && asked.drawing !== drawing ? REST : 0; // of a network that learns each answer counts
    asked = { layer, input, drawing };
    stop();
    const { signal } = control;
    timer = setTimeout(async () => {
      try {
        const tensor = await session.layer(layer, { signal });
        if (signal.aborted) return;
        kept = { layer, input, model, tensor };
        onArrival();
      } catch (error) {
        if (signal.aborted || isAbort(error)) return;
        onError(error);
      }
    }, wait);
  }

  /** @param {string} layer @returns {Shown|null}  Null while nothing is known. */
  function valuesOf(layer) {
    const { model, frame } = store.get();
    if (!model || !frame) return null;
    const input = frame.pass ?? frame;
    if (kept?.layer === layer && kept.input === input) return { tensor: kept.tensor, exact: true, fresh: true };
    const here = frame.tensors.get(layer);
    if (here && !isLarge(model)) return { tensor: here, exact: true, fresh: true };
    ask(layer, input, model.id);
    if (here) return { tensor: here, exact: false, fresh: true };
    const old = !isLarge(model) && kept?.layer === layer && kept.model === model.id ? kept : null;
    return old && { tensor: old.tensor, exact: true, fresh: false };
  }

  return { valuesOf, retry: () => { asked = null; onArrival(); }, destroy: stop };
}

/** @param {unknown} input */
function isPass(input) {
  return typeof input === 'string';
}
