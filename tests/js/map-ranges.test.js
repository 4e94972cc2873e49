import assert from 'node:assert/strict';
import { test } from 'node:test';
import { mapStats } from '../../static/js/core/map-stats.js';
import { sharedRanges, sideOf } from '../../static/js/core/map-ranges.js';

const stats = (...maps) => mapStats({ shape: [maps.length, 1, maps[0].length], data: Float32Array.from(maps.flat()) });
const plain = { signed: false, input: null };

test('one layer: a scale for each map, for all, or fixed', () => {
  const side = { ...plain, stats: stats([0, 2], [0, 8]) };
  assert.deepEqual(sharedRanges([side], 'map')(0), { lo: 0, hi: 2, signed: false });
  assert.deepEqual(sharedRanges([side], 'map')(null), { lo: 0, hi: 8, signed: false });
  assert.deepEqual(sharedRanges([side], 'layer')(0), { lo: 0, hi: 8, signed: false });
  assert.deepEqual(sharedRanges([side], 'fixed')(0), { lo: 0, hi: 2, signed: false });
});

test('two layers share what they are compared on: the larger limit, signed where one of them is', () => {
  const left = { ...plain, stats: stats([0, 2], [0, 8]) };
  const right = { ...plain, signed: true, stats: stats([-5, 1]) };
  const ranges = sharedRanges([left, right], 'map');
  assert.deepEqual(ranges(0), { lo: -5, hi: 5, signed: true });
  assert.deepEqual(ranges(1), { lo: -8, hi: 8, signed: true }); // the other layer has no second map
  assert.deepEqual(sharedRanges([left, right], 'layer')(0), { lo: -8, hi: 8, signed: true });
});

test('all zeros still have a range; units without places share one', () => {
  assert.deepEqual(sharedRanges([{ ...plain, stats: stats([0, 0]) }], 'map')(0), { lo: 0, hi: 1, signed: false });
  const vector = { ...plain, stats: mapStats({ shape: [2], data: Float32Array.of(1, 3) }) };
  assert.deepEqual(sharedRanges([vector], 'map')(0), { lo: 0, hi: 3, signed: false });
});

test('the input runs from black to white in every channel; a layer before its ReLU is signed', () => {
  const stages = [{ id: 'input', inputs: [], output: 'input', shape: [2, 1, 2] }, { id: 'conv', inputs: ['input'], output: 'relu', activation: 'ReLU', shape: [1, 1, 2] }];
  const layer = (id, role) => ({ id, role });
  const model = { stages, layers: [layer('input', 'input'), layer('conv', 'weighted'), layer('relu', 'activation')], input: { mean: [0.5, 0.25], std: [0.5, 0.25] } };
  const input = sharedRanges([sideOf(model, stages[0], 'input', stats([0, 1], [0, 1]))], 'layer');
  assert.deepEqual([input(0), input(1)], [{ lo: -1, hi: 1, signed: false }, { lo: -1, hi: 3, signed: false }]);
  assert.equal(sideOf(model, stages[1], 'relu', stats([0, 1])).signed, false);
  assert.equal(sideOf(model, stages[1], 'conv', stats([-1, 1])).signed, true);
});
