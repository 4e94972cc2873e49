import assert from 'node:assert/strict';
import { test } from 'node:test';
import { mapStats } from '../../static/js/core/maps/stats.js';
import { sharedRanges, sideOf } from '../../static/js/core/maps/ranges.js';
import { chain, conv, dense } from './networks.js';

const stats = (...maps) => mapStats({ shape: [maps.length, 1, maps[0].length], data: Float32Array.from(maps.flat()) });
const side = (signed, ...maps) => ({ stats: stats(...maps), signed, input: null });
const A = side(false, [0, 1], [0, 4], [0, 0]);
const B = side(false, [0, 3], [0, 2], [0, 0]);

test('each map on its own, all on one, or a fixed scale', () => {
  assert.deepEqual([0, 1, 2].map(sharedRanges([A], 'map')).map(({ hi }) => hi), [1, 4, 1]);
  assert.deepEqual(sharedRanges([A], 'layer')(0), { lo: 0, hi: 4, signed: false });
  assert.deepEqual(sharedRanges([A], 'fixed')(1), { lo: 0, hi: 2, signed: false });
});

test('two sides share every scale', () => {
  assert.deepEqual([0, 1].map(sharedRanges([A, B], 'map')).map(({ hi }) => hi), [3, 4]);
  assert.equal(sharedRanges([B, A], 'layer')(0).hi, 4);
});

test('a signed side makes the scale symmetric for both', () => {
  const range = sharedRanges([A, side(true, [-9, 1])], 'layer')(0);
  assert.deepEqual(range, { lo: -9, hi: 9, signed: true });
});

test('a map that the other side lacks has its own scale', () => {
  assert.equal(sharedRanges([A, side(false, [0, 9])], 'map')(1).hi, 4);
});

test('the units of a dense layer share one scale', () => {
  const vector = { stats: mapStats({ shape: [3], data: Float32Array.of(1, 7, 2) }), signed: false, input: null };
  assert.equal(sharedRanges([vector], 'map')(0).hi, 7);
});

test('signs follow from the network for outputs, from the values for layers inside a stage, and the input has its own range', () => {
  const model = chain([1, 4, 4], [conv('conv1', 2, 3, { activation: 'ReLU' }), dense('out', 3, null)], { input: { shape: [1, 4, 4], mean: [0.5], std: [0.25] } });
  const [input, stage] = model.stages;
  assert.equal(sideOf(model, stage, 'conv1_act', stats([-1, 1])).signed, false);
  assert.equal(sideOf(model, stage, 'conv1', stats([-1, 1])).signed, true);
  assert.equal(sideOf(model, stage, 'conv1', stats([0, 1])).signed, false);
  assert.deepEqual(sharedRanges([sideOf(model, input, 'input', stats([-2, 2]))], 'map')(0), { lo: -2, hi: 2, signed: false });
});
