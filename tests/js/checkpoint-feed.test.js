import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createCheckpointFeed, lookedAt } from '../../static/js/core/train/checkpoint-feed.js';
import { createStore, initialState } from '../../static/js/core/store.js';

const training = (/** @type {number[]} */ ...steps) => /** @type {any} */ ({ id: 'a', checkpoints: steps.map((step) => ({ step })) });
const turn = () => new Promise((go) => { setTimeout(go, 0); });

/** A feed whose requests the test answers. @param {{shown?: boolean, calm?: number, now?: () => number}} [options] */
function setUp({ shown = true, ...more } = {}) {
  const store = createStore(initialState());
  /** @type {{path: string, signal: AbortSignal, answer: (data: unknown) => void}[]} */
  const asked = [];
  const api = /** @type {any} */ ({ json: (/** @type {string} */ path, /** @type {any} */ { signal }) => new Promise((answer, reject) => {
    asked.push({ path, signal, answer });
    signal.addEventListener('abort', () => reject(signal.reason));
  }) });
  /** @type {any[]} */
  const news = [];
  const feed = createCheckpointFeed(store, api, { what: () => 'confusion', isShown: () => shown, hear: (each) => news.push(each), rest: 0, livePause: 0, ...more });
  return { store, asked, news, feed };
}

test('live is the newest checkpoint, a moment is its own', () => {
  assert.equal(lookedAt({ trainingData: training(0, 10), moment: null }), 10);
  assert.equal(lookedAt({ trainingData: training(0, 10), moment: 0 }), 0);
  assert.equal(lookedAt({ trainingData: training(), moment: null }), null);
});

test('another moment cancels the request before, and what came once is not asked again', async () => {
  const { store, asked, news } = setUp();
  store.set({ trainingData: training(0, 10, 20) });
  store.set({ moment: 10 });
  await turn();
  assert.deepEqual(asked.map(({ path }) => path), ['/trainings/a/checkpoints/20/confusion', '/trainings/a/checkpoints/10/confusion']);
  assert.ok(asked[0].signal.aborted);
  asked[1].answer('ten');
  await turn();
  assert.deepEqual(news.at(-1), { status: 'shown', step: 10, data: 'ten' });
  store.set({ moment: 0 });
  store.set({ moment: 10 });
  await turn();
  assert.deepEqual(news.at(-1), { status: 'shown', step: 10, data: 'ten' });
  assert.deepEqual(news.at(-2), { status: 'loading', step: 0, data: 'ten' });
});

test('a newer checkpoint waits for the answer that is under way', async () => {
  const { store, asked, news } = setUp();
  store.set({ trainingData: training(0) });
  store.set({ trainingData: training(0, 5) });
  store.set({ trainingData: training(0, 5, 10) });
  await turn();
  assert.equal(asked.length, 1);
  asked[0].answer('zero');
  await turn();
  await turn();
  assert.deepEqual(asked.map(({ path }) => path.split('/')[4]), ['0', '10']);
  assert.deepEqual(news.map(({ status, step }) => `${status} ${step}`), ['loading 0', 'shown 0', 'loading 10'], 'a slow answer is shown');
});

test('what is not in sight asks nothing', () => {
  const { store, asked } = setUp({ shown: false });
  store.set({ trainingData: training(0), moment: 0 });
  assert.equal(asked.length, 0);
});

test('without a checkpoint there is nothing to ask', () => {
  const { store, news } = setUp();
  store.set({ trainingData: training() });
  assert.deepEqual(news, [{ status: 'none' }]);
});

test('what costs much is asked for rarely while a training runs', async () => {
  let time = 0;
  const { store, asked } = setUp({ calm: 100, now: () => time });
  const running = (/** @type {number[]} */ ...steps) => ({ trainingData: { ...training(...steps), state: /** @type {const} */ ('running') } });
  const steps = () => asked.map(({ path }) => path.split('/')[4]).join();
  store.set(running(0));
  asked[0].answer('zero');
  await turn();
  await turn();
  store.set(running(0, 5));
  assert.equal(steps(), '0');
  time = 100;
  store.set(running(0, 5, 10));
  await turn();
  assert.equal(steps(), '0,10');
  asked[1].answer('ten');
  await turn();
  await turn();
  store.set({ moment: 5 });
  await turn();
  assert.equal(steps(), '0,10,5', 'what the reader chooses comes at once');
  asked[2].answer('five');
  await turn();
  await turn();
  store.set({ trainingData: { ...training(0, 5, 10, 12), state: 'done' }, moment: null });
  await turn();
  assert.equal(steps(), '0,10,5,12', 'so does the end');
});
