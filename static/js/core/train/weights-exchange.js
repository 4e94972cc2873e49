/**
 * Other weights for the present network in place: a training goes on, or the reader moves along its timeline. The network's
 * description stays the same object, so that nothing that is drawn of it is built anew; kernels and answer change together.
 *
 * @typedef {import('../types.js').Store} Store
 * @typedef {import('../types.js').Model} Model
 * @typedef {import('../types.js').Kernels} Kernels
 * @typedef {import('../types.js').Frame} Frame
 * @typedef {Pick<import('../types.js').State, 'kernels'|'weights'|'exchanged'>} Fresh
 *
 * @typedef {object} Parts
 * @property {Pick<import('../api.js').Api, 'kernels'>} api
 * @property {(source: string|null, isOther: boolean) => boolean} ask   Has the drawing answered by these weights; false where there is none yet.
 * @property {() => Promise<void>} renew  The photograph once more; ends when it is shown, or could not be.
 * @property {() => void} forget  What was kept of the weights before.
 */
import { isAbort } from '../api.js';
import { createBoundedCache } from '../bounded-cache.js';

/** Kernels of so many checkpoints are kept, up to so many bytes: they never change. */
const KEPT = { count: 100, bytes: 64 * 2 ** 20 };
/** Who plays a film or follows a training waits no longer than this for an answer, in ms: the socket may be lost. */
const PATIENCE = 4000;

/** The source that is what the network has learnt so far. */
export const NEWEST = 'live';

/** Is a source one moment of a training, which never changes? @param {string|null} source */
export function isMoment(source) {
  return /^step-\d+$/.test(source ?? '');
}

/** The step of a source, or null: the newest weights, or none of a training. @param {string|null} source @returns {number|null} */
export function stepOf(source) {
  return isMoment(source) ? Number(String(source).slice(5)) : null;
}

/** The source of a moment; null, the newest, is what the server takes by itself. @param {number|null} moment @returns {string|null} */
export function sourceOf(moment) {
  return moment === null ? null : `step-${moment}`;
}

/** Kernels by network and source. */
export function createKernelCache({ count, bytes } = KEPT) {
  const cache = createBoundedCache({ count, size: bytes }, (/** @type {Kernels} */ kernels) => [...kernels.values()].reduce((sum, { data }) => sum + data.byteLength, 0));
  return { set: cache.set, get: (/** @type {string} */ key) => cache.get(key) ?? null };
}

export class Exchange {
  #control = new AbortController();
  #cache = createKernelCache();
  /** What comes into force with the next answer. @type {{fresh: Fresh, done: () => void}|null} */
  #pending = null;

  /** @param {Store} store @param {Parts} parts */
  constructor(store, parts) {
    this.store = store;
    this.parts = parts;
  }

  /** Gives up what is under way: another network was chosen. */
  stop() {
    this.#control.abort();
    this.#control = new AbortController();
    this.#pending?.done();
    this.#pending = null;
  }

  /**
   * Takes the weights of `source`; the newest call wins. Ends when they are shown, or something newer is.
   * @param {string|null} source @param {boolean} isLarge  Its kernels stay on the server.
   */
  async take(source, isLarge) {
    const { model } = this.store.get();
    if (!model) return;
    this.stop();
    const { signal } = this.#control;
    try {
      if (isLarge) return await this.#photograph(model, source);
      const kernels = await this.#kernels(model, source, signal);
      if (!signal.aborted) await this.#withAnswer(model, kernels, source);
    } catch (error) {
      if (!isAbort(error)) throw error;
    }
  }

  /** @param {Model} model @param {string|null} source @param {AbortSignal} signal */
  async #kernels(model, source, signal) {
    const key = `${model.id}/${source}`;
    const known = isMoment(source) ? this.#cache.get(key) : null;
    if (known) return known;
    const kernels = await this.parts.api.kernels(model.id, source ?? NEWEST, { signal }); // named: else the source in use is meant
    if (isMoment(source)) this.#cache.set(key, kernels);
    return kernels;
  }

  /** @param {Model} model @param {Kernels} kernels @param {string|null} source @returns {Promise<void>} */
  #withAnswer(model, kernels, source) {
    return new Promise((shown) => {
      const { weights, exchanged } = this.store.get();
      const timer = setTimeout(shown, PATIENCE);
      const done = () => { clearTimeout(timer); shown(); };
      this.#pending = { fresh: { kernels, weights: source, exchanged: exchanged + 1 }, done };
      describe(model, source);
      this.parts.forget();
      if (!this.parts.ask(source, source !== weights)) this.#apply();
    });
  }

  /** @param {Model} model @param {string|null} source */
  async #photograph(model, source) {
    describe(model, source);
    this.parts.forget();
    this.store.set({ weights: source, exchanged: this.store.get().exchanged + 1 });
    await this.parts.renew();
  }

  /** An answer of the socket, with what it brings into force. @param {Frame} frame */
  arrive(frame) {
    this.#apply({ frame });
  }

  /** @param {{frame?: Frame}} [news] */
  #apply(news = {}) {
    const pending = this.#pending;
    this.#pending = null;
    this.store.set({ ...news, ...pending?.fresh });
    pending?.done();
  }
}

/**
 * What the network's card says of its weights in use; the card stays the same object.
 * @param {Model} model @param {string|null} source
 */
function describe(model, source) {
  const id = source ?? NEWEST;
  const known = model.weights.sources.find((each) => each.id === id);
  Object.assign(model.weights, { source: id, sha256: known?.sha256 ?? null });
}
