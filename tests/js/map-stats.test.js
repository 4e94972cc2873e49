import assert from 'node:assert/strict';
import { test } from 'node:test';
import { arrange, countDead, deadness, mapStats, orderMaps, parseIndices, statsOf } from '../../static/js/core/maps/stats.js';

/** Maps of 2×2 values. @param {number[][]} maps */
const layer = (...maps) => ({ shape: [maps.length, 2, 2], data: Float32Array.from(maps.flat()) });
const SHOWN = layer([0, 0, 0, 0], [1, 2, 3, 4], [5, 5, 5, 5], [0, 0, 0, 8], [-1, 1, -1, 1]);

test('statistics of each map', () => {
  const stats = mapStats(SHOWN);
  assert.deepEqual([...stats.min], [0, 1, 5, 0, -1]);
  assert.deepEqual([...stats.max], [0, 4, 5, 8, 1]);
  assert.deepEqual([...stats.mean], [0, 2.5, 5, 2, 0]);
  assert.deepEqual([...stats.variance], [0, 1.25, 0, 12, 1]);
  assert.deepEqual([...stats.zeros], [1, 0, 0, 0.75, 0]);
});

test('a constant map has no variance, however large its values', () => {
  const value = Math.fround(123456.78);
  assert.equal(mapStats(layer([value, value, value, value])).variance[0], 0);
});

test('values that are not finite are left out', () => {
  const stats = mapStats(layer([NaN, Infinity, -Infinity, 3], [NaN, NaN, NaN, NaN]));
  assert.deepEqual([stats.min[0], stats.max[0], stats.mean[0]], [3, 3, 3]);
  assert.deepEqual([stats.min[1], stats.max[1], stats.mean[1]], [0, 0, 0]);
});

test('a tensor is measured once', () => {
  assert.equal(statsOf(SHOWN), statsOf(SHOWN));
});

test('a map is dead where it is the same everywhere; one number is not', () => {
  const stats = mapStats(SHOWN);
  assert.deepEqual([0, 1, 2, 3, 4].map((map) => deadness(stats, map)), ['zeros', null, 'constant', null, null]);
  assert.equal(countDead(stats), 2);
  assert.equal(deadness(mapStats({ shape: [2], data: Float32Array.of(0, 1) }), 0), null);
});

for (const [text, indices, readable = true] of [
  ['', null], ['  ', null], ['17', [17]], ['3-5', [3, 4, 5]], ['5,8', [5, 8]], ['8; 5 5', [5, 8]], ['18-', [18, 19]], ['-1', [0, 1]], ['3–4', [3, 4]],
  ['25', []], ['5-3', []], ['x', [], false], ['2 cat', [2], false], ['-', [], false],
]) {
  test(`search ${JSON.stringify(text)}`, () => {
    const found = parseIndices(text, 20);
    assert.deepEqual(found.indices && [...found.indices].sort((a, b) => a - b), indices);
    assert.equal(found.readable, readable);
  });
}

test('a range beyond the last map ends there', () => {
  assert.equal(parseIndices('0-99999999999', 20).indices?.size, 20);
});

test('maps in order: by index upwards, else the largest first; equal ones by index', () => {
  const stats = mapStats(SHOWN);
  const order = (sort, more = {}) => orderMaps(stats, { sort, indices: null, hideDead: false, ...more });
  assert.deepEqual(order('index'), [0, 1, 2, 3, 4]);
  assert.deepEqual(order('mean'), [2, 1, 3, 0, 4]);
  assert.deepEqual(order('max'), [3, 2, 1, 4, 0]);
  assert.deepEqual(order('variance'), [3, 1, 4, 0, 2]);
  assert.deepEqual(order('zeros'), [0, 3, 1, 2, 4]);
  assert.deepEqual(order('max', { hideDead: true }), [3, 1, 4]);
  assert.deepEqual(order('max', { indices: new Set([0, 1, 2]) }), [2, 1, 0]);
});

test('two sides with as many maps share an order; else each has its own', () => {
  const [a, b, c] = [layer([0, 0, 0, 1], [0, 0, 0, 9]), layer([0, 0, 0, 9], [0, 0, 0, 1]), layer([0, 0, 0, 7], [1, 1, 1, 1], [0, 0, 0, 8])].map(mapStats);
  assert.deepEqual(arrange(a, b, 'max', '', false), { orders: [[1, 0], [1, 0]], readable: true, dead: 0 });
  assert.deepEqual(arrange(a, c, 'max', '1-', true).orders, [[1], [2]]);
  assert.deepEqual(arrange(c, null, 'index', 'x', false), { orders: [[], []], readable: false, dead: 1 });
});
