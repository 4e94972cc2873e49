import assert from 'node:assert/strict';
import { test } from 'node:test';
import { columnFormat, fullNumber, signedShort, unitAddress, unitLabel } from '../../static/js/core/unit/text.js';

const model = {
  id: 'net', classes: ['zero', 'one'],
  stages: [
    { id: 'input', output: 'input', shape: [1, 28, 28] }, { id: 'conv', output: 'relu', shape: [6, 8, 8] },
    { id: 'fc', output: 'fc_relu', shape: [20] }, { id: 'out', output: 'out', shape: [2] },
  ],
};
const unit = (stage, channel, y = 0, x = 0) => ({ stage, channel, y, x });

test('labels say no more than the stage needs', () => {
  assert.equal(unitLabel(model, unit('input', 0, 3, 4)), 'input · (3,4)');
  assert.equal(unitLabel(model, unit('conv', 5, 3, 4)), 'conv · 5 · (3,4)');
  assert.equal(unitLabel(model, unit('fc', 12)), 'fc · 12');
  assert.equal(unitLabel(model, unit('out', 1)), 'out · one');
});

test('addresses name the layer whose value is shown', () => {
  assert.equal(unitAddress(model, unit('conv', 5, 3, 4)), 'net/relu/5,3,4');
  assert.equal(unitAddress(model, unit('fc', 12)), 'net/fc_relu/12');
});

test('numbers: a sign, all digits of a float32, one column with equal decimals', () => {
  assert.equal(signedShort(1.2345, 'en'), '+1.23');
  assert.equal(signedShort(-1.2345, 'en'), '−1.23');
  assert.equal(fullNumber(Math.fround(-0.1)), '−0.100000001');
  const format = columnFormat([12.345, -0.5], 'en');
  assert.deepEqual([12.344, -0.5].map(format), ['12.34', '−0.50']);
  assert.equal(columnFormat([0.113, 0.0226], 'en')(0.0226), '0.0226');
});
