import assert from 'node:assert/strict';
import { test } from 'node:test';
import { countDead, deadness, mapStats, orderMaps, parseIndices, statsOf } from '../../static/js/core/map-stats.js';

const tensor = (...maps) => ({ shape: [maps.length, 1, maps[0].length], data: Float32Array.from(maps.flat()) });
const all = { sort: 'index', indices: null, hideDead: false };

test('each map has its own numbers', () => {
  const stats = mapStats(tensor([0, 0, 2, 6], [-1, -1, -1, -1]));
  assert.deepEqual([...stats.min], [0, -1]);
  assert.deepEqual([...stats.max], [6, -1]);
  assert.deepEqual([...stats.mean], [2, -1]);
  assert.deepEqual([...stats.variance], [6, 0]);
  assert.deepEqual([...stats.zeros], [0.5, 0]);
});

test('values that are not finite are left out; a constant map of any size has no variance', () => {
  const stats = mapStats(tensor([NaN, 1, Infinity, 3], [NaN, NaN, NaN, NaN], [1e7, 1e7, 1e7, 1e7]));
  assert.deepEqual([...stats.mean], [2, 0, 1e7]);
  assert.deepEqual([...stats.max], [3, 0, 1e7]);
  assert.deepEqual([...stats.variance], [1, 0, 0]);
});

test('a layer is measured once', () => {
  const layer = tensor([1, 2]);
  assert.equal(statsOf(layer), statsOf(layer));
});

test('a map is dead where it is the same everywhere; a single number never is', () => {
  const stats = mapStats(tensor([0, 0], [3, 3], [0, 1]));
  assert.deepEqual([0, 1, 2].map((map) => deadness(stats, map)), ['zeros', 'constant', null]);
  assert.equal(countDead(stats), 2);
  assert.equal(countDead(mapStats({ shape: [2], data: Float32Array.of(0, 0) })), 0);
});

test('a search names single maps and runs of them', () => {
  const found = (text) => [...(parseIndices(text, 10).indices ?? ['all'])];
  assert.deepEqual(found(''), ['all']);
  assert.deepEqual(found('7'), [7]);
  assert.deepEqual(found('3-5'), [3, 4, 5]);
  assert.deepEqual(found('5, 8'), [5, 8]);
  assert.deepEqual(found('8-'), [8, 9]);
  assert.deepEqual(found('-1'), [0, 1]);
  assert.deepEqual(found('7-99'), [7, 8, 9]);
  assert.deepEqual(found('12'), []);
  assert.deepEqual(parseIndices('4 cats', 10), { indices: new Set([4]), readable: false });
});

test('maps in an order: the largest first, equal ones by index', () => {
  const stats = mapStats(tensor([0, 1], [0, 0], [4, 4], [0, 1], [-9, 9]));
  const order = (choice) => orderMaps(stats, { ...all, ...choice });
  assert.deepEqual(order({}), [0, 1, 2, 3, 4]);
  assert.deepEqual(order({ sort: 'mean' }), [2, 0, 3, 1, 4]);
  assert.deepEqual(order({ sort: 'max' }), [4, 2, 0, 3, 1]);
  assert.deepEqual(order({ sort: 'variance' }), [4, 0, 3, 1, 2]);
  assert.deepEqual(order({ sort: 'zeros' }), [1, 0, 3, 2, 4]);
  assert.deepEqual(order({ hideDead: true, indices: new Set([1, 3, 4]) }), [3, 4]);
});
