/**
 * Keeps the store in step with the server: the list of networks, the chosen one with its kernels, the colour maps,
 * and a frame for every drawing. Knows no DOM.
 *
 * @typedef {import('./types.js').Store} Store
 * @typedef {import('./types.js').ColorMap} ColorMap
 * @typedef {import('./types.js').Palette} Palette
 * @typedef {(error: unknown) => void} Report
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
 * @param {Store} store
 * @param {import('./api.js').Api} api
 * @param {{base: string, report: Report, onProblem: (detail: string) => void}} options  base: absolute URL of the API.
 */
export function createSession(store, api, { base, report, onProblem }) {
  /** @type {ColorMap[]} */ let maps = [];
  let choosing = new AbortController();
  /** @type {string|undefined} */ let first;
  const live = new Live({
    onFrame: (frame) => store.set({ frame }),
    onConnection: (connection) => store.set({ connection }),
    onProblem,
  });

  const listen = () => {
    const { model, preprocess } = store.get();
    if (model) live.open(liveUrl(base, model.id, { preprocess }));
  };
  const stops = [
    store.on(['ink', 'transform'], ({ ink, transform }) => store.set({ drawing: applyTransform(ink, transform) })),
    store.on(['drawing'], ({ drawing }) => live.send(drawing)),
    store.on(['preprocess'], listen),
    store.on(['theme'], ({ theme }) => store.set({ palette: paletteFor(maps, theme) })),
  ];

  /** Makes the network `id` the present one; the newest call wins. @param {string} id */
  async function choose(id) {
    choosing.abort();
    choosing = new AbortController();
    const { signal } = choosing;
    try {
      const [model, kernels] = await Promise.all([api.model(id, { signal }), api.kernels(id, { signal })]);
      if (signal.aborted) return;
      live.close();
      store.set({ model, kernels, frame: null, ...choicesFor(store.get(), model) });
      listen();
    } catch (error) {
      if (!isAbort(error)) fail(error);
    }
  }

  /** @param {unknown} error */
  function fail(error) {
    if (!store.get().model) store.set({ connection: 'closed' });
    report(error);
  }

  /** Loads what does not depend on the network, then the network. @param {string|undefined} wanted */
  async function start(wanted) {
    first = wanted;
    try {
      const [models, colormaps] = await Promise.all([api.models(), api.colormaps()]);
      maps = colormaps;
      store.set({ models, palette: paletteFor(maps, store.get().theme) });
      const ids = models.map((model) => model.id);
      await choose([wanted, DEFAULT_MODEL].find((id) => id !== undefined && ids.includes(id)) ?? ids[0]);
    } catch (error) {
      fail(error);
    }
  }

  return {
    start, choose,
    /** Tries again at once: the socket, or, if the page never got that far, everything. */
    retry: () => (store.get().model ? live.retry() : void start(first)),
    destroy() {
      choosing.abort();
      stops.forEach((stop) => stop());
      live.close();
    },
  };
}
