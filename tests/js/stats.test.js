import assert from 'node:assert/strict';
import { test } from 'node:test';
import { histogram, summary } from '../../static/js/core/numbers/stats.js';

test('summary', () => {
  assert.deepEqual(summary(new Float32Array([0, 0, 2, 6])), { min: 0, max: 6, mean: 2, std: Math.sqrt(6), zeroFraction: 0.5 });
  assert.deepEqual(summary(new Float32Array()), { min: 0, max: 0, mean: 0, std: 0, zeroFraction: 0 });
  assert.equal(summary(new Float32Array([NaN, 1, Infinity])).max, 1);
});

test('histogram counts every value once, the largest in the last bin', () => {
  const { counts, edges } = histogram(new Float32Array([0, 1, 2, 3, 4]), 4);
  assert.deepEqual(counts, [1, 1, 1, 2]);
  assert.deepEqual(edges, [0, 1, 2, 3, 4]);
  assert.deepEqual(histogram(new Float32Array([5, 5]), 2).counts, [2, 0]);
});
