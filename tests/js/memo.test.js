import assert from 'node:assert/strict';
import { test } from 'node:test';
import { lastOf } from '../../static/js/core/memo.js';

test('made once for the same inputs, anew for others', () => {
  let made = 0;
  const sum = lastOf((a, b) => { made += 1; return { sum: a + b }; });
  assert.equal(sum(1, 2), sum(1, 2));
  assert.equal(made, 1);
  assert.deepEqual(sum(2, 2), { sum: 4 });
  sum(1, 2);
  assert.equal(made, 3);
});
