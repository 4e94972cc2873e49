/**
 * One photograph through the present network: posted once, kept by the server, its layers fetched one after the other.
 * The newest photograph wins. What the page waits for stands in `store.arrival`.
 *
 * @typedef {import('../types.js').Store} Store
 * @typedef {import('../types.js').Photo} Photo
 * @typedef {import('../types.js').Model} Model
 * @typedef {import('../types.js').PassInfo} PassInfo
 * @typedef {import('../types.js').Frame} Frame
 */
import { ApiError, isAbort } from '../api.js';
import { loadStages } from './pass-values.js';
import { patiently } from '../patience.js';

/** What stands for the answer of a network without a classifier. @type {import('../types.js').Prediction} */
const NO_ANSWER = Object.freeze({ top: [], unsure: false, reason: null });

/** @typedef {(work: () => void) => void} Schedule  Runs `work` soon: in a page, before the next picture. */

/** @type {Schedule} */
const nextTurn = (work) => { setTimeout(work, 0); };

/** Has `work` run by `schedule`, once however often it is asked until then. @param {() => void} work @param {Schedule} schedule */
function gathered(work, schedule) {
  let asked = false;
  return () => {
    if (asked) return;
    asked = true;
    schedule(() => { asked = false; work(); });
  };
}

export class PhotoPass {
  #control = new AbortController();
  /** @type {Promise<string>|null} */ #id = null;
  /** @type {ReturnType<typeof loadStages>|null} */ #loading = null;
  #preferred = '';
  #runs = 0;

  /** @param {Store} store @param {import('../api.js').Api} api @param {Schedule} [schedule] */
  constructor(store, api, schedule = nextTurn) {
    this.store = store;
    this.api = api;
    this.schedule = schedule;
  }

  /** The photograph that a link names, if it can still be had. @param {import('../url.js').PhotoRef|null} ref */
  async restore(ref) {
    if (!ref) return;
    const photo = await (ref.origin === 'gallery' ? this.#fromGallery(ref.id) : this.#fromPass(ref.id)).catch(() => null);
    if (photo) this.store.set({ photo, recent: [photo] });
  }

  /** @param {string} id @returns {Promise<Photo|null>} */
  async #fromGallery(id) {
    const picture = (await this.api.gallery()).find((each) => each.id === id);
    if (!picture) return null;
    return { blob: await this.api.file(picture.href), url: picture.href, name: picture.title, origin: 'gallery', id };
  }

  /** @param {string} id @returns {Promise<Photo>} */
  async #fromPass(id) {
    const url = this.api.seenUrl(id);
    return { blob: await this.api.file(url), url, name: '', origin: 'pass', id };
  }

  /**
   * The same photograph through the same network, whose weights are others now. What is shown stays until the new values
   * come. Ends when they are here, or cannot be had.
   */
  async renew() {
    const { photo, model, frame } = this.store.get();
    this.stop();
    if (!photo || !model) return;
    const { signal } = this.#control;
    const pass = patiently(() => this.api.createPhotoPass(model.id, photo.blob, { name: photo.name, signal }), { signal, onWait: () => {} });
    this.#id = pass.then(({ id }) => id);
    this.#id.catch(() => {});
    await pass.then((info) => this.#load(info, model, signal, frame?.tensors)).catch((error) => this.#failed(error, signal));
  }

  /** Sends the present photograph through the present network. */
  run() {
    const { photo, model } = this.store.get();
    this.stop();
    if (!photo || !model) return;
    const { signal } = this.#control;
    const total = model.stages.length;
    this.store.set({ pass: null, neuron: null, arrival: { phase: 'sending', done: 0, total } }); // the last frame stays in sight until the next one comes
    const pass = this.#post(photo, model, signal);
    this.#id = pass.then(({ id }) => id);
    this.#id.catch(() => {});
    pass.then((info) => this.#load(info, model, signal)).catch((error) => this.#failed(error, signal));
  }

  /** @param {Photo} photo @param {Model} model @param {AbortSignal} signal */
  async #post(photo, model, signal) {
    const kept = photo.origin === 'pass' && photo.id ? await this.api.pass(photo.id, { signal }).catch(() => null) : null;
    if (kept?.model === model.id && kept.weights?.source === model.weights.source) return kept;
    return patiently(() => this.api.createPhotoPass(model.id, photo.blob, { name: photo.name, signal }), { signal, onWait: (seconds) => this.#tell({ phase: 'waiting', seconds }) });
  }

  /** @param {PassInfo} pass @param {Model} model @param {AbortSignal} signal @param {Map<string, import('../types.js').Tensor>} [before]  Values that stand until the new ones come. */
  async #load(pass, model, signal, before = new Map()) {
    signal.throwIfAborted();
    /** @type {Frame} */
    const frame = { seq: ++this.#runs, prediction: pass.predictions[0] ?? NO_ANSWER, tensors: new Map(before), pass: pass.id };
    const isNew = before.size < model.stages.length;
    this.store.set({ pass, frame, arrival: isNew ? { phase: 'layers', done: before.size, total: model.stages.length } : null });
    const show = gathered(() => {
      if (signal.aborted) return;
      const [done, total] = [frame.tensors.size, model.stages.length];
      this.store.set({ frame: { ...frame }, arrival: done < total ? { phase: 'layers', done, total } : null });
    }, this.schedule);
    this.#loading = loadStages(model.stages, async ({ output }, within) => {
      const onWait = (/** @type {number} */ seconds) => this.#tell({ phase: 'waiting', seconds });
      frame.tensors.set(output, await patiently(() => this.api.halves(pass.id, output, { signal: within }), { signal: within, onWait }));
      show();
    }, signal);
    this.#loading.prefer(this.#preferred);
    await this.#loading.finished;
  }

  /** @param {Partial<import('../types.js').Arrival>} news */
  #tell(news) {
    const { arrival } = this.store.get();
    if (arrival) this.store.set({ arrival: { ...arrival, ...news } });
  }

  /** @param {unknown} error @param {AbortSignal} signal */
  #failed(error, signal) {
    if (signal.aborted || isAbort(error)) return;
    const unreachable = error instanceof ApiError && error.status === 0;
    const problem = unreachable ? undefined : error instanceof Error ? error.message : String(error);
    const { arrival, pass } = this.store.get();
    this.store.set({ arrival: { done: 0, total: 0, ...arrival, phase: 'failed', problem }, ...(pass === null && { frame: null }) });
  }

  /** @param {string} stageId */
  prefer(stageId) {
    this.#preferred = stageId;
    this.#loading?.prefer(stageId);
  }

  /** The id of the pass that is under way or here. @returns {Promise<string>} */
  id() {
    return this.#id ?? Promise.reject(new Error('No photograph is chosen yet.'));
  }

  /** After a failure. */
  retry() {
    if (this.store.get().arrival?.phase === 'failed') this.run();
  }

  /** Gives up what is under way. */
  stop() {
    this.#control.abort();
    this.#control = new AbortController();
    this.#id = null;
    this.#loading = null;
  }
}
