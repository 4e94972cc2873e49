/**
 * The server's arithmetic of the pinned unit in `store.neuron`: after every drawing, at most eight times a second, the newest
 * wins. In large networks also of the unit under a pointer that rests, unless it reads too much; then back to the pinned one.
 *
 * @typedef {import('../types.js').Store} Store
 * @typedef {import('../types.js').State} State
 * @typedef {import('../types.js').Model} Model
 * @typedef {import('../types.js').Unit} Unit
 * @typedef {import('./patch.js').Window} Window
 *
 * @typedef {{layer: string, type: string, formula: string, input: number, output: number}} Step
 * @typedef {{layer: string, channel: number, y: number|null, x: number|null}} Source
 * @typedef {object} Neuron  What the neuron endpoint gives (app/schemas).
 * @property {string} model
 * @property {string} layer
 * @property {number} channel
 * @property {number|null} y
 * @property {number|null} x
 * @property {number[]} inputs
 * @property {number[]} weights
 * @property {number[]} products
 * @property {Source[]} sources
 * @property {(Window & {layer: string, channels: number[]})|null} patch
 * @property {number} bias
 * @property {number} sum
 * @property {Step[]} steps
 * @property {number} output
 *
 * @typedef {{passId: (options?: {signal?: AbortSignal}) => Promise<string>}} Passes
 * @typedef {{neuron: (pass: string, layer: string, place: number[], options?: {signal?: AbortSignal}) => Promise<Neuron>}} NeuronApi
 */
import { ApiError, isAbort } from '../api.js';
import { createBoundedCache } from '../bounded-cache.js';
import { isLearning } from '../train/follow-network.js';
import { createLatest } from '../latest.js';
import { channelsOf } from './edges.js';
import { exists } from './connect.js';
import { nodeOf, sameUnit } from '../networks/graph.js';
import { unitPlace } from '../snippets.js';

/** Milliseconds between two questions about a drawing that changes. */
const PAUSE = 120;
/** Milliseconds after which a pointer rests. */
const REST = 80;
/** Units that read more than this are asked for only when they are pinned. */
export const HOVER_FAN_IN = 5000;
const KEPT = { answers: 50, terms: 300_000 };

/** How many values a unit reads; zero padding counts. @param {Model} model @param {Unit} unit */
export function fanIn(model, unit) {
  const node = nodeOf(model, unit.stage);
  const [source] = node.sources;
  if (!source) return 0;
  if (node.layer.role === 'merge') return node.sources.length;
  const size = node.layer.kernel_size;
  if (!size) return node.layer.role === 'pool' ? source.shape[1] * source.shape[2] : source.stage.units;
  return channelsOf(node, source, unit.channel).length * size[0] * size[1];
}

/** Answers by address. */
export function createAnswerCache({ answers, terms } = KEPT) {
  return createBoundedCache({ count: answers, size: terms }, (/** @type {Neuron} */ { products }) => products.length);
}

/**
 * @param {Store} store
 * @param {Passes} passes
 * @param {NeuronApi} api
 * @param {(detail: string) => void} [onError]  Of the pinned unit, in words.
 * @returns {() => void}  Stops it.
 */
export function followNeurons(store, passes, api, onError = () => {}) {
  const cache = createAnswerCache();
  const feed = createLatest(ask, PAUSE);
  /** @type {ReturnType<typeof setTimeout>|undefined} */
  let resting;
  /** @type {Unit|null} */
  let asked = null;

  /** @param {{model: Model, unit: Unit}} question @param {AbortSignal} signal */
  async function ask({ model, unit }, signal) {
    const { stage } = nodeOf(model, unit.stage);
    const place = unitPlace(stage, unit);
    try {
      const pass = await passes.passId({ signal });
      const key = [pass, stage.output, ...place].join('/');
      const known = cache.get(key);
      const answer = known ?? await api.neuron(pass, stage.output, place, { signal });
      if (!known) cache.set(key, answer);
      if (!signal.aborted && store.get().model === model) store.set({ neuron: { unit, answer } });
    } catch (error) {
      // The weights of a moment ago are gone while a network learns; the next answer is under way.
      const isPast = isLearning(store.get()) && error instanceof ApiError && error.status === 404;
      if (!signal.aborted && !isPast && !isAbort(error) && sameUnit(store.get().pinned, unit)) onError(error instanceof Error ? error.message : String(error));
    }
  }

  /** @param {Unit|null} unit */
  function want(unit) {
    const { model, frame } = store.get();
    if (!sameUnit(unit, asked)) feed.cancel();
    asked = unit;
    if (unit && model && frame && exists(model, unit)) feed.push({ model, unit });
  }

  /** @param {State} state */
  function point({ model, kernels, hover, pinned }) {
    clearTimeout(resting);
    if (!model || kernels) return;
    const target = hover && exists(model, hover) && fanIn(model, hover) <= HOVER_FAN_IN ? hover : pinned;
    if (sameUnit(target, asked)) return;
    resting = setTimeout(() => want(target), REST);
  }

  /** @param {State} state @param {Set<string>} changed */
  function follow(state, changed) {
    if (changed.has('model') || changed.has('pass')) {
      feed.cancel();
      asked = null;
    }
    const isNew = ['model', 'pass', 'pinned'].some((key) => changed.has(key));
    const isDrawn = state.kernels !== null && changed.has('frame');
    const isFirst = state.frame !== null && asked === null;
    if (isNew || isDrawn || isFirst) want(state.pinned);
    if (changed.has('hover')) point(state);
  }

  const off = store.on(['model', 'pass', 'frame', 'pinned', 'hover'], follow);
  want(store.get().pinned);
  return () => { off(); clearTimeout(resting); feed.cancel(); };
}
