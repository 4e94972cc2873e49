import assert from 'node:assert/strict';
import { test } from 'node:test';
import { halfToFloat } from '../../static/js/core/numbers/half.js';
import { Stack } from '../../static/js/scene/stacks.js';

/** What the GPU makes of a value: its place in the range of its map. */
function shares(stack) {
  const [, hi] = stack.limits;
  return [...halfToFloat(stack.maps.image.data)].map((value) => value / hi);
}

test('halves go to the GPU as they are, other numbers scaled with their ranges', () => {
  const stack = new Stack([1, 2, 2]);
  const halves = Uint16Array.of(0x3c00, 0x4000, 0, 0);
  stack.setValues({ shape: [1, 2, 2], halves, data: new Float32Array(4) });
  stack.setRanges(() => ({ lo: 0, hi: 4, signed: false }), true);
  assert.equal(stack.maps.image.data, halves);
  assert.deepEqual(shares(stack), [0.25, 0.5, 0, 0]);

  stack.setValues({ shape: [1, 2, 2], data: Float32Array.of(1e9, 2e9, 0, -2e9) });
  stack.setRanges(() => ({ lo: 0, hi: 4e9, signed: false }), true);
  assert.deepEqual(shares(stack), [0.25, 0.5, 0, -0.5]);
});
