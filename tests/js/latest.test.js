import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createLatest } from '../../static/js/core/latest.js';

function recorder() {
  const runs = [];
  const run = (args, signal) => new Promise((resolve, reject) => {
    runs.push({ args, resolve });
    signal.addEventListener('abort', () => reject(new DOMException('stopped', 'AbortError')));
  });
  return { runs, run };
}

test('while one runs, only the newest waits', async (t) => {
  t.mock.timers.enable({ apis: ['setTimeout'] });
  const { runs, run } = recorder();
  const latest = createLatest(run, 100);
  for (const args of [1, 2, 3]) latest.push(args);
  assert.deepEqual(runs.map(({ args }) => args), [1]);
  runs[0].resolve();
  await Promise.resolve().then(() => {}).then(() => {});
  t.mock.timers.tick(100);
  assert.deepEqual(runs.map(({ args }) => args), [1, 3]);
});

test('cancel stops the run and what waits; the next one starts at once', (t) => {
  t.mock.timers.enable({ apis: ['setTimeout'] });
  const { runs, run } = recorder();
  const latest = createLatest(run, 100);
  latest.push(1);
  latest.push(2);
  latest.cancel();
  latest.push(3);
  assert.deepEqual(runs.map(({ args }) => args), [1, 3]);
});
