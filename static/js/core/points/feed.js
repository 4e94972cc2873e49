/**
 * What the playground shows: points and network of the present choice, of the shown training or of a moment of it, or
 * with weights set by hand, fetched as they change. Knows no DOM.
 *
 * @typedef {import('../types.js').Store} Store
 * @typedef {import('./choice.js').PointsChoice} PointsChoice
 *
 * @typedef {object} Shown
 * @property {import('./api.js').Points|null} points
 * @property {import('./network.js').Network|null} network
 * @property {number} step         Of the network.
 * @property {readonly import('../train/types.js').Update[]} updates  Steps of the perceptron's rule that were seen, newest first.
 * @property {string|null} problem        In the server's words.
 */
import { isAbort } from '../api.js';
import { createLatest } from '../latest.js';
import { perceptronOf, withUpdate } from './perceptron.js';
import { fetchMoment, fetchNewest, fetchPoints, fetchPreview } from './api.js';
import { FIRST_POINTS, isPerceptron } from './choice.js';
import { isActive } from '../train/follow.js';

/** What the playground is set to. @param {Store} store @returns {PointsChoice} */
export function choiceNow(store) {
  return store.get().playground ?? FIRST_POINTS;
}

/** @param {Store} store @param {import('../api.js').Api} api @param {{pause: number, onChange: () => void}} options  pause: between two looks at the newest weights, in ms. */
export function createPointsFeed(store, api, { pause, onChange }) {
  /** @type {Shown} */
  let shown = { points: null, network: null, step: 0, updates: [], problem: null };
  /** The training whose points are shown. @type {string|null} */
  let known = null;

  /** @param {Partial<Shown>} patch */
  function show(patch) {
    shown = { ...shown, ...patch };
    onChange();
  }

  /** @param {unknown} error */
  function fail(error) {
    if (isAbort(error)) throw error;
    show({ problem: error instanceof Error ? error.message : String(error) });
  }

  const previews = createLatest(async (/** @type {PointsChoice} */ wanted, signal) => {
    try {
      const { points, network } = await fetchPreview(api, wanted, { signal });
      if (store.get().training === null) show({ points, network: wanted.hand ? { layers: [...wanted.hand] } : network, step: 0, updates: [], problem: null });
    } catch (error) {
      fail(error);
    }
  }, pause);

  const weights = createLatest(async (/** @type {{id: string, moment: number|null}} */ { id, moment }, signal) => {
    try {
      if (known !== id) {
        const points = await fetchPoints(api, id, { signal });
        known = id;
        show({ points, updates: [], problem: null });
      }
      await take(id, moment, signal);
    } catch (error) {
      fail(error);
    }
    if (store.get().trainingData?.state === 'running' && store.get().moment === null) ask();
  }, pause);

  /** @param {string} id @param {number|null} moment @param {AbortSignal} signal */
  async function take(id, moment, signal) {
    const { step, network, update } = await (moment === null ? fetchNewest(api, id, choiceNow(store), { signal }) : fetchMoment(api, id, moment, choiceNow(store), { signal }));
    if (signal.aborted || store.get().training !== id) return;
    const updates = update ? withUpdate(shown.updates, update) : shown.updates;
    // While the rule is followed, the line is that of the step whose numbers are shown: an update holds its own weights.
    const { trainingData } = store.get();
    const isFollowed = update !== null && isPerceptron(choiceNow(store)) && trainingData !== null && isActive(trainingData);
    const next = isFollowed ? { step: update.step, network: perceptronOf(update) } : { step, network };
    const isSame = next.step === shown.step && updates[0]?.step === shown.updates[0]?.step && JSON.stringify(next.network) === JSON.stringify(shown.network);
    if (isSame && shown.problem === null) return;
    show({ ...next, updates, problem: null });
  }

  /** The network that is to be seen now. */
  function ask() {
    const { training, trainingData, moment } = store.get();
    const { hand } = choiceNow(store);
    if (training !== null && trainingData?.id === training) weights.push({ id: training, moment });
    else if (training === null) {
      known = null;
      weights.cancel();
      if (hand && shown.points) show({ network: { layers: [...hand] }, step: 0, problem: null });
      previews.push(choiceNow(store));
    }
  }

  return {
    shown: () => shown,
    show,
    ask,
    /** Are the points of this training shown? @param {string} id */
    isOf: (id) => known === id,
    destroy() { previews.cancel(); weights.cancel(); },
  };
}
