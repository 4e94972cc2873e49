/**
 * The curves of a training as they are drawn: the columns of its metrics over steps or epochs, smoothed or not, beside those
 * of a second one; and which row or moment lies under the pointer.
 *
 * @typedef {import('./types.js').Training} Training
 * @typedef {import('./types.js').TrainingMetrics} TrainingMetrics
 * @typedef {(number|null)[]} Values
 * @typedef {'step'|'epoch'} Axis
 * @typedef {{xs: number[], columns: Record<string, Values>}} Table  Columns as long as `xs`, which rise.
 */
import { isOver, stops } from './timeline.js';

/** Most rows of the table for readers who do not see the curves. */
const TABLE_ROWS = 40;
/** A test loss this much above its lowest value is a sign of over-fitting. */
const RISE = 1.1;
/** Who has been right so often has learnt something … */
const LEARNT = 0.5;
/** … and who has been wrong for so many rows has lost it. */
const LASTING = 5;

/** The metrics over steps or epochs. @param {TrainingMetrics} metrics @param {Pick<Training, 'steps_per_epoch'>} training @param {Axis} axis @returns {Table} */
export function tableOf({ steps, columns }, training, axis) {
  const perEpoch = Math.max(1, training.steps_per_epoch);
  const xs = axis === 'step' ? steps : steps.map((step, i) => columns.epoch?.[i] ?? step / perEpoch);
  return { xs, columns };
}

/** A step on the axis. @param {number} step @param {Pick<Training, 'steps_per_epoch'>} training @param {Axis} axis */
export function onAxis(step, training, axis) {
  return axis === 'step' ? step : step / Math.max(1, training.steps_per_epoch);
}

/** The step at a place of the axis. @param {number} x @param {Pick<Training, 'steps_per_epoch'>} training @param {Axis} axis */
export function stepOnAxis(x, training, axis) {
  return axis === 'step' ? x : x * Math.max(1, training.steps_per_epoch);
}

/**
 * The exponential moving average, corrected for its start; what is missing stays missing.
 * @param {Values} values @param {number} weight  Of what came before, 0…1; 0: the values themselves.
 */
export function smoothed(values, weight) {
  if (weight <= 0) return values;
  let [mean, mass] = [0, 0];
  return values.map((value) => {
    if (value === null) return null;
    mean = weight * mean + (1 - weight) * value;
    mass = weight * mass + (1 - weight);
    return mean / mass;
  });
}

/** A loss so many times the first one has left all bounds. */
const WILD = 1000;

/** Does a curve leap so far that on a linear scale nothing else is seen? @param {Values|undefined} values */
export function isWild(values = []) {
  const first = values.find((value) => value !== null && value > 0);
  return first !== undefined && first !== null && values.some((value) => value !== null && value > WILD * first);
}

/** What a logarithmic scale can show. @param {Values} values @returns {Values} */
export function positive(values) {
  return values.map((value) => (value !== null && value > 0 ? value : null));
}

/** Shares that are wrong, from shares that are right. @param {Values} values @returns {Values} */
export function errors(values) {
  return values.map((value) => (value === null ? null : 1 - value));
}

/** Several tables over one axis: each with the xs of all, null where it has no row. @param {Table[]} tables @returns {Table[]} */
export function aligned(tables) {
  if (tables.length === 1) return tables;
  const xs = [...new Set(tables.flatMap((table) => table.xs))].sort((a, b) => a - b);
  const place = new Map(xs.map((x, i) => [x, i]));
  return tables.map((table) => {
    const spread = (/** @type {Values} */ values) => {
      const out = /** @type {Values} */ (xs.map(() => null));
      table.xs.forEach((x, i) => { out[/** @type {number} */ (place.get(x))] = values[i]; });
      return out;
    };
    return { xs, columns: Object.fromEntries(Object.entries(table.columns).map(([name, values]) => [name, spread(values)])) };
  });
}

/** The last value at or before a row; null where there is none. @param {Values} values @param {number} row */
export function lastKnown(values, row) {
  for (let i = Math.min(row, values.length - 1); i >= 0; i--) if (values[i] !== null) return values[i];
  return null;
}

