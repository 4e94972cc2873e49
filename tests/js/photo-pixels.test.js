import assert from 'node:assert/strict';
import { test } from 'node:test';
import { colourOrder, inputPixels, kernelPixels } from '../../static/js/core/input/photo-pixels.js';
import { responseNorm } from '../../static/js/ui/math.js';
import { rowsInSight } from '../../static/js/ui/virtual-rows.js';

const input = { channels: 'RGB', mean: [0.5, 0.5, 0.5], std: [0.5, 0.5, 0.5] };

test('an input goes back to the pixels that it was made from', () => {
  const data = Float32Array.of(-1, 1, 0, 0, 1, -1); // two pixels: red, green, blue planes
  assert.deepEqual([...inputPixels(data, input)], [0, 128, 255, 255, 255, 128, 0, 255]);
});

test('blue, green, red is turned round', () => {
  const data = Float32Array.of(1, 0, -1);
  assert.deepEqual([...inputPixels(data, { ...input, channels: 'BGR' })].slice(0, 3), [0, 128, 255]);
  assert.deepEqual(colourOrder({ channels: 'BGR' }), [2, 1, 0]);
  assert.equal(colourOrder({ channels: 'L' }), null);
});

test('kernels: grey is zero, the limit is black or white', () => {
  assert.deepEqual([...kernelPixels(Float32Array.of(-2, 0, 2), 0, 1, 2, [0, 1, 2])].slice(0, 3), [1, 128, 255]);
  assert.deepEqual([...kernelPixels(Float32Array.of(0, 0, 0), 0, 1, 0, [0, 1, 2])].slice(0, 3), [128, 128, 128]);
});

test('the parts of local response normalization', () => {
  const found = responseNorm('x/(2 + 0.0005/5·Σx²)^0.75, Σx² = 12.3 over channels 3–7');
  assert.deepEqual(found, { k: '2', alpha: '0.0005', size: '5', beta: '0.75', energy: '12.3', first: 3, last: 7 });
  assert.equal(responseNorm('max(0, x)'), null);
});

test('rows in sight, and some beyond', () => {
  assert.deepEqual(rowsInSight(1000, 20, 0, 200), { first: 0, last: 22 });
  const { first, last } = rowsInSight(1000, 20, 10_000, 200);
  assert.ok(first < 500 && first > 480 && last > 510 && last < 530);
  assert.equal(rowsInSight(1000, 20, 1e9, 200).last, 1000);
  assert.deepEqual(rowsInSight(5, 20, 0, 200), { first: 0, last: 5 });
});
