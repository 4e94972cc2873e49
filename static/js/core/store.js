/**
 * The one state of the page: small, flat, observed by key.
 * Notifications are synchronous; a view throttles its own rendering with requestAnimationFrame.
 *
 * @typedef {import('./types.js').State} State
 * @typedef {import('./types.js').Store} Store
 */
import { STANDARD } from './maximize/request.js';

/** The state before anything is known. @returns {State} */
export function initialState() {
  return {
    models: [], model: null, kernels: null, frame: null,
    ink: new Uint8Array(784), drawing: new Uint8Array(784), transform: neutralTransform(), preprocess: 'center',
    weights: null, exchanged: 0, photo: null, pass: null, arrival: null, recent: [], downloads: {}, neuron: null,
    hover: null, pinned: null, unitPage: null,
    projection: '3d', scale: 'layer', edgeColour: 'product', outgoing: false, trace: false, hidden: new Set(), drawer: null,
    maximize: STANDARD, maximized: [],
    training: null, trainingData: null, trainingMetrics: null, trainings: [], trainingDraft: null, trainTab: 'curves', moment: null, compared: null, playground: null,
    theme: 'light', lang: 'en', palette: null, reducedMotion: false, connection: 'connecting',
  };
}

/** The transformation that changes nothing. @returns {import('./types.js').Transform} */
export function neutralTransform() {
  return { dx: 0, dy: 0, rotate: 0, scale: 1, noise: 0, stroke: 0 };
}

/**
 * A store over `initial`. `set` compares by identity and tells each listener of a changed key once.
 * @param {State} initial
 * @returns {Store}
 */
export function createStore(initial) {
  let state = { ...initial };
  /** @type {Set<{keys: string[], fn: (state: State, changed: Set<string>) => void}>} */
  const listeners = new Set();

  /** @param {Partial<State>} patch */
  function set(patch) {
    const old = /** @type {Record<string, unknown>} */ (state);
    const changed = new Set(Object.entries(patch).filter(([key, value]) => !Object.is(old[key], value)).map(([key]) => key));
    if (changed.size === 0) return;
    state = { ...state, ...patch };
    for (const listener of [...listeners]) {
      if (listeners.has(listener) && listener.keys.some((key) => changed.has(key))) listener.fn(state, changed);
    }
  }

  return {
    get: () => state,
    set,
    on(keys, fn) {
      const listener = { keys, fn };
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
  };
}

/**
 * The colour scale a network opens with: maps of photographs differ too much for one scale, digits are compared on one.
 * @param {Pick<import('./types.js').Model, 'input'>|null} model  @returns {'map'|'layer'}
 */
export function defaultScale(model) {
  return model?.input?.preprocessing === 'photo' ? 'map' : 'layer';
}