/** Has a column anything to show? @param {Values|undefined} values @returns {values is Values} */
export function hasValues(values) {
  return values?.some((value) => value !== null) ?? false;
}

/** The row nearest to a place; −1 of none. @param {number[]} xs @param {number} x */
export function nearestRow(xs, x) {
  return xs.reduce((best, value, i) => (best < 0 || Math.abs(value - x) < Math.abs(xs[best] - x) ? i : best), -1);
}

/** The moment nearest to a step: a checkpoint's, or null for the newest weights. @param {Training} training @param {number} step @returns {number|null} */
export function nearestMoment(training, step) {
  const away = (/** @type {number|null} */ moment) => Math.abs((moment ?? training.step) - step);
  return stops(training).reduce((best, moment) => (away(moment) <= away(best) ? moment : best));
}

/**
 * Where the axis ends: at the last step of a training that is over, else a little ahead of the present one, so that
 * the curve fills the picture and the axis changes seldom.
 * @param {Pick<Training, 'state'|'step'|'steps'>} training
 */
export function horizon({ state, step, steps }) {
  if (isOver({ state })) return Math.max(1, step);
  let end = Math.max(1, steps);
  while (end / 2 > 1.15 * step && end > 20) end /= 2;
  return Math.max(end, step);
}

/** Rows for a table: evenly spread, and every row of an evaluation, newest first. @param {TrainingMetrics} metrics @returns {number[]} */
export function tableRows({ steps, columns }) {
  const stride = Math.max(1, Math.ceil(steps.length / TABLE_ROWS));
  const isShown = (/** @type {number} */ row) => row % stride === 0 || row === steps.length - 1 || (columns.test_loss?.[row] ?? null) !== null;
  return steps.map((_, row) => row).filter(isShown).reverse();
}

/** The row in which the accuracy fell to less than half of its best, from where it has not come back; −1 where it has not fallen so far. @param {Values} accuracy */
function lostAt(accuracy) {
  const best = Math.max(...accuracy.map((value) => value ?? 0));
  const last = accuracy.findLastIndex((value) => value !== null && value >= best / 2);
  return best >= LEARNT && last < accuracy.length - LASTING ? last + 1 : -1;
}

/**
 * What the curves say, as a key and its numbers; null where nothing stands out.
 * @param {Pick<Training, 'diverged'|'changes'|'request'>} training @param {TrainingMetrics} metrics
 * @returns {{key: 'diverged'|'lost'|'overfitting', step: number}|null}
 */
export function insight({ diverged }, { steps, columns }) {
  if (diverged !== null && diverged !== undefined) return { key: 'diverged', step: diverged };
  const lost = lostAt(columns.accuracy ?? []);
  if (lost >= 0) return { key: 'lost', step: steps[lost] };
  const tests = steps.map((_, row) => row).filter((row) => (columns.test_loss?.[row] ?? null) !== null);
  if (tests.length < 3) return null;
  const loss = (/** @type {number} */ row) => /** @type {number} */ (columns.test_loss[row]);
  const best = tests.reduce((low, row) => (loss(row) < loss(low) ? row : low));
  const last = tests[tests.length - 1];
  const [before, after] = [lastKnown(columns.loss ?? [], best), lastKnown(columns.loss ?? [], last)];
  const falls = before !== null && after !== null && after < before;
  return loss(last) > RISE * loss(best) && falls ? { key: 'overfitting', step: steps[best] } : null;
}

/**
 * A range test's curve: the loss at each learning rate (Smith 2017), in order of the rate.
 * @param {TrainingMetrics} metrics @returns {{rates: number[], losses: Values}}
 */
export function rangeCurve({ steps, columns }) {
  const rows = steps.map((_, row) => row).filter((row) => (columns.learning_rate?.[row] ?? 0) !== null && (columns.learning_rate?.[row] ?? 0) > 0);
  return { rates: rows.map((row) => /** @type {number} */ (columns.learning_rate[row])), losses: rows.map((row) => columns.loss?.[row] ?? null) };
}
