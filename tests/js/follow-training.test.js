import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isMoment, sourceOf, stepOf } from '../../static/js/core/train/weights-exchange.js';
import { whenShown } from '../../static/js/core/train/film.js';
import { followPresentTraining, isTrained, presentTraining, trainingOf } from '../../static/js/core/train/follow-network.js';
import { createStore, initialState } from '../../static/js/core/store.js';

const model = (id = 'lenet5-ab12', status = 'ready') => /** @type {any} */ ({ id, weights: { status, source: 'live', sources: [{ id: 'live', kind: 'trained' }] } });
const data = (more = {}) => /** @type {any} */ ({ id: 'ab12', model: 'lenet5-ab12', state: 'running', step: 10, live: 1, checkpoints: [], ...more });
const turns = async () => { for (let i = 0; i < 12; i++) await Promise.resolve(); };

function setUp({ seen = true } = {}) {
  const store = createStore(initialState());
  /** @type {(string|null)[]} */
  const taken = [];
  const news = { seen, listed: 0 };
  const session = {
    choose: async () => {}, listModels: async () => { news.listed += 1; },
    exchange: async (/** @type {string|null} */ source) => { taken.push(source); store.set({ weights: source, exchanged: store.get().exchanged + 1 }); },
  };
  const follower = followPresentTraining(store, session, { isSeen: () => news.seen, pause: 0, wait: async () => {}, now: () => 0 });
  return { store, taken, news, follower };
}

test('moments and their sources', () => {
  assert.equal(stepOf('step-400'), 400);
  assert.equal(stepOf('live'), null);
  assert.equal(sourceOf(400), 'step-400');
  assert.equal(sourceOf(null), null);
  assert.equal(isMoment(null), false);
});

test('a trained network names its training', () => {
  assert.equal(trainingOf(model()), 'ab12');
  assert.equal(trainingOf(/** @type {any} */ ({ id: 'lenet-5', weights: { sources: [{ kind: 'shipped' }] } })), null);
  assert.equal(isTrained(model()), true);
  assert.equal(presentTraining({ model: model('other-ab12'), trainingData: data() }), null);
});

test('choosing a trained network shows its training, at the moment of its weights', () => {
  const { store, taken, follower } = setUp();
  store.set({ model: model(), weights: 'step-5' });
  assert.deepEqual([store.get().training, store.get().moment], ['ab12', 5]);
  store.set({ trainingData: data() });
  assert.deepEqual(taken, [], 'it has just come with these weights');
  follower.destroy();
});

test('new live weights are taken, a hidden page takes none, and looking again brings the newest', async () => {
  const { store, taken, news, follower } = setUp();
  store.set({ model: model() });
  store.set({ trainingData: data() });
  store.set({ trainingData: data({ live: 2 }) });
  await turns();
  assert.deepEqual(taken, [null]);
  news.seen = false;
  store.set({ trainingData: data({ live: 3 }) });
  await turns();
  assert.equal(taken.length, 1);
  await new Promise((go) => { setTimeout(go, 1); });
  news.seen = true;
  follower.wake();
  await turns();
  assert.equal(taken.length, 2);
  follower.destroy();
});

test('a moment of the past stays while the training goes on; back at the end the newest weights come', async () => {
  const { store, taken, follower } = setUp();
  store.set({ model: model() });
  store.set({ trainingData: data() });
  store.set({ moment: 5 });
  await turns();
  store.set({ trainingData: data({ live: 2 }) });
  store.set({ trainingData: data({ live: 3 }) });
  await turns();
  assert.deepEqual(taken, ['step-5']);
  store.set({ moment: null });
  await new Promise((go) => { setTimeout(go, 1); });
  await turns();
  assert.deepEqual(taken, ['step-5', null]);
  follower.destroy();
});

test('another network leaves the training shown and takes nothing', async () => {
  const { store, taken, follower } = setUp();
  store.set({ model: model(), trainingData: data() });
  store.set({ model: /** @type {any} */ ({ id: 'digitnet', weights: { sources: [] } }) });
  store.set({ trainingData: data({ live: 9 }) });
  await turns();
  assert.deepEqual(taken, []);
  assert.equal(store.get().training, 'ab12');
  follower.destroy();
});

test('the list of networks is fetched when a training begins and ends', () => {
  const { store, news, follower } = setUp();
  store.set({ trainingData: data({ state: 'queued' }) });
  store.set({ trainingData: data() });
  store.set({ trainingData: data({ step: 11 }) });
  store.set({ trainingData: data({ state: 'done' }) });
  assert.equal(news.listed, 3);
  follower.destroy();
});

test('a film waits until its picture is shown', async () => {
  const { store, follower } = setUp({ seen: false });
  store.set({ model: model() });
  store.set({ trainingData: data(), moment: 5 });
  let isShown = false;
  void whenShown(store, 5).then(() => { isShown = true; });
  await turns();
  assert.equal(isShown, false);
  store.set({ weights: 'step-5' });
  await turns();
  assert.equal(isShown, true);
  follower.destroy();
});
