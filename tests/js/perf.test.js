import assert from 'node:assert/strict';
import { test } from 'node:test';
import { measured, meters, record } from '../../static/js/core/perf.js';

test('a meter keeps the last, the median and the worst', () => {
  for (const milliseconds of [1, 9, 2]) record('test', milliseconds);
  const { last, median, worst, count } = meters.test;
  assert.deepEqual({ last, median, worst, count }, { last: 2, median: 2, worst: 9, count: 3 });
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
