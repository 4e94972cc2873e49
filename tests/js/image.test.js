import assert from 'node:assert/strict';
import { test } from 'node:test';
import { applyTransform, areaAverage, enlarge, SIDE, sweep } from '../../static/js/core/input/image.js';
import { neutralTransform } from '../../static/js/core/store.js';

/** A drawing with a block of full ink. */
function block(top, left, height, width) {
  const drawing = new Uint8Array(SIDE * SIDE);
  for (let y = top; y < top + height; y++) drawing.fill(255, y * SIDE + left, y * SIDE + left + width);
  return drawing;
}

const total = (/** @type {Uint8Array} */ drawing) => drawing.reduce((sum, value) => sum + value, 0) / 255;

test('area averaging is the mean of the alpha channel', () => {
  const rgba = new Uint8ClampedArray(4 * 2 * 4);
  rgba[3] = 255; // one of the four pixels of the left cell
  rgba.fill(255, 2 * 4, 4 * 4);
  rgba.fill(255, 6 * 4, 8 * 4);
  assert.deepEqual([...areaAverage(rgba, 2, 1, 2)], [64, 255]);
});

test('the neutral transformation changes nothing', () => {
  const drawing = block(4, 9, 20, 3);
  assert.deepEqual(applyTransform(drawing, neutralTransform()), drawing);
});

test('a shift moves whole pixels exactly', () => {
  const moved = applyTransform(block(4, 9, 10, 3), { ...neutralTransform(), dx: 5, dy: -2 });
  assert.deepEqual(moved, block(2, 14, 10, 3));
});

test('a quarter turn is exact, clockwise', () => {
  const turned = applyTransform(block(0, 13, 14, 2), { ...neutralTransform(), rotate: 90 });
  assert.deepEqual(turned, block(13, 14, 2, 14));
});

test('size changes the inked area by its square', () => {
  const half = applyTransform(block(4, 4, 20, 20), { ...neutralTransform(), scale: 0.5 });
  assert.ok(Math.abs(total(half) - 100) < 12, String(total(half)));
});

test('stroke width: one pixel more widens a line on both sides, one less takes it back', () => {
  const line = block(4, 12, 20, 3);
  const wide = applyTransform(line, { ...neutralTransform(), stroke: 1 });
  assert.equal(wide[14 * SIDE + 11], 255);
  assert.equal(wide[14 * SIDE + 15], 255);
  assert.equal(wide[14 * SIDE + 10], 0);
  const thin = applyTransform(wide, { ...neutralTransform(), stroke: -1 });
  assert.equal(thin[14 * SIDE + 11], 0);
  assert.equal(thin[14 * SIDE + 13], 255);
});

test('noise is the same every time and stays in range', () => {
  const noisy = { ...neutralTransform(), noise: 0.4 };
  const drawing = block(4, 12, 20, 3);
  assert.deepEqual(applyTransform(drawing, noisy), applyTransform(drawing, noisy));
  assert.notDeepEqual(applyTransform(drawing, noisy), drawing);
});

test('a sweep holds one drawing a value', () => {
  const drawing = block(4, 9, 10, 3);
  const batch = sweep(drawing, neutralTransform(), 'dx', [0, 3]);
  assert.deepEqual(batch.subarray(0, 784), drawing);
  assert.deepEqual(batch.subarray(784), block(4, 12, 10, 3));
});

test('an enlarged drawing has its ink where it was', () => {
  const large = enlarge(block(10, 10, 8, 8), 4);
  const alpha = (/** @type {number} */ y, /** @type {number} */ x) => large[(y * 112 + x) * 4 + 3];
  assert.equal(alpha(56, 56), 255);
  assert.equal(alpha(8, 8), 0);
});
