import assert from 'node:assert/strict';
import { test } from 'node:test';
import { layoutOf } from '../../static/js/core/layout/layout.js';
import { firstUnit, moved } from '../../static/js/scene/keyboard.js';
import { harley } from './networks.js';

const model = harley();
const layout = layoutOf(model, '3d');
const go = (key, unit, hidden = new Set()) => moved(key, model, layout, unit, hidden);
const unit = { stage: 'conv1', channel: 2, y: 14, x: 14 };

test('keys begin in the middle of the first layer behind the input', () => {
  assert.deepEqual(firstUnit(model), { stage: 'conv1', channel: 0, y: 14, x: 14 });
});

test('arrows move within the map, brackets between maps', () => {
  assert.deepEqual(go('ArrowUp', unit), { ...unit, y: 13 });
  assert.deepEqual(go('ArrowRight', { ...unit, x: 27 }), { ...unit, x: 27 });
  assert.deepEqual(go(']', unit), { ...unit, channel: 3 });
  assert.deepEqual(go('[', { ...unit, channel: 0 }), { ...unit, channel: 0 });
});

test('page keys go to the same place of the next layer, over hidden ones, and stay at the ends', () => {
  assert.deepEqual(go('PageUp', unit), { stage: 'pool1', channel: 2, y: 7, x: 7 });
  assert.equal(go('PageUp', unit, new Set(['pool1'])).stage, 'conv2');
  assert.equal(go('PageDown', unit).stage, 'input');
  const output = { stage: 'out', channel: 9, y: 0, x: 0 };
  assert.deepEqual(go('PageUp', output), output);
});

test('other keys move nothing', () => {
  assert.equal(go('a', unit), null);
});
