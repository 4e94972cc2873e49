/**
 * The weights of single filters, asked for as they come into sight; never the whole layer.
 *
 * @typedef {import('../types.js').Tensor} Tensor
 */
import { isAbort } from '../api.js';
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
  /** @type {Map<number, Float32Array>} The least recently wanted first. */
  const kept = new Map();
  /** @type {Set<number>} */
  const asked = new Set();
  /** Those whose weights have changed on the server: shown until the new ones come. @type {Set<number>} */
  let old = new Set();
  /** @type {Set<number>} */
  let wanted = new Set();
  let size = 0;
  let isWaiting = false;

  /** @param {number[]} channels */
  async function load(channels) {
    channels.forEach((channel) => asked.add(channel));
    const present = old;
    try {
      const path = `/models/${encodeURIComponent(model)}/layers/${encodeURIComponent(layer)}/filters?format=npy&channels=${channels.join(',')}`;
      const { shape, data } = parseNpy(await api.bytes(path, { signal: control.signal }));
      const length = data.length / shape[0];
      channels.forEach((channel, i) => keep(channel, data.slice(i * length, (i + 1) * length)));
      channels.forEach((channel) => present.delete(channel));
      onArrival();
    } catch (error) {
      if (!isAbort(error)) onError(error);
    } finally {
      channels.forEach((channel) => asked.delete(channel));
    }
  }

  /** @param {number} channel @param {Float32Array} weights */
  function keep(channel, weights) {
    size -= kept.get(channel)?.length ?? 0;
    kept.set(channel, weights);
    size += weights.length;
    for (const [oldest, { length }] of kept) {
      if (size <= KEPT || oldest === channel) break;
      kept.delete(oldest);
      size -= length;
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
      if (!found) return null;
      kept.delete(channel);
      kept.set(channel, found);
      return found;
    },
    /** The network has learnt: what is here stands until it is wanted and the new weights come. */
    renew() { old = new Set(kept.keys()); },
    destroy: () => control.abort(),
  };
}
