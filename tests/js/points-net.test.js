/** The forward pass of the playground against PyTorch (points-reference.json, kept true by tests/unit/services/test_points_reference.py). */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { boundsOf, forward, gridOf, measure, passOf } from '../../static/js/core/points/network.js';

const { points, labels, networks } = JSON.parse(readFileSync(new URL('points-reference.json', import.meta.url), 'utf8'));
const [xs, ys] = [0, 1].map((axis) => Float32Array.from(points, (/** @type {number[]} */ point) => point[axis]));

/** @param {any} reference */
function networkOf({ activation, layers }) {
  return { layers: layers.map((/** @type {any} */ { weights, bias }, /** @type {number} */ i) => ({ weights, bias, activation: i === 0 ? activation : 'sigmoid' })) };
}

for (const reference of networks) {
  test(`${reference.activation}: hidden units, logit, probability and loss are PyTorch's`, () => {
    const network = networkOf(reference);
    const { sums, units } = forward(network, xs, ys);
    const near = (/** @type {number} */ a, /** @type {number} */ b) => assert.ok(Math.abs(a - b) <= 1e-5 * Math.max(1, Math.abs(b)), `${a} is not ${b}`);
    reference.hidden.forEach((/** @type {number[]} */ row, /** @type {number} */ unit) => row.forEach((value, i) => near(units[1][unit][i], value)));
    reference.logit.forEach((/** @type {number} */ value, /** @type {number} */ i) => near(sums[2][0][i], value));
    reference.probability.forEach((/** @type {number} */ value, /** @type {number} */ i) => near(units[2][0][i], value));
    const found = measure(network, points.map((/** @type {number[]} */ [x, y], /** @type {number} */ i) => [x, y, labels[i]]));
    near(found?.loss ?? NaN, reference.loss);
    const bounds = boundsOf(reference.activation);
    if (bounds) assert.ok(units[1].every((values) => values.every((v) => v >= bounds[0] - 1e-6 && v <= bounds[1] + 1e-6)));
  });
}

test('the grid runs from edge to edge, the largest y first', () => {
  const { xs: across, ys: down } = gridOf(3, [-6, 6]);
  assert.deepEqual([...across], [-6, 0, 6, -6, 0, 6, -6, 0, 6]);
  assert.deepEqual([...down], [6, 6, 6, 0, 0, 0, -6, -6, -6]);
});

test('a threshold unit has an accuracy but no loss; no points have neither', () => {
  const and = { layers: [{ weights: [[1, 1]], bias: [-1.5], activation: 'step' }] };
  assert.deepEqual(measure(and, [[0, 0, 0], [0, 1, 0], [1, 0, 0], [1, 1, 1]]), { loss: null, accuracy: 1 });
  assert.equal(measure(and, []), null);
  assert.equal(passOf(and, 1, 1).units[1][0][0], 1);
});
