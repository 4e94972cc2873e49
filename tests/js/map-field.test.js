import assert from 'node:assert/strict';
import { test } from 'node:test';
import { cellField } from '../../static/js/core/unit/field.js';
import { mapArea } from '../../static/js/core/maps/field.js';
import { chain, conv, dense, pool } from './networks.js';

test('padded maps cover the whole picture', () => {
  const model = chain([1, 8, 8], [conv('a', 2, 3, { padding: 1 }), pool('b', 2)]);
  for (const layer of model.layers) assert.deepEqual(mapArea(model, layer), { top: 0, height: 1, left: 0, width: 1 });
});

test('without padding every cell lies in the middle of what it sees', () => {
  const model = chain([1, 9, 9], [conv('a', 2, 5, {}), pool('b', 2)]);
  for (const layer of model.layers) {
    const [, rows] = layer.output_shape;
    const { top, height } = mapArea(model, layer);
    for (let y = 0; y < rows; y++) {
      const box = cellField(model, layer, y, 0);
      assert.ok(Math.abs((box.top + box.bottom) / 2 - 9 * (top + (height * (y + 0.5)) / rows)) < 1e-9);
    }
  }
});

test('what has no places covers everything', () => {
  const model = chain([1, 8, 8], [dense('a', 5)]);
  assert.deepEqual(mapArea(model, model.layers[1]), { top: 0, height: 1, left: 0, width: 1 });
});
