import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createTensorCache, loadStages } from '../../static/js/core/input/pass-values.js';

const stages = 'abcdefg'.split('').map((id) => /** @type {any} */ ({ id }));

/** Loads that end when they are told to. */
function byHand() {
  const started = [];
  const open = new Map();
  const load = (stage) => {
    started.push(stage.id);
    return new Promise((resolve, reject) => open.set(stage.id, { resolve, reject }));
  };
  return { started, load, end: async (id) => { open.get(id).resolve(); await new Promise(setImmediate); }, fail: (id, error) => open.get(id).reject(error) };
}

test('three at a time, in order, the preferred one next', async () => {
  const { started, load, end } = byHand();
  const { prefer } = loadStages(stages, load, new AbortController().signal);
  assert.deepEqual(started, ['a', 'b', 'c']);
  prefer('f');
  prefer('nonesuch');
  await end('b');
  assert.deepEqual(started, ['a', 'b', 'c', 'f']);
  await end('a');
  assert.deepEqual(started, ['a', 'b', 'c', 'f', 'd']);
});

test('a failure ends it, and what is under way hears of it', async () => {
  const { started, load, fail } = byHand();
  let heard = false;
  const { finished } = loadStages(stages, (stage, signal) => { signal.addEventListener('abort', () => { heard = true; }); return load(stage); }, new AbortController().signal);
  fail('a', new Error('gone'));
  await assert.rejects(finished, /gone/);
  assert.equal(heard, true);
  assert.equal(started.length, 3);
});

test('an abort ends it', async () => {
  const control = new AbortController();
  const { started, load, end } = byHand();
  const { finished } = loadStages(stages, load, control.signal);
  control.abort();
  const over = assert.rejects(finished, { name: 'AbortError' });
  await end('a');
  await over;
  assert.equal(started.length, 3);
});

test('the cache forgets what was read longest ago, and never what just came', () => {
  const cache = createTensorCache(24);
  const tensor = (length) => ({ shape: [length], data: new Float32Array(length) });
  cache.set('a', tensor(2));
  cache.set('b', tensor(2));
  cache.set('c', tensor(2));
  cache.get('a');
  cache.set('d', tensor(2));
  assert.deepEqual(['a', 'b', 'c', 'd'].filter((key) => cache.get(key)), ['a', 'c', 'd']);
  cache.set('huge', tensor(100));
  assert.deepEqual(['a', 'c', 'd', 'huge'].filter((key) => cache.get(key)), ['huge']);
});
