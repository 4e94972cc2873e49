import assert from 'node:assert/strict';
import { test } from 'node:test';
import { peaks } from '../../static/js/core/peaks.js';

const map = (...rows) => [Float32Array.from(rows.flat()), rows.length, rows[0].length];

test('the highest local maxima come first, none of them beside another', () => {
  const [data, height, width] = map([9, 8, 0, 0], [7, 0, 0, 5], [0, 0, 0, 0]);
  assert.deepEqual(peaks(data, height, width, 5), [{ y: 0, x: 0, value: 9 }, { y: 1, x: 3, value: 5 }]);
  assert.equal(peaks(data, height, width, 1).length, 1);
});

test('a plateau counts once; a map that is the same everywhere has no peak', () => {
  assert.deepEqual(peaks(...map([0, 2, 2], [0, 2, 2]), 5), [{ y: 0, x: 1, value: 2 }]);
  assert.deepEqual(peaks(...map([3, 3], [3, 3]), 5), []);
});

test('negative maps have peaks, too', () => {
  assert.deepEqual(peaks(...map([-4, -1, -4]), 5), [{ y: 0, x: 1, value: -1 }]);
});
