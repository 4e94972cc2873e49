/**
 * The moments of a training on a line: where each lies, which is nearest, what is known of it.
 * Places run from 0 to 1 with the square root of the step: at the beginning a network changes within a few steps.
 *
 * @typedef {import('./types.js').Training} Training
 * @typedef {import('./types.js').TrainingMetrics} TrainingMetrics
 * @typedef {import('./types.js').CheckpointInfo} CheckpointInfo
 * @typedef {{x: number, y: number, step: number}} Point  x: a place; y: the value.
 *
 * @typedef {object} Reading  What is known of a moment.
 * @property {number} step
 * @property {number} epoch
 * @property {number|null} loss
 * @property {number|null} accuracy       Of the training batches.
 * @property {number|null} testAccuracy   Null where nobody has measured it; of the newest weights the last one that was measured.
 * @property {number} testedAt            The step at which that was.
 */
const OVER = ['done', 'failed', 'cancelled', 'interrupted'];
/** Most names of epochs below the line. */
const MOST_TICKS = 6;

/** Will no further step come by itself? @param {Pick<Training, 'state'>} training */
export function isOver({ state }) {
  return OVER.includes(state);
}

/** The step at the line's right end: all that is planned, or, once it is over, all that was done. @param {Pick<Training, 'state'|'step'|'steps'>} training */
export function lastStep({ state, step, steps }) {
  return Math.max(1, OVER.includes(state) ? step : steps, step);
}

/** The place of a step. @param {number} step @param {number} last */
export function placeOf(step, last) {
  return Math.sqrt(Math.max(0, Math.min(1, step / last)));
}

/** The step at a place. @param {number} place @param {number} last */
export function stepAt(place, last) {
  return Math.max(0, Math.min(1, place)) ** 2 * last;
}

/** The steps of the checkpoints, in order. @param {Pick<Training, 'checkpoints'>|null} training */
export function momentsOf(training) {
  return [...new Set((training?.checkpoints ?? []).map(({ step }) => step))].sort((a, b) => a - b);
}

/**
 * The moments that can be gone to: each checkpoint, and at the end null, the newest weights. A checkpoint that holds just
 * these is not named twice.
 * @param {Pick<Training, 'checkpoints'|'step'>} training @returns {(number|null)[]}
 */
export function stops(training) {
  return [...momentsOf(training).filter((step) => step < training.step), null];
}

/** The stop nearest to a place of the line. @param {Training} training @param {number} place @returns {number|null} */
export function nearestStop(training, place) {
  const last = lastStep(training);
  const distance = (/** @type {number|null} */ stop) => Math.abs(placeOf(stop ?? training.step, last) - place);
  return stops(training).reduce((best, stop) => (distance(stop) <= distance(best) ? stop : best));
}

/** The stop so many stops on, or back. @param {Training} training @param {number|null} moment @param {number} by @returns {number|null} */
export function stopBeside(training, moment, by) {
  const all = stops(training);
  const at = moment === null ? all.length - 1 : all.findIndex((stop) => stop === null || stop >= moment);
  return all[Math.max(0, Math.min(all.length - 1, at + by))];
}

/** Is there such a moment? @param {Training} training @param {number|null} moment */
export function hasMoment(training, moment) {
  return moment === null || momentsOf(training).includes(moment);
}

/** The last row at or before a step; −1 where there is none. @param {number[]} steps @param {number} step */
function rowAt(steps, step) {
  let [low, high] = [0, steps.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (steps[middle] <= step) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}

/** A column's last value at or before a step. @param {TrainingMetrics|null} metrics @param {string} column @param {number} step @returns {number|null} */
function valueAt(metrics, column, step) {
  const values = metrics?.columns[column];
  if (!metrics || !values) return null;
  return values[rowAt(metrics.steps, step)] ?? null;
}

/** The step of the last evaluation on test pictures; −1 without one. @param {TrainingMetrics|null} metrics */
function lastTested(metrics) {
  const row = metrics?.columns.test_accuracy?.findLastIndex((value) => value !== null) ?? -1;
  return metrics?.steps[row] ?? -1;
}

/** What is known of a moment. @param {Training} training @param {TrainingMetrics|null} metrics @param {number|null} moment @returns {Reading} */
export function readingOf(training, metrics, moment) {
  if (moment === null) {
    const { step, epoch, loss, accuracy, test_accuracy: testAccuracy } = training;
    // the curves' means over the last steps, where there are some: a single batch says less
    return { step, epoch, loss: valueAt(metrics, 'loss', step) ?? loss ?? null, accuracy: valueAt(metrics, 'accuracy', step) ?? accuracy ?? null, testAccuracy: testAccuracy ?? null, testedAt: training.state === 'done' ? step : lastTested(metrics) };
  }
  const checkpoint = training.checkpoints.find(({ step }) => step === moment);
  return {
    step: moment,
    epoch: checkpoint?.epoch ?? moment / Math.max(1, training.steps_per_epoch),
    loss: checkpoint?.loss ?? valueAt(metrics, 'loss', moment),
    accuracy: valueAt(metrics, 'accuracy', moment),
    testAccuracy: checkpoint?.test_accuracy ?? null,
    testedAt: moment,
  };
}

/** A column of the metrics along the line. @param {TrainingMetrics|null} metrics @param {string} column @param {number} last @returns {Point[]} */
export function curveOf(metrics, column, last) {
  const values = metrics?.columns[column] ?? [];
  return (metrics?.steps ?? []).flatMap((step, i) => {
    const y = values[i];
    return y === null || y === undefined ? [] : [{ x: placeOf(step, last), y, step }];
  });
}

/** The accuracy on the test pictures: evaluations while it trained, and what was asked for of single checkpoints. @param {Training} training @param {TrainingMetrics|null} metrics @returns {Point[]} */
export function testCurve(training, metrics) {
  const last = lastStep(training);
  const points = new Map(curveOf(metrics, 'test_accuracy', last).map((point) => [point.step, point]));
  for (const { step, test_accuracy: y } of training.checkpoints) {
    if (y !== null && y !== undefined) points.set(step, { x: placeOf(step, last), y, step });
  }
  return [...points.values()].sort((a, b) => a.step - b.step);
}

/** Whole epochs to name below the line, a few of them. @param {Training} training @returns {{epoch: number, x: number}[]} */
export function epochTicks(training) {
  const last = lastStep(training);
  const count = Math.floor(last / Math.max(1, training.steps_per_epoch));
  const stride = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000].find((each) => count / each <= MOST_TICKS) ?? count;
  const ticks = Array.from({ length: Math.floor(count / Math.max(1, stride)) }, (_, i) => (i + 1) * stride);
  return ticks.map((epoch) => ({ epoch, x: placeOf(epoch * training.steps_per_epoch, last) }));
}
