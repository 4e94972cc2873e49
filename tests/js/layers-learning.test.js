import assert from 'node:assert/strict';
import { test } from 'node:test';
import { gradientPerWeight, overRun, spread, strength, verdicts } from '../../static/js/core/train/layers.js';

const layer = (/** @type {object} */ values) => /** @type {any} */ ({ layer: 'conv1', parameters: 100, weight_norm: 1, gradient: 1, change: 0.1, dead: 0, saturated: null, ...values });
const learning = (/** @type {object[]} */ ...layers) => ({ step: 10, layers: layers.map(layer) });

test('gradients are compared per weight', () => {
  assert.equal(gradientPerWeight(layer({})), 0.1);
  assert.equal(gradientPerWeight(layer({ gradient: null })), null);
});

test('a first layer without a gradient is told: it vanishes', () => {
  const [worst] = verdicts(learning({ layer: 'conv1', gradient: 1e-4 }, { layer: 'fc3', gradient: 1 }));
  assert.equal(worst.key, 'vanishing');
  assert.deepEqual(worst.layers, ['conv1', 'fc3']);
});

test('dead, saturated and exploding layers are named; nothing of it is healthy', () => {
  const keys = (/** @type {object[]} */ ...layers) => verdicts(learning(...layers)).map(({ key }) => key);
  assert.deepEqual(keys({ dead: 0.8 }, { saturated: 0.5 }), ['dead', 'saturated']);
  assert.deepEqual(keys({ gradient: 1e5 }), ['exploding']);
  assert.deepEqual(keys({}, {}), ['healthy']);
  assert.deepEqual(keys({ gradient: null }), ['start']);
});

test('a run is shown by few moments, its ends included', () => {
  const steps = Array.from({ length: 80 }, (_, i) => i * 10);
  const few = spread(steps, 5);
  assert.deepEqual([few.length, few[0], few[4]], [5, 0, 790]);
  assert.deepEqual(spread([1, 2]), [1, 2]);
});

test('what is known of a layer, in order of the steps', () => {
  const known = new Map([[20, learning({ dead: 0.5 })], [10, learning({ dead: 0.25 })]]);
  assert.deepEqual(overRun(known, 'conv1', 'dead'), [{ step: 10, value: 0.25 }, { step: 20, value: 0.5 }]);
});

test('strengths go by orders of magnitude, shares as they are', () => {
  assert.equal(strength(0.3, 'dead', 1), 0.3);
  assert.equal(strength(10, 'gradient', 10), 1);
  assert.ok(Math.abs(strength(0.01, 'gradient', 10) - 0.4) < 1e-9);
  assert.equal(strength(null, 'change', 1), 0);
});
