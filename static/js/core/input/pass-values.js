/**
 * The values of a kept pass: all stages as they arrive, half precision, for the picture; single layers exactly, for numbers.
 *
 * @typedef {import('../types.js').Tensor} Tensor
 * @typedef {import('../types.js').Stage} Stage
 */
import { createBoundedCache } from '../bounded-cache.js';

const AT_ONCE = 3;

/**
 * Loads stages, three at a time, in their order unless one is preferred.
 * @param {Stage[]} stages
 * @param {(stage: Stage, signal: AbortSignal) => Promise<void>} load
 * @param {AbortSignal} signal
 * @returns {{prefer: (stageId: string) => void, finished: Promise<void>}}  finished fails with the first failure.
 */
export function loadStages(stages, load, signal) {
  const waiting = [...stages];
  const control = new AbortController();
  const either = AbortSignal.any([signal, control.signal]);

  async function worker() {
    for (let stage = waiting.shift(); stage; stage = waiting.shift()) {
      either.throwIfAborted();
      await load(stage, either);
    }
  }

  const finished = Promise.all(Array.from({ length: AT_ONCE }, worker)).then(() => {}, (error) => {
    control.abort();
    throw error;
  });
  return {
    finished,
    prefer(stageId) {
      const at = waiting.findIndex(({ id }) => id === stageId);
      if (at > 0) waiting.unshift(...waiting.splice(at, 1));
    },
  };
}

/** Tensors by key, up to `limit` bytes. @param {number} limit */
export function createTensorCache(limit) {
  return createBoundedCache({ size: limit }, (/** @type {Tensor} */ { data }) => data.byteLength);
}
