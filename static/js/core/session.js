/**
 * Keeps the store in step with the server: the list of networks, the chosen one, the colour maps, and what all its layers
 * hold: a frame for every drawing (digit networks, by the live socket) or for the photograph (input/photo-pass.js). Knows no DOM.
 *
 * @typedef {import('./types.js').Store} Store
 * @typedef {import('./types.js').ColorMap} ColorMap
 * @typedef {import('./types.js').Palette} Palette
 * @typedef {import('./types.js').Model} Model
 * @typedef {import('./types.js').Photo} Photo
 * @typedef {import('./types.js').Tensor} Tensor
 */
import { ApiError, isAbort } from './api.js';
import { Downloads } from './networks/downloads.js';
import { Exchange, NEWEST } from './train/weights-exchange.js';
import { isTrained } from './train/follow-network.js';
import { applyTransform } from './input/image.js';
import { Live, liveUrl } from './input/live.js';
import { createTensorCache } from './input/pass-values.js';
import { PhotoPass } from './input/photo-pass.js';
import { defaultScale } from './store.js';

export const DEFAULT_MODEL = 'digitnet';
/** Photographs of this visit that the page remembers. */
const REMEMBERED = 12;
const EXACT_BYTES = 96 * 2 ** 20;

/** Does the network look at photographs? Then its kernels stay on the server and its layers arrive one after the other. @param {Pick<Model, 'input'>} model */
export function isLarge(model) {
  return model.input.preprocessing === 'photo';
}

/** Are there weights to compute with: real ones on this machine, or the random ones that were asked for? @param {Pick<Model, 'weights'>} model */
export function hasWeights({ weights }) {
  return weights.status === 'ready' || weights.source === 'random';
}

/** 256 × RGB from 256 × rrggbb. @param {string} lut */
export function lutBytes(lut) {
  return Uint8Array.from({ length: lut.length / 2 }, (_, i) => parseInt(lut.slice(i * 2, i * 2 + 2), 16));
}

/** The preprocessing that a network which reads drawings begins with: digits are centred, other drawings taken as they are. @param {Pick<Model, 'input'>} model @returns {'center'|'none'} */
export function defaultMode(model) {
  return model.input.preprocessing === 'plain' ? 'none' : 'center';
}

/** A network for other drawings brings its own preprocessing. @param {Model|null} before @param {Model} model @param {'center'|'none'} [wanted] @returns {Partial<import('./types.js').State>} */
function modeFor(before, model, wanted) {
  if (isLarge(model) || before?.input.preprocessing === model.input.preprocessing) return {};
  return { preprocess: (before ? undefined : wanted) ?? defaultMode(model) };
}

/** The default colour maps of a theme: the first of each kind. @param {ColorMap[]} maps @param {'light'|'dark'} theme @returns {Palette|null} */
export function paletteFor(maps, theme) {
  const first = (/** @type {string} */ kind) => maps.find((map) => map.kind === kind && map.theme === theme);
  const [sequential, diverging] = [first('sequential'), first('diverging')];
  return sequential && diverging ? { sequential: lutBytes(sequential.lut), diverging: lutBytes(diverging.lut) } : null;
}

/** Does `unit` exist in `model`? @param {Model} model @param {import('./types.js').Unit|null} unit */
export function hasUnit(model, unit) {
  const stage = unit && model.stages.find(({ id }) => id === unit.stage);
  if (!stage) return false;
  const [channels, height = 1, width = 1] = stage.shape;
  return unit.channel < channels && unit.y < height && unit.x < width;
}

/** What of the present choices still makes sense in `model`. @param {import('./types.js').State} state @param {Model} model */
function choicesFor({ pinned, drawer, hidden }, model) {
  const ids = new Set(model.stages.map((stage) => stage.id));
  return {
    hover: null,
    pinned: hasUnit(model, pinned) ? pinned : null,
    drawer: drawer !== null && ids.has(drawer) ? drawer : null,
    hidden: new Set([...hidden].filter((id) => ids.has(id))),
    ...(isLarge(model) && { trace: false, outgoing: false }), // they need all kernels
  };
}

/** A network of another kind brings its own scale. @param {Model|null} before @param {Model} model @returns {Partial<import('./types.js').State>} */
function scaleFor(before, model) {
  if (before && isLarge(before) === isLarge(model)) return {};
  return { scale: defaultScale(model) };
}

