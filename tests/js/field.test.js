import assert from 'node:assert/strict';
import { test } from 'node:test';
import { incoming } from '../../static/js/core/unit/connect.js';
import { receptiveField } from '../../static/js/core/unit/field.js';
import { harley, odd } from './networks.js';

/** The field found by following every edge down to the input. */
function traced(model, unit) {
  let front = [unit];
  while (front[0].stage !== 'input') {
    const found = new Map();
    for (const { from } of front.flatMap((one) => incoming(model, null, one))) found.set(`${from.channel},${from.y},${from.x}`, from);
    front = [...found.values()];
  }
  const [ys, xs] = [front.map(({ y }) => y), front.map(({ x }) => x)];
  return { top: Math.min(...ys), left: Math.min(...xs), bottom: Math.max(...ys) + 1, right: Math.max(...xs) + 1 };
}

for (const unit of [
  { stage: 'input', channel: 0, y: 31, x: 5 }, { stage: 'conv1', channel: 0, y: 27, x: 3 }, { stage: 'pool1', channel: 2, y: 5, x: 0 },
  { stage: 'conv2', channel: 15, y: 9, x: 4 }, { stage: 'pool2', channel: 3, y: 4, x: 2 }, { stage: 'fc1', channel: 60, y: 0, x: 0 },
]) {
  test(`field of ${unit.stage} = the pixels that its edges lead to`, () => {
    assert.deepEqual(receptiveField(harley(), unit), traced(harley(), unit));
  });
}

test('the field is clipped to the input where padding is', () => {
  assert.deepEqual(receptiveField(odd(), { stage: 'a', channel: 0, y: 0, x: 8 }), { top: 0, left: 7, bottom: 2, right: 9 });
});
