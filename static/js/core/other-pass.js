/**
 * A second pass to compare the present one with: another picture through the same network, or the same picture through
 * another network, or both. Made by the API directly; the page's session knows nothing of it.
 *
 * @typedef {import('./types.js').Store} Store
 * @typedef {import('./types.js').State} State
 * @typedef {import('./types.js').Model} Model
 * @typedef {import('./types.js').ModelSummary} ModelSummary
 * @typedef {import('./types.js').Photo} Photo
 * @typedef {import('./types.js').Tensor} Tensor
 * @typedef {import('./api.js').Api} Api
 * @typedef {Photo|Uint8Array} Picture  A photograph, or 28×28 bytes of a drawing.
 *
 * @typedef {object} Choice
 * @property {string|null} model     Null: the present network.
 * @property {Picture|null} picture  Null: the present picture.
 *
 * @typedef {{model: Model, pass: string, tensors: Map<string, Tensor>, key: unknown[]}} Made
 */
import { isAbort } from './api.js';
import { hasWeights, isLarge } from './session.js';

/** Milliseconds without a new drawing after which the pen rests. */
const REST = 250;
/** Layers kept of one pass; the oldest goes first. */
const KEPT = 4;

/** The networks that the present one can be compared with: those that look at the same kind of picture and have weights. @param {State} state @returns {ModelSummary[]} */
export function comparable({ models, model, weights }) {
  if (!model) return [];
  return models.filter((each) => each.input.preprocessing === model.input.preprocessing && (hasWeights(each) || weights === 'random'));
}

/** The weights of the other network: the server's choice, or random ones where those were asked for. @param {State} state @param {string} model */
function weightsOf({ models, model: present, weights }, model) {
  if (model === present?.id) return weights;
  const summary = models.find(({ id }) => id === model);
  return weights === 'random' && summary && !hasWeights(summary) ? 'random' : null;
}

/** What the pass is made from; null where something is still missing. @param {State} state @param {Choice} choice */
function questionOf(state, choice) {
  const { model, photo, drawing, preprocess } = state;
  const picture = model && (choice.picture ?? (isLarge(model) ? photo : drawing));
  if (!model || !picture) return null;
  const id = choice.model ?? model.id;
  return { id, weights: weightsOf(state, id), picture, preprocess, present: model };
}

/** @param {Store} store @param {Api} api @param {() => void} onChange */
export function createOtherPass(store, api, onChange) {
  /** @type {Choice|null} Null while nothing is compared. */
  let choice = null;
  /** @type {Made|null} */
  let made = null;
  /** @type {unknown[]} What was asked for last. */
  let asked = [];
  /** @type {string|null} */
  let problem = null;
  let control = new AbortController();
  /** @type {Set<string>} Layers on their way. */
  const coming = new Set();
  /** @type {ReturnType<typeof setTimeout>|undefined} */
  let timer;

  function stop() {
    clearTimeout(timer);
    control.abort();
    control = new AbortController();
    coming.clear();
  }

  /** Makes the pass anew where what it is made from has changed. */
  function follow() {
    const state = store.get();
    const question = choice && questionOf(state, choice);
    const key = question ? [question.id, question.weights, question.picture, question.preprocess, question.present] : [];
    if (key.length === asked.length && key.every((part, i) => part === asked[i])) return;
    const isDrawn = question && asked.length > 0 && question.picture instanceof Uint8Array && question.picture !== asked[2];
    asked = key;
    problem = null;
    stop();
    if (!question) { made = null; return onChange(); }
    if (made?.model.id !== question.id) made = null;
    timer = setTimeout(() => void make(question, key, control.signal), isDrawn ? REST : 0);
    onChange();
  }

  /** @param {NonNullable<ReturnType<typeof questionOf>>} question @param {unknown[]} key @param {AbortSignal} signal */
  async function make({ id, weights, picture, preprocess, present }, key, signal) {
    try {
      const named = weights ?? undefined;
      const [model, pass] = await Promise.all([
        id === present.id ? present : api.model(id, weights, { signal }),
        picture instanceof Uint8Array ? api.createPass(id, picture, { preprocess, weights: named, signal })
          : api.createPhotoPass(id, picture.blob, { name: picture.name, weights: named, signal }),
      ]);
      if (signal.aborted) return;
      made = { model, pass: pass.id, tensors: new Map(), key };
      onChange();
    } catch (error) {
      fail(error, signal);
    }
  }

  /** @param {unknown} error @param {AbortSignal} signal */
  function fail(error, signal) {
    if (signal.aborted || isAbort(error)) return;
    problem = error instanceof Error ? error.message : String(error);
    onChange();
  }

  /** @param {Made} from @param {string} layer @param {AbortSignal} signal */
  async function load(from, layer, signal) {
    coming.add(layer);
    try {
      const tensor = await api.layer(from.pass, layer, { signal });
      if (signal.aborted) return;
      from.tensors.set(layer, tensor);
      if (from.tensors.size > KEPT) from.tensors.delete(/** @type {string} */ (from.tensors.keys().next().value));
      onChange();
    } catch (error) {
      fail(error, signal);
    } finally {
      coming.delete(layer);
    }
  }

  const off = store.on(['model', 'photo', 'drawing', 'preprocess', 'weights'], follow);
  return {
    choice: () => choice,
    problem: () => problem,
    /** Compares with something else; null: with nothing. @param {Choice|null} next */
    choose(next) { choice = next; follow(); },
    /** The other network and its pass, once they are here. */
    made: () => made,
    /** The picture that the other pass is of. @returns {Picture|null} */
    picture: () => /** @type {Picture|null} */ (choice ? questionOf(store.get(), choice)?.picture ?? null : null),
    /** A layer's exact values; null while they are on their way. @param {string} layer @returns {{tensor: Tensor, fresh: boolean}|null} */
    valuesOf(layer) {
      if (!made) return null;
      const fresh = made.key === asked;
      const tensor = made.tensors.get(layer);
      if (!tensor && fresh && !coming.has(layer) && problem === null) void load(made, layer, control.signal);
      return tensor ? { tensor, fresh } : null;
    },
    destroy() { off(); stop(); },
  };
}
