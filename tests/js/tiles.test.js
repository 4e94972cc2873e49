import assert from 'node:assert/strict';
import { test } from 'node:test';
import { stripValues, tilePlan } from '../../static/js/core/layout/tiles.js';
import { strongestUnits } from '../../static/js/core/unit/strongest.js';

const ROOM = { width: 480, height: 176 };

test('maps are tiles of whole pixels, as large as lets all be seen', () => {
  const few = tilePlan([3, 28, 28], ROOM);
  const many = tilePlan([64, 28, 28], ROOM);
  assert.equal(few.kind, 'maps');
  assert.ok(Number.isInteger(few.cell) && few.cell > many.cell);
  assert.equal(tilePlan([3, 400, 400], ROOM).cell, 1);
});

test('a dense layer is a strip, a small one a single row', () => {
  assert.deepEqual([tilePlan([10], ROOM).width, tilePlan([10], ROOM).height], [10, 1]);
  const { kind, width, height } = tilePlan([300], ROOM);
  assert.equal(kind, 'strip');
  assert.equal(width * height, 300);
});

test('a strip is filled up with zeros', () => {
  const plan = { ...tilePlan([5], ROOM), height: 2, width: 3 };
  assert.deepEqual([...stripValues({ shape: [5], data: Float32Array.of(1, 2, 3, 4, 5) }, plan)], [1, 2, 3, 4, 5, 0]);
});

test('the strongest units by |value|, with their places', () => {
  const stage = { id: 'pool', shape: [2, 1, 2] };
  const found = strongestUnits(stage, { shape: [2, 1, 2], data: Float32Array.of(1, -4, 0, 2) }, 2);
  assert.deepEqual(found, [
    { unit: { stage: 'pool', channel: 0, y: 0, x: 1 }, value: -4 },
    { unit: { stage: 'pool', channel: 1, y: 0, x: 1 }, value: 2 },
  ]);
});
