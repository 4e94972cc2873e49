import assert from 'node:assert/strict';
import { test } from 'node:test';
import { peaks } from '../../static/js/core/maps/peaks.js';

test('the highest local maxima, highest first, never two beside each other', () => {
  const map = Float32Array.of(
    0, 0, 0, 0, 7,
    0, 9, 8, 0, 0,
    0, 0, 0, 0, 0,
    5, 0, 0, 6, 0,
  );
  assert.deepEqual(peaks(map, 4, 5, 3), [{ y: 1, x: 1, value: 9 }, { y: 0, x: 4, value: 7 }, { y: 3, x: 3, value: 6 }]);
  assert.equal(peaks(map, 4, 5, 9).length, 4);
});

test('a plateau counts once, by its first cell', () => {
  assert.deepEqual(peaks(Float32Array.of(0, 2, 2, 0), 1, 4, 5), [{ y: 0, x: 1, value: 2 }]);
});

test('a map that is the same everywhere has no peak', () => {
  assert.deepEqual(peaks(new Float32Array(9), 3, 3, 5), []);
});

test('maps of negative values have peaks, too', () => {
  assert.deepEqual(peaks(Float32Array.of(-3, -1, -2), 1, 3, 5), [{ y: 0, x: 1, value: -1 }]);
});
