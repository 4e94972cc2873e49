import assert from 'node:assert/strict';
import { test } from 'node:test';
import { FIXED } from '../../static/js/core/numbers/fixed-range.js';
import { colourOf, isSigned, paint, rangeOf, stageRange } from '../../static/js/core/numbers/colormap.js';
import { chain, conv, harley, odd, pool } from './networks.js';

const ramp = Uint8Array.from({ length: 768 }, (_, i) => Math.floor(i / 3));
const palette = { sequential: ramp, diverging: ramp.map((value) => 255 - value) };
const tensor = { shape: [2, 1, 2], data: new Float32Array([0, 1, -4, 2]) };

test('ranges of a map, of a layer, and the fixed one', () => {
  assert.deepEqual(rangeOf(tensor, 0, 'map', false), { lo: 0, hi: 1, signed: false });
  assert.deepEqual(rangeOf(tensor, 1, 'map'), { lo: -4, hi: 4, signed: true });
  assert.deepEqual(rangeOf(tensor, 0, 'layer'), { lo: -4, hi: 4, signed: true });
  assert.deepEqual(rangeOf(tensor, 0, 'fixed', false), { lo: 0, hi: FIXED, signed: false });
});

test('a dense layer has one range: a unit alone would always be full', () => {
  assert.equal(rangeOf({ shape: [3], data: new Float32Array([1, 2, 3]) }, 0, 'map').hi, 3);
});

test('nothing but zeros, or values that are no numbers, still give a range', () => {
  assert.deepEqual(rangeOf({ shape: [1, 1, 2], data: new Float32Array(2) }, 0, 'map'), { lo: 0, hi: 1, signed: false });
  assert.equal(rangeOf({ shape: [1, 1, 3], data: new Float32Array([NaN, Infinity, 2]) }, 0, 'map').hi, 2);
});

test('zero is plain: first entry of a sequential map, the middle of a diverging one', () => {
  assert.deepEqual(colourOf(0, { lo: 0, hi: 3, signed: false }, palette), [0, 0, 0]);
  assert.deepEqual(colourOf(3, { lo: 0, hi: 3, signed: false }, palette), [255, 255, 255]);
  const at = (value) => 255 - colourOf(value, { lo: -3, hi: 3, signed: true }, palette)[0];
  assert.deepEqual([at(-3), at(0), at(3), at(NaN), at(-9), at(9)], [0, 128, 255, 128, 0, 255]);
});

test('paint agrees with colourOf on every value', () => {
  const range = { lo: -2, hi: 2, signed: true };
  const values = Float32Array.from({ length: 99 }, (_, i) => i / 20 - 2.5);
  const rgba = new Uint8ClampedArray(4 * 99);
  paint(values, range, palette, rgba);
  values.forEach((value, i) => assert.deepEqual([...rgba.subarray(4 * i, 4 * i + 4)], [...colourOf(value, range, palette), 255]));
});

test('whether a stage is signed follows from the network', () => {
  assert.ok(isSigned(harley(), 'conv1') && isSigned(harley(), 'pool1') && isSigned(harley(), 'out'));
  const relu = chain([1, 8, 8], [conv('a', 2, 3, { activation: 'ReLU' }), pool('p', 2)]);
  assert.ok(!isSigned(relu, 'a') && !isSigned(relu, 'p') && !isSigned(odd(), 'd'));
});

test('the input runs from background to full ink, normalised', () => {
  const model = { ...harley(), input: { shape: [1, 32, 32], mean: [0.5], std: [0.25] } };
  assert.deepEqual(stageRange(model, model.stages[0], tensor, 0, 'map'), { lo: -2, hi: 2, signed: false });
  assert.equal(stageRange(model, model.stages[1], tensor, 0, 'map').signed, true);
});
