/**
 * The weights of single filters, asked for as they come into sight; never the whole layer.
 *
 * @typedef {import('../types.js').Tensor} Tensor
 */
import { isAbort } from '../api.js';
import { createBoundedCache } from '../bounded-cache.js';
import { parseNpy } from '../numbers/wire.js';

/** Most filters in one question, and numbers kept. */
const PAGE = 32;
const KEPT = 16 * 2 ** 20;

/**
 * @param {{bytes: (path: string, init?: RequestInit) => Promise<ArrayBuffer>}} api
 * @param {string} model @param {string} layer
 * @param {() => void} onArrival
 * @param {(error: unknown) => void} onError
 */
export function createFilterPages(api, model, layer, onArrival, onError) {
  const control = new AbortController();
  const kept = createBoundedCache({ size: KEPT }, (/** @type {Float32Array} */ weights) => weights.length);
  /** @type {Set<number>} */
  const asked = new Set();
  /** Those whose weights have changed on the server: shown until the new ones come. @type {Set<number>} */
  let old = new Set();
  /** @type {Set<number>} */
  let wanted = new Set();
  let isWaiting = false;

  /** @param {number[]} channels */
  async function load(channels) {
    channels.forEach((channel) => asked.add(channel));
    const present = old;
    try {
      const path = `/models/${encodeURIComponent(model)}/layers/${encodeURIComponent(layer)}/filters?format=npy&channels=${channels.join(',')}`;
      const { shape, data } = parseNpy(await api.bytes(path, { signal: control.signal }));
      const length = data.length / shape[0];
      channels.forEach((channel, i) => kept.set(channel, data.slice(i * length, (i + 1) * length)));
      channels.forEach((channel) => present.delete(channel));
      onArrival();
    } catch (error) {
      if (!isAbort(error)) onError(error);
    } finally {
      channels.forEach((channel) => asked.delete(channel));
    }
  }

  /** Asks for everything that was wanted in this turn. */
  function ask() {
    isWaiting = false;
    const channels = [...wanted].filter((channel) => !asked.has(channel) && (!kept.has(channel) || old.has(channel)));
    wanted = new Set();
    for (let i = 0; i < channels.length; i += PAGE) void load(channels.slice(i, i + PAGE));
  }

  /** @param {number} channel */
  function want(channel) {
    wanted.add(channel);
    if (isWaiting) return;
    isWaiting = true;
    queueMicrotask(ask);
  }

  return {
    /** A filter's weights, or null while they are on their way. @param {number} channel @returns {Float32Array|null} */
    get(channel) {
      const found = kept.get(channel);
      if (!found || old.has(channel)) want(channel);
      return found ?? null;
    },
    /** The network has learnt: what is here stands until it is wanted and the new weights come. */
    renew() { old = new Set(kept.keys()); },
    destroy: () => control.abort(),
  };
}
