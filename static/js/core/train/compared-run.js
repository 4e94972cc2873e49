/**
 * The second training beside the shown one (`store.compared`): what it is and its curves, followed while it goes on.
 *
 * @typedef {import('../types.js').Store} Store
 * @typedef {import('./types.js').Training} Training
 * @typedef {import('./types.js').TrainingMetrics} TrainingMetrics
 * @typedef {{data: Training, metrics: TrainingMetrics}} Compared
 */
import { ApiError, isAbort } from '../api.js';
import { followTraining, isOfPoints, isRangeTest, NO_METRICS } from './follow.js';

/** Trainings that can stand beside the shown one: networks that were trained on data of the same kind. The chosen one may still wait. @param {Pick<import('../types.js').State, 'trainings'|'trainingData'|'compared'>} state @returns {Training[]} */
export function candidates({ trainings, trainingData, compared }) {
  if (!trainingData) return [];
  return trainings.filter((each) => each.id !== trainingData.id && (each.step > 0 || each.id === compared) && !isRangeTest(each) && isOfPoints(each) === isOfPoints(trainingData));
}

/**
 * @param {Store} store @param {import('../api.js').Api} api @param {(compared: Compared|null) => void} onNews
 * @param {{follow?: typeof followTraining, onProblem?: (error: unknown) => void}} [options]
 */
export function createComparedRun(store, api, onNews, { follow = followTraining, onProblem = () => {} } = {}) {
  let control = new AbortController();
  /** @type {string|null} */
  let followed = null;

  async function show() {
    const { compared, training } = store.get();
    const wanted = compared === training ? null : compared;
    if (wanted === followed) return;
    control.abort();
    control = new AbortController();
    const { signal } = control;
    followed = wanted;
    onNews(null);
    if (wanted === null) return;
    let metrics = NO_METRICS;
    try {
      const data = await follow(api, wanted, (news) => { metrics = news.metrics; onNews(news); }, { signal });
      if (!signal.aborted) onNews({ data, metrics });
    } catch (error) {
      if (signal.aborted || isAbort(error)) return;
      if (error instanceof ApiError && error.status === 404) store.set({ compared: null });
      onProblem(error);
    }
  }

  const stop = store.on(['compared', 'training'], () => void show());
  void show();
  return { destroy() { stop(); control.abort(); } };
}