/**
 * @typedef {object} Options
 * @property {string} base  Absolute URL of the API.
 * @property {(error: unknown) => void} report
 * @property {(detail: string) => void} onProblem  The server refused a drawing.
 * @property {import('./input/photo-pass.js').Schedule} [schedule]  When arrived layers are shown.
 *
 * @typedef {object} Wanted  What a link asks for.
 * @property {string} [model]
 * @property {string|null} [weights]
 * @property {'map'|'layer'|'fixed'} [scale]  Absent: the network's default.
 * @property {'center'|'none'} [preprocess]  Absent: the network's default.
 * @property {import('./url.js').PhotoRef|null} [photo]
 */

/** The session of one page. */
export class Session {
  /** @type {ColorMap[]} */ #maps = [];
  /** @type {Wanted} */ #wanted = {};
  #choosing = new AbortController();
  #exact = createTensorCache(EXACT_BYTES);
  /** @type {{key: unknown[], id: Promise<string>}|null} The kept pass of the present drawing. */
  #drawn = null;

  /** @param {Store} store @param {import('./api.js').Api} api @param {Options} options */
  constructor(store, api, { base, report, onProblem, schedule }) {
    this.store = store;
    this.api = api;
    this.base = base;
    this.report = report;
    this.photo = new PhotoPass(store, api, schedule);
    this.downloads = new Downloads(store, api, (model) => this.weightsChanged(model));
    this.exchanging = new Exchange(store, {
      api,
      ask: (source, isOther) => this.#ask(source, isOther),
      renew: () => this.photo.renew(),
      forget: () => { this.#exact.clear(); this.#drawn = null; },
    });
    this.live = new Live({
      onFrame: (frame) => this.exchanging.arrive(frame),
      onConnection: (connection) => store.set({ connection }),
      onProblem,
    });
    store.on(['ink', 'transform'], ({ ink, transform }) => store.set({ drawing: applyTransform(ink, transform) }));
    store.on(['drawing'], ({ drawing }) => this.live.send(drawing));
    store.on(['preprocess'], ({ model }, changed) => { if (model && !isLarge(model) && !changed.has('model')) this.#run(); });
    store.on(['theme'], ({ theme }) => store.set({ palette: paletteFor(this.#maps, theme) }));
  }

  /** Loads what does not depend on the network, then the network: the wanted one if it exists. @param {Wanted} [wanted] */
  async start(wanted = {}) {
    this.#wanted = wanted;
    try {
      const [models, colormaps] = await Promise.all([this.api.models(), this.api.colormaps()]);
      this.#maps = colormaps;
      this.store.set({ models, palette: paletteFor(colormaps, this.store.get().theme) });
      this.downloads.find(models);
      const ids = models.map((model) => model.id);
      const known = wanted.model !== undefined && ids.includes(wanted.model);
      await this.photo.restore(wanted.photo ?? null);
      await this.choose(known ? String(wanted.model) : ids.includes(DEFAULT_MODEL) ? DEFAULT_MODEL : ids[0], known ? wanted.weights : null);
    } catch (error) {
      this.#fail(error);
    }
  }

  /**
   * Makes the network `id` the present one, with the weights of `source` (null: the server's choice); the newest call wins.
   * @param {string} id @param {string|null} [source]
   * @returns {Promise<void>}
   */
  async choose(id, source = null) {
    if (source === NEWEST) return this.choose(id); // the server's choice by itself
    this.#choosing.abort();
    this.#choosing = new AbortController();
    const { signal } = this.#choosing;
    try {
      const named = source ?? this.#newestOf(id);
      const model = await this.api.model(id, named, { signal });
      const kernels = isLarge(model) || !hasWeights(model) ? null : await this.api.kernels(id, named, { signal });
      if (signal.aborted) return;
      this.live.close();
      this.photo.stop();
      this.exchanging.stop();
      this.#exact.clear();
      this.store.set({ model, kernels, weights: source, frame: null, pass: null, neuron: null, arrival: null, ...choicesFor(this.store.get(), model), ...this.#scaleOf(model), ...modeFor(this.store.get().model, model, this.#wanted.preprocess) });
      this.#run();
    } catch (error) {
      if (isAbort(error)) return;
      this.#fail(error);
      // A link may name weights that this server does not know: the network is worth showing all the same.
      if (source !== null && error instanceof ApiError && error.status > 0 && this.store.get().model?.id !== id) await this.choose(id);
    }
  }

  /** The newest weights of the present network by their name: without one a call means the source in use. @param {string} id */
  #newestOf(id) {
    const { model, weights } = this.store.get();
    return weights !== null && model?.id === id && isTrained(model) ? NEWEST : null;
  }

  /** @param {Model} model */
  #scaleOf(model) {
    const { model: before } = this.store.get();
    const wanted = before ? undefined : this.#wanted.scale;
    return wanted ? { scale: wanted } : scaleFor(before, model);
  }

  /** The present network with other weights: a source's id, 'random', or null for the server's choice. @param {string|null} source */
  async chooseWeights(source) {
    const { model } = this.store.get();
    if (model) await this.choose(model.id, source);
  }

  /**
   * The present network with other weights in place: nothing that is drawn of it is built anew. The newest call wins.
   * @param {string|null} source  A moment of its training; null: the newest weights.
   */
  async exchange(source) {
    const { model } = this.store.get();
    if (!model) return;
    if (!hasWeights(model)) return this.choose(model.id, source); // it had none so far
    try {
      await this.exchanging.take(source, isLarge(model));
    } catch (error) {
      this.#fail(error);
    }
  }

  /** The list of networks anew: one has come, or has learnt. */
  async listModels() {
    const models = await this.api.models().catch(() => null); // whoever opens the list later tries again
    if (models) this.store.set({ models });
  }

  /** The drawing once more, if there is one yet; weights from another source answer on a socket of their own. @param {string|null} source @param {boolean} isOther */
  #ask(source, isOther) {
    const { model, drawing, preprocess } = this.store.get();
    if (model && isOther) this.live.open(liveUrl(this.base, model.id, { preprocess, ...(source && { weights: source }) }));
    if (this.live.hasDrawing) this.live.send(drawing);
    return this.live.hasDrawing;
  }

  /** Shows `photo` to the present network, and to those that are chosen later. @param {Photo} photo */
  setPhoto(photo) {
    const { recent } = this.store.get();
    const known = recent.some((each) => each === photo || (photo.id !== null && each.id === photo.id && each.origin === photo.origin));
    this.store.set({ photo, recent: known ? recent : [photo, ...recent].slice(0, REMEMBERED) });
    this.#exact.clear();
    this.#run();
  }

  /** Loads this stage's values before the others'. @param {string} stageId */
  prefer(stageId) {
    this.photo.prefer(stageId);
  }

  /** The id of the present input's kept pass. @param {{signal?: AbortSignal}} [options] @returns {Promise<string>} */
  async passId({ signal } = {}) {
    const { model, drawing, preprocess, weights, exchanged } = this.store.get();
    if (!model) throw new Error('No network is chosen yet.');
    if (isLarge(model)) return this.photo.id();
    const key = [model, drawing, preprocess, weights, exchanged];
    if (!this.#drawn?.key.every((part, i) => part === key[i])) {
      this.#exact.clear();
      this.#drawn = { key, id: this.api.createPass(model.id, drawing, { preprocess }).then((pass) => pass.id) };
      this.#drawn.id.catch(() => { this.#drawn = null; });
    }
    const id = await this.#drawn.id;
    signal?.throwIfAborted();
    return id;
  }

  /**
   * A layer's values exactly, for the present input. @param {string} layer
   * @param {{channels?: string, signal?: AbortSignal}} [options]  channels: as the API takes them, `0-15,31`.
   * @returns {Promise<Tensor>}
   */
  async layer(layer, { channels, signal } = {}) {
    const pass = await this.passId({ signal });
    const key = JSON.stringify([pass, layer, channels]);
    const known = this.#exact.get(key);
    if (known) return known;
    const tensor = await this.api.layer(pass, layer, { channels, signal });
    this.#exact.set(key, tensor);
    return tensor;
  }

  /** Tries again at once: the socket or the photograph, or, if the page never got that far, everything. */
  retry() {
    const { model } = this.store.get();
    if (!model) void this.start(this.#wanted);
    else if (isLarge(model)) this.photo.retry();
    else this.live.retry();
  }

  /**
   * Weights of a network have arrived or gone: the list anew, and the network where it is the present one.
   * @param {string} id @param {string} [source]  The one to use now; without it the one in use, or the server's choice.
   */
  async weightsChanged(id, source) {
    try {
      const models = await this.api.models();
      const { model, weights } = this.store.get();
      const { sources = [] } = models.find((each) => each.id === id)?.weights ?? {};
      const kept = sources.some((each) => each.id === weights && each.status === 'ready') ? weights : null;
      this.store.set({ models });
      if (model?.id === id) await this.choose(id, source ?? kept);
    } catch (error) {
      this.#fail(error);
    }
  }

  #run() {
    const { model, preprocess, weights } = this.store.get();
    if (!model) return;
    const large = isLarge(model);
    if (large || !hasWeights(model)) this.store.set({ connection: 'open' }); // there is no socket to wait for
    if (!hasWeights(model)) return;
    if (large) this.photo.run();
    else this.live.open(liveUrl(this.base, model.id, { preprocess, ...(weights && { weights }) }));
  }

  /** @param {unknown} error */
  #fail(error) {
    if (!this.store.get().model) this.store.set({ connection: 'closed' });
    this.report(error);
  }
}
