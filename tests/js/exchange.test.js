import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createKernelCache, Exchange } from '../../static/js/core/train/weights-exchange.js';
import { createStore, initialState } from '../../static/js/core/store.js';

const kernels = (/** @type {number} */ value) => /** @type {any} */ (new Map([['conv1', { shape: [1], data: new Float32Array([value]) }]]));
const frame = (/** @type {number} */ seq) => /** @type {any} */ ({ seq, tensors: new Map() });

function setUp({ drawn = true } = {}) {
  const model = /** @type {any} */ ({ id: 'net-1', weights: { source: 'live', sha256: 'x', sources: [{ id: 'step-5', sha256: 'five' }] } });
  const store = createStore({ ...initialState(), model });
  /** @type {unknown[]} */
  const asked = [];
  let fetched = 0;
  /** @type {(string|null)[]} */
  const named = [];
  const exchange = new Exchange(store, {
    api: /** @type {any} */ ({ kernels: async (/** @type {string} */ _, /** @type {string|null} */ source) => { named.push(source); return kernels(++fetched); } }),
    ask: (source, isOther) => { asked.push([source, isOther]); return drawn; }, renew: async () => { asked.push('photo'); }, forget: () => {},
  });
  return { store, model, asked, exchange, named, fetched: () => fetched };
}
const turns = async () => { for (let i = 0; i < 6; i++) await Promise.resolve(); };

test('kernels come into force together with the answer that they give', async () => {
  const { store, model, asked, exchange } = setUp();
  const taken = exchange.take('step-5', false);
  await turns();
  assert.deepEqual(asked, [['step-5', true]]);
  assert.equal(store.get().kernels, null);
  exchange.arrive(frame(1));
  await taken;
  const state = store.get();
  assert.deepEqual([state.weights, state.exchanged, state.frame?.seq, state.kernels?.get('conv1')?.data[0]], ['step-5', 1, 1, 1]);
  assert.equal(state.model, model, 'nothing is built anew');
  assert.deepEqual([model.weights.source, model.weights.sha256], ['step-5', 'five']);
});

test('before there is a drawing the kernels come alone', async () => {
  const { store, exchange } = setUp({ drawn: false });
  await exchange.take('step-5', false);
  assert.deepEqual([store.get().weights, store.get().frame], ['step-5', null]);
});

test('a later answer changes only the frame', async () => {
  const { store, exchange } = setUp();
  exchange.arrive(frame(1));
  exchange.arrive(frame(2));
  assert.deepEqual([store.get().frame?.seq, store.get().exchanged], [2, 0]);
});

test('the newest call wins, and whoever waited for an older one goes on', async () => {
  const { store, exchange } = setUp();
  const first = exchange.take('step-5', false);
  await turns();
  const second = exchange.take(null, false);
  await first;
  await turns();
  exchange.arrive(frame(3));
  await second;
  assert.deepEqual([store.get().weights, store.get().exchanged], [null, 1]);
});

test('kernels of a checkpoint are fetched once, the newest ones each time', async () => {
  const { exchange, fetched, named } = setUp();
  for (const source of ['step-5', 'step-5', null, null]) {
    const taken = exchange.take(source, false);
    await turns();
    exchange.arrive(frame(1));
    await taken;
  }
  assert.equal(fetched(), 3);
  assert.deepEqual(named, ['step-5', 'live', 'live']);
});

test('a photograph is sent once more', async () => {
  const { store, asked, exchange } = setUp();
  await exchange.take('step-5', true);
  assert.deepEqual(asked, ['photo']);
  assert.equal(store.get().weights, 'step-5');
});

test('of many kernels the least recently used are forgotten', () => {
  const cache = createKernelCache({ count: 2, bytes: 1000 });
  cache.set('a', kernels(1));
  cache.set('b', kernels(2));
  cache.get('a');
  cache.set('c', kernels(3));
  assert.equal(cache.get('b'), null);
  assert.notEqual(cache.get('a'), null);
});
