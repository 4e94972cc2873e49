import assert from 'node:assert/strict';
import { test } from 'node:test';
import { nextTrail } from '../../static/js/core/unit/trail.js';

const unit = (stage, channel) => ({ stage, channel, y: 0, x: 0 });
const [out, fc, conv, other] = [unit('out', 7), unit('fc', 3), unit('conv', 1), unit('conv', 9)];
const feeds = (source, target) => (source === fc && target === out) || (source === conv && target === fc);

test('going down makes the trail longer, going back shorter', () => {
  let trail = nextTrail([], out, feeds);
  trail = nextTrail(trail, fc, feeds);
  trail = nextTrail(trail, conv, feeds);
  assert.deepEqual(trail, [out, fc, conv]);
  assert.deepEqual(nextTrail(trail, { ...fc }, feeds), [out, fc]);
});

test('a unit that does not feed the last one begins anew; no unit ends the trail', () => {
  assert.deepEqual(nextTrail([out, fc], other, feeds), [other]);
  assert.deepEqual(nextTrail([out, fc], null, feeds), []);
});
