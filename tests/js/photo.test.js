import assert from 'node:assert/strict';
import { test } from 'node:test';
import { SIDE } from '../../static/js/core/input/image.js';
import { fromPicture } from '../../static/js/core/input/digit-photo.js';

/** A drawing with a block of full ink. */
function block(top, left, height, width) {
  const drawing = new Uint8Array(SIDE * SIDE);
  for (let y = top; y < top + height; y++) drawing.fill(255, y * SIDE + left, y * SIDE + left + width);
  return drawing;
}

const total = (/** @type {Uint8Array} */ drawing) => drawing.reduce((sum, value) => sum + value, 0) / 255;

/** RGBA of a grey picture. @param {number} width @param {number} height @param {(y: number, x: number) => number} grey */
function picture(width, height, grey) {
  const rgba = new Uint8ClampedArray(width * height * 4).fill(255);
  for (let i = 0; i < width * height; i++) rgba.fill(grey(Math.floor(i / width), i % width), i * 4, i * 4 + 3);
  return rgba;
}

test('dark ink on light paper becomes white on black, fitted to 20 pixels in the middle', () => {
  const drawing = fromPicture(picture(200, 300, (y, x) => (y >= 40 && y < 240 && x >= 20 && x < 60 ? 30 : 240)), 200, 300);
  assert.ok(drawing);
  assert.equal(drawing[14 * SIDE + 14], 255);
  assert.equal(drawing[5 * SIDE + 14], 255);
  assert.equal(drawing[2 * SIDE + 14], 0);
  assert.ok(Math.abs(total(drawing) - 80) < 4, String(total(drawing)));
});

test('light ink on dark paper stays light; a 28×28 picture stays as it is', () => {
  const light = fromPicture(picture(60, 60, (y, x) => (Math.abs(x - 30) < 5 && Math.abs(y - 30) < 20 ? 250 : 5)), 60, 60);
  assert.equal(light?.[14 * SIDE + 14], 255);
  const exact = block(4, 12, 20, 3);
  assert.deepEqual(fromPicture(picture(28, 28, (y, x) => exact[y * SIDE + x]), 28, 28), exact);
});

test('a picture without ink is no drawing', () => {
  assert.equal(fromPicture(picture(50, 50, () => 200), 50, 50), null);
});
