/**
 * Keeps the store in step with the server: the list of networks, the chosen one with its kernels, the colour maps,
 * and a frame for every drawing. Knows no DOM.
 *
 * @typedef {import('./types.js').Store} Store
 * @typedef {import('./types.js').ColorMap} ColorMap
 * @typedef {import('./types.js').Palette} Palette
 */
import { isAbort } from './api.js';
import { applyTransform } from './image.js';
import { Live, liveUrl } from './live.js';

export const DEFAULT_MODEL = 'digitnet';

/** 256 × RGB from 256 × rrggbb. @param {string} lut */
export function lutBytes(lut) {
  return Uint8Array.from({ length: lut.length / 2 }, (_, i) => parseInt(lut.slice(i * 2, i * 2 + 2), 16));
}

/** The default colour maps of a theme: the first of each kind. @param {ColorMap[]} maps @param {'light'|'dark'} theme @returns {Palette|null} */
export function paletteFor(maps, theme) {
  const first = (/** @type {string} */ kind) => maps.find((map) => map.kind === kind && map.theme === theme);
  const [sequential, diverging] = [first('sequential'), first('diverging')];
  return sequential && diverging ? { sequential: lutBytes(sequential.lut), diverging: lutBytes(diverging.lut) } : null;
}

/** Does `unit` exist in `model`? @param {import('./types.js').Model} model @param {import('./types.js').Unit|null} unit */
export function hasUnit(model, unit) {
  const stage = unit && model.stages.find(({ id }) => id === unit.stage);
  if (!stage) return false;
  const [channels, height = 1, width = 1] = stage.shape;
  return unit.channel < channels && unit.y < height && unit.x < width;
}

/** What of the present choices still makes sense in `model`. @param {import('./types.js').State} state @param {import('./types.js').Model} model */
function choicesFor({ pinned, drawer, hidden }, model) {
  const ids = new Set(model.stages.map((stage) => stage.id));
  return {
    hover: null,
    pinned: hasUnit(model, pinned) ? pinned : null,
    drawer: drawer !== null && ids.has(drawer) ? drawer : null,
    hidden: new Set([...hidden].filter((id) => ids.has(id))),
  };
}

/**
 * @typedef {object} Options
 * @property {string} base  Absolute URL of the API.
 * @property {(error: unknown) => void} report
 * @property {(detail: string) => void} onProblem  The server refused a drawing.
 */

/** The session of one page. */
export class Session {
  /** @type {ColorMap[]} */ #maps = [];
  /** @type {string|undefined} */ #wanted;
  #choosing = new AbortController();

  /** @param {Store} store @param {import('./api.js').Api} api @param {Options} options */
  constructor(store, api, { base, report, onProblem }) {
    this.store = store;
    this.api = api;
    this.base = base;
    this.report = report;
    this.live = new Live({
      onFrame: (frame) => store.set({ frame }),
      onConnection: (connection) => store.set({ connection }),
      onProblem,
    });
    store.on(['ink', 'transform'], ({ ink, transform }) => store.set({ drawing: applyTransform(ink, transform) }));
    store.on(['drawing'], ({ drawing }) => this.live.send(drawing));
    store.on(['preprocess'], () => this.#listen());
    store.on(['theme'], ({ theme }) => store.set({ palette: paletteFor(this.#maps, theme) }));
  }

  /** Loads what does not depend on the network, then the network: the wanted one if it exists. @param {string} [wanted] */
  async start(wanted) {
    this.#wanted = wanted;
    try {
      const [models, colormaps] = await Promise.all([this.api.models(), this.api.colormaps()]);
      this.#maps = colormaps;
      this.store.set({ models, palette: paletteFor(colormaps, this.store.get().theme) });
      const ids = models.map((model) => model.id);
      await this.choose([wanted, DEFAULT_MODEL].find((id) => id !== undefined && ids.includes(id)) ?? ids[0]);
    } catch (error) {
      this.#fail(error);
    }
  }

  /** Makes the network `id` the present one; the newest call wins. @param {string} id */
  async choose(id) {
    this.#choosing.abort();
    this.#choosing = new AbortController();
    const { signal } = this.#choosing;
    try {
      const [model, kernels] = await Promise.all([this.api.model(id, { signal }), this.api.kernels(id, { signal })]);
      if (signal.aborted) return;
      this.live.close();
      this.store.set({ model, kernels, frame: null, ...choicesFor(this.store.get(), model) });
      this.#listen();
    } catch (error) {
      if (!isAbort(error)) this.#fail(error);
    }
  }

  /** Tries again at once: the socket, or, if the page never got that far, everything. */
  retry() {
    if (this.store.get().model) this.live.retry();
    else void this.start(this.#wanted);
  }

  #listen() {
    const { model, preprocess } = this.store.get();
    if (model) this.live.open(liveUrl(this.base, model.id, { preprocess }));
  }

  /** @param {unknown} error */
  #fail(error) {
    if (!this.store.get().model) this.store.set({ connection: 'closed' });
    this.report(error);
  }
}
