/**
 * Following one training: what it is, how far it is, and its curves as they grow.
 *
 * @typedef {import('./types.js').Training} Training
 * @typedef {import('./types.js').TrainingMetrics} TrainingMetrics
 * @typedef {import('../types.js').JobState} JobState
 */
import { followJob } from '../jobs.js';
import { createLatest } from '../latest.js';
import { fetchMetrics, fetchTraining } from './api.js';

/** Curves are fetched at most so often, in ms. */
const PAUSE = 400;
/** Metrics of the job that are facts of the training. */
const FACTS = /** @type {const} */ (['step', 'epoch', 'loss', 'accuracy', 'test_loss', 'test_accuracy', 'learning_rate', 'images_per_second', 'live']);

/** @type {Readonly<TrainingMetrics>} */
export const NO_METRICS = Object.freeze({ steps: [], columns: {} });

/** Does it go on, or wait for its turn? @param {Pick<Training, 'state'>} training */
export function isActive({ state }) {
  return ['queued', 'running', 'paused'].includes(state);
}

/** Is it a learning rate range test? It keeps no network. @param {Pick<Training, 'request'>} training */
export function isRangeTest({ request }) {
  return request.schedule?.name === 'range';
}

/** Is it one of the playground's? @param {Pick<Training, 'request'>} training */
export function isOfPoints({ request }) {
  return request.dataset?.id === 'points';
}

/** The newest checkpoint that a job tells of; null before the first. @param {JobState} job @returns {number|null} */
export function newestCheckpoint({ metrics }) {
  return metrics.checkpoint ?? null;
}

/** The training after a job's news; before its steps a job counts the pictures that it reads. @param {Training} training @param {JobState} job @returns {Training} */
export function advanced(training, { metrics, progress, state }) {
  const told = Object.fromEntries(FACTS.filter((key) => key in metrics).map((key) => [key, metrics[key]]));
  const counts = progress.unit === 'steps' ? { step: progress.done, steps: progress.total, loading: null } : { step: 0, steps: null, loading: { done: progress.done, total: progress.total } };
  return { ...training, ...told, state, step: Math.max(training.step, metrics.step ?? counts.step), steps: counts.steps ?? training.steps, loading: counts.loading, seconds_left: secondsLeft({ ...training, ...told }) };
}

/** Seconds until the end, from its pace; null while nobody knows. @param {Training} training */
export function secondsLeft({ request, step, steps, images_per_second: pace, seconds_left: told }) {
  const batch = request.batch ?? null;
  return batch && pace ? (Math.max(0, steps - step) * batch) / pace : told;
}

/** Rows behind those that are known; a column that only one of them has is filled with null. @param {TrainingMetrics} known @param {TrainingMetrics} more @returns {TrainingMetrics} */
export function joined(known, more) {
  const last = known.steps.at(-1) ?? -Infinity;
  const from = more.steps.findIndex((step) => step > last);
  if (from < 0) return known;
  const names = [...new Set([...Object.keys(known.columns), ...Object.keys(more.columns)])];
  const fill = (/** @type {TrainingMetrics} */ { steps, columns }, /** @type {string} */ name) => columns[name] ?? steps.map(() => null);
  return {
    steps: [...known.steps, ...more.steps.slice(from)],
    columns: Object.fromEntries(names.map((name) => [name, [...fill(known, name), ...fill(more, name).slice(from)]])),
  };
}

/**
 * Follows a training for as long as it goes on; gives it as it is in the end.
 * @param {import('../api.js').Api} api
 * @param {string} id
 * @param {(news: {data: Training, metrics: TrainingMetrics}) => void} onNews
 * @param {{signal: AbortSignal, follow?: typeof followJob, pause?: number}} options
 * @returns {Promise<Training>}
 */
export async function followTraining(api, id, onNews, { signal, follow = followJob, pause = PAUSE }) {
  let metrics = NO_METRICS;
  let data = await fetchTraining(api, id, { signal });
  let checkpoint = /** @type {number|null} */ (data.checkpoints.at(-1)?.step ?? null);
  const tell = () => { if (!signal.aborted) onNews({ data, metrics }); };

  async function fetchRows() {
    const more = await fetchMetrics(api, id, metrics.steps.at(-1) ?? null, { signal });
    metrics = joined(metrics, more);
    tell();
  }
  /** Now and then the whole: new checkpoints and changes are told there. */
  async function fetchAll() {
    const { state } = data;
    const whole = await fetchTraining(api, id, { signal });
    data = isActive({ state }) && whole.step < data.step ? { ...data, checkpoints: whole.checkpoints, changes: whole.changes } : whole;
    tell();
  }
  const rows = createLatest(() => fetchRows().catch(ignore), pause);
  const whole = createLatest(() => fetchAll().catch(ignore), 2 * pause);

  /** @param {JobState} job */
  function hear(job) {
    const before = data;
    data = advanced(data, job);
    tell();
    if (data.step !== before.step || data.test_accuracy !== before.test_accuracy) rows.push(null);
    const newest = newestCheckpoint(job);
    if (newest !== checkpoint || data.state !== before.state) {
      checkpoint = newest;
      whole.push(null);
    }
  }

  tell();
  await fetchRows();
  const { job } = data;
  if (job === null || !isActive(data)) return data;
  try {
    await follow(`${api.base}/jobs/${encodeURIComponent(job)}/events`, hear, { signal, ask: () => api.job(job, { signal }) });
  } finally {
    rows.cancel();
    whole.cancel();
  }
  data = await fetchTraining(api, id, { signal });
  await fetchRows();
  return data;
}

/** What is lost now is fetched with the next news. */
function ignore() {}
