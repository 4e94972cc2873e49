import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  aligned, errors, horizon, insight, isWild, lastKnown, nearestMoment, nearestRow, onAxis, positive, rangeCurve, smoothed, stepOnAxis, tableOf, tableRows,
} from '../../static/js/core/train/curves.js';

const training = /** @type {any} */ ({ state: 'running', step: 100, steps: 400, steps_per_epoch: 50, checkpoints: [{ step: 0 }, { step: 10 }, { step: 50 }, { step: 100 }] });

test('smoothing is an average that starts unbiased and keeps gaps', () => {
  assert.deepEqual(smoothed([1, null, 1, 1], 0.9).map((value) => value && Number(value.toFixed(9))), [1, null, 1, 1]);
  const values = [1, 3];
  assert.equal(smoothed(values, 0), values);
  assert.ok(Math.abs(/** @type {number} */ (smoothed(values, 0.5)[1]) - (0.25 * 1 + 0.5 * 3) / 0.75) < 1e-12);
});

test('the axis counts steps or epochs, and back', () => {
  const metrics = { steps: [25, 50], columns: { epoch: [null, 1.0], loss: [2, 1] } };
  assert.deepEqual(tableOf(metrics, training, 'step').xs, [25, 50]);
  assert.deepEqual(tableOf(metrics, training, 'epoch').xs, [0.5, 1]);
  assert.equal(stepOnAxis(onAxis(30, training, 'epoch'), training, 'epoch'), 30);
});

test('two runs share one axis', () => {
  const [a, b] = aligned([{ xs: [1, 3], columns: { loss: [5, 4] } }, { xs: [2, 3], columns: { loss: [7, 6] } }]);
  assert.deepEqual(a, { xs: [1, 2, 3], columns: { loss: [5, null, 4] } });
  assert.deepEqual(b.columns.loss, [null, 7, 6]);
});

test('a loss that leaps out of all bounds is told from one that falls', () => {
  assert.deepEqual([[2.3, 40, 2e6, null], [2.3, 1, 1e-5], [null], [0, 2, 30]].map(isWild), [true, false, false, false]);
  assert.equal(isWild(undefined), false);
});

test('a logarithm needs what is positive; errors are what accuracy lacks', () => {
  assert.deepEqual(positive([1, 0, null, -1]), [1, null, null, null]);
  assert.deepEqual(errors([1, null, 0.75]), [0, null, 0.25]);
});

test('readings: the nearest row, the last known value', () => {
  assert.equal(nearestRow([0, 10, 20], 14), 1);
  assert.equal(nearestRow([], 3), -1);
  assert.equal(lastKnown([0.5, null, null], 2), 0.5);
  assert.equal(lastKnown([null], 0), null);
});

test('a click chooses the nearest checkpoint; at the end, the newest weights', () => {
  assert.equal(nearestMoment(training, 4), 0);
  assert.equal(nearestMoment(training, 70), 50);
  assert.equal(nearestMoment(training, 99), null);
});

test('the axis runs ahead of the curve, and ends where the training did', () => {
  assert.equal(horizon(training), 200);
  assert.equal(horizon({ state: 'running', step: 200, steps: 400 }), 400);
  assert.equal(horizon({ state: 'done', step: 120, steps: 400 }), 120);
});

test('the table stays short and keeps every evaluation', () => {
  const steps = Array.from({ length: 400 }, (_, i) => i + 1);
  const rows = tableRows({ steps, columns: { test_loss: steps.map((step) => (step === 55 ? 1 : null)) } });
  assert.ok(rows.length < 45 && rows.includes(54));
  assert.equal(rows[0], 399);
});

test('over-fitting and divergence are told', () => {
  const steps = [10, 20, 30, 40];
  const columns = { loss: [2, 1, 0.5, 0.2], test_loss: [2, 1.2, 1.5, 1.9] };
  assert.deepEqual(insight({ ...training, diverged: null }, { steps, columns }), { key: 'overfitting', step: 20 });
  assert.equal(insight({ ...training, diverged: null }, { steps, columns: { ...columns, test_loss: [2, 1.2, 1.1, 1.15] } }), null);
  assert.deepEqual(insight({ ...training, diverged: 30 }, { steps, columns }), { key: 'diverged', step: 30 });
  const fallen = (/** @type {number[]} */ accuracy) => insight({ ...training, diverged: null }, { steps: accuracy.map((_, row) => 10 * row), columns: { accuracy } });
  assert.deepEqual(fallen([0.1, 0.9, 0.95, 0.2, 0.1, 0.1, 0.1, 0.1, 0.1]), { key: 'lost', step: 30 });
  assert.equal(fallen([0.1, 0.9, 0.95, 0.2, 0.1, 0.1, 0.1, 0.1, 0.6]), null, 'it has come back');
});

test('a range test is drawn over its learning rates', () => {
  assert.deepEqual(rangeCurve({ steps: [1, 2, 3], columns: { learning_rate: [null, 1e-4, 1e-3], loss: [2, 2.3, null] } }), { rates: [1e-4, 1e-3], losses: [2.3, null] });
});
