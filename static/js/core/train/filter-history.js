/**
 * One filter of a trained network at each checkpoint: fetched one after the other, kept for as long as it is looked at.
 *
 * @typedef {{model: string, layer: string, channel: number}} Address
 */
import { isAbort } from '../api.js';
import { sourceOf } from './weights-exchange.js';
import { parseNpy } from '../numbers/wire.js';

const AT_ONCE = 3;

/**
 * @param {{bytes: (path: string, init?: RequestInit) => Promise<ArrayBuffer>}} api
 * @param {() => void} onChange
 */
export function createFilterHistory(api, onChange) {
  /** @type {Map<number, Float32Array|null>} null: on its way, or not to be had. */
  let kept = new Map();
  let control = new AbortController();
  let key = '';
  let running = 0;
  /** @type {number[]} */
  let waiting = [];

  /** @param {Address} address @param {number} step @param {AbortSignal} signal */
  async function load({ model, layer, channel }, step, signal) {
    const path = `/models/${encodeURIComponent(model)}/layers/${encodeURIComponent(layer)}/filters?format=npy&channels=${channel}&weights=${sourceOf(step)}`;
    try {
      const { data } = parseNpy(await api.bytes(path, { signal }));
      kept.set(step, data);
      onChange();
    } catch (error) {
      if (!isAbort(error)) kept.set(step, null); // a checkpoint that is gone leaves a gap
    }
  }

  /** @param {Address} address @param {AbortSignal} signal */
  async function work(address, signal) {
    running += 1;
    for (let step = waiting.shift(); step !== undefined && !signal.aborted; step = waiting.shift()) await load(address, step, signal);
    if (!signal.aborted) running -= 1;
  }

  return {
    /** @param {Address} address @param {number[]} steps */
    show(address, steps) {
      const next = JSON.stringify(address);
      if (next !== key) {
        control.abort();
        control = new AbortController();
        [key, kept, running, waiting] = [next, new Map(), 0, []];
      }
      for (const step of steps) {
        if (kept.has(step)) continue;
        kept.set(step, null);
        waiting.push(step);
      }
      while (running < AT_ONCE && waiting.length > 0) void work(address, control.signal);
    },
    /** @param {number} step */
    get: (step) => kept.get(step) ?? null,
    all: () => [...kept.values()],
    destroy: () => control.abort(),
  };
}
