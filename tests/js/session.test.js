import assert from 'node:assert/strict';
import { test } from 'node:test';
import { hasUnit, lutBytes, paletteFor } from '../../static/js/core/session.js';

const maps = [
  { id: 'd', title: '', kind: 'diverging', theme: 'dark', lut: '0102ff' },
  { id: 's', title: '', kind: 'sequential', theme: 'dark', lut: '000000' },
  { id: 's2', title: '', kind: 'sequential', theme: 'dark', lut: 'ffffff' },
];

test('a table of hex colours becomes bytes', () => {
  assert.deepEqual([...lutBytes('0102ff00')], [1, 2, 255, 0]);
});

test('the first map of each kind and theme is the default; without both there is no palette', () => {
  assert.deepEqual([...(paletteFor(maps, 'dark')?.sequential ?? [])], [0, 0, 0]);
  assert.equal(paletteFor(maps, 'light'), null);
});

test('a unit of another network may not exist in this one', () => {
  const model = /** @type {any} */ ({ stages: [{ id: 'conv1', shape: [6, 28, 28] }, { id: 'fc', shape: [10] }] });
  assert.equal(hasUnit(model, { stage: 'conv1', channel: 5, y: 27, x: 0 }), true);
  assert.equal(hasUnit(model, { stage: 'conv1', channel: 6, y: 0, x: 0 }), false);
  assert.equal(hasUnit(model, { stage: 'fc', channel: 9, y: 0, x: 0 }), true);
  assert.equal(hasUnit(model, { stage: 'fc', channel: 9, y: 0, x: 1 }), false);
  assert.equal(hasUnit(model, { stage: 'pool9', channel: 0, y: 0, x: 0 }), false);
  assert.equal(hasUnit(model, null), false);
});
