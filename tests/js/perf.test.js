import assert from 'node:assert/strict';
import { test } from 'node:test';
import { measured, meters, record } from '../../static/js/core/perf.js';

test('a meter keeps the last, the mean and the worst', () => {
  for (const milliseconds of [1, 5, 3]) record('test', milliseconds);
  const { last, mean, worst, count } = meters.test;
  assert.deepEqual({ last, mean, worst, count }, { last: 3, mean: 3, worst: 5, count: 3 });
});

test('only the last 120 count', () => {
  record('many', 1000);
  for (let i = 0; i < 120; i++) record('many', 2);
  assert.equal(meters.many.worst, 2);
});

test('measured gives the result of the work', () => {
  assert.equal(measured('work', () => 42), 42);
  assert.ok(meters.work.last >= 0);
});
