/**
 * Keeps the store in step with the shown training (`store.training`): `trainingData`, `trainingMetrics`, and the list
 * of all (`trainings`). Knows no DOM.
 *
 * @typedef {import('../types.js').Store} Store
 * @typedef {import('./types.js').Training} Training
 */
import { ApiError, isAbort } from '../api.js';
import { fetchTrainings } from './api.js';
import { followTraining, isActive } from './follow.js';

/** How often the list is asked for again while trainings go on that are not the shown one, in ms. */
const LIST_PAUSE = 3000;

/** The list with this training as it is now. @param {Training[]} trainings @param {Training} data @returns {Training[]} */
export function withTraining(trainings, data) {
  const known = trainings.some(({ id }) => id === data.id);
  return known ? trainings.map((each) => (each.id === data.id ? data : each)) : [data, ...trainings];
}

/**
 * @param {Store} store
 * @param {import('../api.js').Api} api
 * @param {{follow?: typeof followTraining, after?: (work: () => void, ms: number) => any, onProblem?: (error: unknown) => void}} [options]
 */
export function createTrainingRun(store, api, { follow = followTraining, after = setTimeout, onProblem = () => {} } = {}) {
  let control = new AbortController();
  /** @type {string|null} */
  let followed = null;
  let isWaiting = false;

  /** @param {string|null} id */
  async function show(id) {
    control.abort();
    control = new AbortController();
    const { signal } = control;
    followed = id;
    const { trainingData: before } = store.get();
    if (before?.id !== id) store.set({ trainingData: null, trainingMetrics: null, ...(before && { moment: null }) }); // a link names a moment, too
    if (id === null) return;
    try {
      const last = await follow(api, id, ({ data, metrics }) => hear(data, metrics), { signal });
      if (!signal.aborted) hear(last);
    } catch (error) {
      if (signal.aborted || isAbort(error)) return;
      if (error instanceof ApiError && error.status === 404) store.set({ training: null });
      onProblem(error);
    }
  }

  /** @param {Training} data @param {import('./types.js').TrainingMetrics} [metrics] */
  function hear(data, metrics) {
    store.set({ trainingData: data, ...(metrics && { trainingMetrics: metrics }), trainings: withTraining(store.get().trainings, data) });
  }

  /** The list anew; and again for as long as one goes on that nobody follows. */
  async function list() {
    try {
      const trainings = await fetchTrainings(api);
      store.set({ trainings });
      const isFar = trainings.some((each) => isActive(each) && each.id !== followed);
      if (!isFar || isWaiting) return;
      isWaiting = true;
      after(() => { isWaiting = false; void list(); }, LIST_PAUSE);
    } catch (error) {
      if (!isAbort(error)) onProblem(error);
    }
  }

  const stop = store.on(['training'], ({ training }) => { if (training !== followed) void show(training); });
  if (store.get().training !== null) void show(store.get().training);
  return {
    list,
    /** Follows the shown one anew: it goes on after it had ended. */
    again: () => show(store.get().training),
    destroy() { stop(); control.abort(); },
  };
}

/** @typedef {ReturnType<typeof createTrainingRun>} TrainingRun */
