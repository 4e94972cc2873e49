import assert from 'node:assert/strict';
import { test } from 'node:test';
import { cellField } from '../../static/js/core/field.js';
import { mapArea } from '../../static/js/core/map-field.js';

const model = { input: { shape: [3, 32, 64] } };
const layer = (output_shape, size, jump, start) => ({ output_shape, receptive_field: { size: [size, size], jump: [jump, jump], start: [start, start] } });

test('a map with "same" padding covers the whole picture', () => {
  assert.deepEqual(mapArea(model, layer([8, 32, 64], 3, 1, 0)), { top: 0, height: 1, left: 0, width: 1 });
  assert.deepEqual(mapArea(model, layer([8, 16, 32], 2, 2, 0.5)), { top: 0, height: 1, left: 0, width: 1 });
});

test('without padding it covers the middle', () => {
  assert.deepEqual(mapArea(model, layer([8, 28, 60], 5, 1, 2)), { top: 2 / 32, height: 28 / 32, left: 2 / 64, width: 60 / 64 });
});

test('a single unit covers everything', () => {
  assert.deepEqual(mapArea(model, layer([8], 32, 0, 15.5)), { top: 0, height: 1, left: 0, width: 1 });
});

test('what a cell sees is clipped to the picture', () => {
  assert.deepEqual(cellField(model, layer([8, 32, 64], 5, 1, 0), 0, 10), { top: 0, left: 8, bottom: 3, right: 13 });
});
