import assert from 'node:assert/strict';
import { mock, test } from 'node:test';
import { createAnswerCache, fanIn, followNeurons } from '../../static/js/core/unit/neurons.js';
import { createStore, initialState } from '../../static/js/core/store.js';
import { harley } from './networks.js';

const unit = (stage, channel, y = 0, x = 0) => ({ stage, channel, y, x });
const answer = (count) => ({ products: new Array(count).fill(0) });
const settle = () => new Promise(setImmediate);

/** A store with a network whose kernels stay on the server, and an API that notes what it is asked. */
function page({ kernels = null } = {}) {
  const store = createStore({ ...initialState(), model: harley(), kernels, frame: { seq: 1, prediction: { top: [] }, tensors: new Map() } });
  const asked = [];
  const api = { neuron: async (pass, layer, place, { signal }) => {
    asked.push([pass, layer, ...place].join('/'));
    await settle();
    signal.throwIfAborted();
    return { ...answer(3), layer };
  } };
  return { store, asked, api, passes: { passId: async () => 'p' } };
}

test('how much a unit reads', () => {
  const model = harley();
  assert.deepEqual([unit('conv1', 0), unit('conv2', 15), unit('pool1', 1), unit('fc1', 3), unit('input', 0)].map((each) => fanIn(model, each)), [25, 150, 4, 400, 0]);
});

test('the cache forgets what was read longest ago, by count and by size', () => {
  const cache = createAnswerCache({ answers: 2, terms: 100 });
  cache.set('a', answer(10));
  cache.set('b', answer(10));
  cache.get('a');
  cache.set('c', answer(10));
  assert.deepEqual(['a', 'b', 'c'].map((key) => cache.get(key) !== undefined), [true, false, true]);
  cache.set('d', answer(95));
  assert.deepEqual(['a', 'c', 'd'].map((key) => cache.get(key) !== undefined), [false, false, true]);
});

test('the pinned unit is asked for, once', async () => {
  const { store, asked, api, passes } = page();
  const stop = followNeurons(store, passes, api);
  store.set({ pinned: unit('fc1', 7) });
  await settle();
  await settle();
  assert.deepEqual(asked, ['p/fc1_act/7']);
  assert.equal(store.get().neuron.answer.layer, 'fc1_act');
  stop();
});

test('the newest unit wins: the answer for the one before is given up', async () => {
  const { store, asked, api, passes } = page();
  const stop = followNeurons(store, passes, api);
  store.set({ pinned: unit('fc1', 7) });
  await Promise.resolve();
  store.set({ pinned: unit('fc1', 8) });
  await settle();
  await settle();
  assert.equal(asked.at(-1), 'p/fc1_act/8');
  assert.equal(store.get().neuron.unit.channel, 8);
  stop();
});

test('a pointer that rests asks for its unit, and leaving goes back to the pinned one', async (t) => {
  mock.timers.enable({ apis: ['setTimeout'] });
  t.after(() => mock.timers.reset());
  const { store, asked, api, passes } = page();
  const stop = followNeurons(store, passes, api);
  store.set({ hover: unit('fc1', 1) });
  mock.timers.tick(79);
  await settle();
  assert.deepEqual(asked, []);
  mock.timers.tick(1);
  await settle();
  await settle();
  assert.deepEqual(asked, ['p/fc1_act/1']);
  store.set({ pinned: unit('fc2', 2), hover: null });
  mock.timers.tick(200);
  await settle();
  await settle();
  assert.equal(store.get().neuron.unit.stage, 'fc2');
  stop();
});

test('small networks ask nothing for a pointer', async (t) => {
  mock.timers.enable({ apis: ['setTimeout'] });
  t.after(() => mock.timers.reset());
  const { store, asked, api, passes } = page({ kernels: new Map() });
  const stop = followNeurons(store, passes, api);
  store.set({ hover: unit('fc1', 1) });
  mock.timers.tick(500);
  await settle();
  assert.deepEqual(asked, []);
  stop();
});

test('a refusal is told in words while its unit is pinned', async () => {
  const { store, passes } = page();
  const told = [];
  const stop = followNeurons(store, passes, { neuron: async () => { throw new Error('gone'); } }, (detail) => told.push(detail));
  store.set({ pinned: unit('fc1', 7) });
  await settle();
  assert.deepEqual(told, ['gone']);
  stop();
});
