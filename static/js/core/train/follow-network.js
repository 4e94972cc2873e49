/**
 * Keeps the present network in step with its training: new live weights are taken while it learns, the timeline's moment
 * chooses among its checkpoints. At most about five times a second, never faster than the page and the server follow, and
 * only while somebody looks; the newest wins.
 *
 * @typedef {import('../types.js').Store} Store
 * @typedef {import('../types.js').State} State
 * @typedef {import('../types.js').ModelSummary} ModelSummary
 * @typedef {import('./types.js').Training} Training
 */
import { stepOf, sourceOf } from './weights-exchange.js';
import { createLatest } from '../latest.js';

/** Milliseconds between two looks at the newest weights. */
const PAUSE = 180;

/** Was the network trained here? @param {Pick<ModelSummary, 'weights'>} model */
export function isTrained({ weights }) {
  return (weights.sources ?? []).some(({ kind }) => kind === 'trained');
}

/** The id of the training that makes a network; null for others. @param {ModelSummary|null} model @returns {string|null} */
export function trainingOf(model) {
  return model && isTrained(model) ? model.id.slice(model.id.lastIndexOf('-') + 1) : null;
}

/** The shown training, where it is the present network's. @param {Pick<State, 'model'|'trainingData'>} state @returns {Training|null} */
export function presentTraining({ model, trainingData }) {
  return model && trainingData?.model === model.id ? trainingData : null;
}

/** Does the present network learn, and are its newest weights shown? @param {Pick<State, 'model'|'trainingData'|'moment'>} state */
export function isLearning(state) {
  return state.moment === null && presentTraining(state)?.state === 'running';
}

/**
 * @param {Store} store
 * @param {{choose: (id: string, source?: string|null) => Promise<void>, exchange: (source: string|null) => Promise<void>, listModels: () => Promise<void>}} session
 * @param {{isSeen?: () => boolean, pause?: number, wait?: (ms: number) => Promise<void>, now?: () => number}} [options]  isSeen: does somebody look at the page?
 */
export function followPresentTraining(store, session, {
  isSeen = () => true, pause = PAUSE, wait = (ms) => new Promise((go) => { setTimeout(go, ms); }), now = () => performance.now(),
} = {}) {
  const feed = createLatest(take, pause);
  /** What was last asked for: a moment, or the count of the newest weights. */
  let asked = '';
  let adopting = false;

  /** @param {string|null} source @param {AbortSignal} signal */
  async function take(source, signal) {
    const begun = now();
    await session.exchange(source);
    if (!signal.aborted) await wait(now() - begun); // what is slow to show gets as much time again
  }

  /** What the present network should show, as one word; null where there is nothing to follow. */
  function wanted() {
    const { model, moment } = store.get();
    const training = presentTraining(store.get());
    if (!model || !training) return null;
    return `${model.id}/${moment ?? `live-${training.live ?? training.step}-${training.state}`}`;
  }

  function follow() {
    if (adopting || !isSeen()) return;
    const key = wanted();
    if (key === null || key === asked) return;
    const { model, moment, weights } = store.get();
    const isFirst = !asked.startsWith(`${model?.id}/`);
    asked = key;
    const source = sourceOf(moment);
    if (isFirst && source === weights && model?.weights.status === 'ready') return; // it has just come with these
    if (moment !== null) feed.cancel(); // a moment that the reader wants does not wait for its turn
    feed.push(source);
  }

  /** Another network, or another source of its weights, was chosen: its training is shown, at that moment. */
  function adopt() {
    const { model, weights, training, trainingData, playground } = store.get();
    const own = trainingOf(model);
    const isOpening = playground !== null && training !== null && trainingData === null; // a link to a training of points
    if (own === null || isOpening) return;
    adopting = true;
    if (training !== own) store.set({ training: own });
    store.set({ moment: stepOf(weights) });
    adopting = false;
  }

  /** @param {State} state @param {Set<string>} changed */
  function hear(state, changed) {
    if (changed.has('model')) {
      if (!asked.startsWith(`${state.model?.id}/`)) {
        feed.cancel();
        asked = '';
      }
      adopt();
    }
    follow();
  }

  let known = '';
  /** A training that begins or ends changes what the list says of its network. @param {State} state */
  function list({ trainingData: training }) {
    const key = training?.model ? `${training.id}/${training.state}` : known;
    if (key !== known) void session.listModels();
    known = key;
  }

  const offs = [store.on(['model', 'moment', 'trainingData'], hear), store.on(['trainingData'], list)];
  adopt();
  return {
    /** The page is looked at again. */
    wake: follow,
    destroy() { offs.forEach((off) => off()); feed.cancel(); },
  };
}
