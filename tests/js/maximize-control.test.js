import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createMaximizeControl } from '../../static/js/core/maximize/control.js';
import { IDLE } from '../../static/js/core/maximize/run.js';
import { STANDARD } from '../../static/js/core/maximize/request.js';
import { createStore, initialState } from '../../static/js/core/store.js';
import { chain, conv, dense, frameOf, pool } from './networks.js';

const network = (more = {}) => chain([1, 28, 28], [conv('conv1', 6, 5), pool('pool1', 2), dense('out', 10, null)],
  { classes: [...'0123456789'], weights: { status: 'ready', source: 'shipped', sha256: 'x' }, ...more });
const unit = (stage, channel) => ({ stage, channel, y: 0, x: 0 });

/** A control over a maximizer that only writes down; `run()` runs what waits. */
function setUp(state = {}) {
  const store = createStore({ ...initialState(), ...state });
  const done = [];
  let heed = (_run) => {};
  let run = IDLE;
  const set = (next) => { run = { ...IDLE, ...next }; heed(run); };
  const maximizer = /** @type {any} */ ((_, onChange) => {
    heed = onChange;
    return {
      start: async (model, ask) => { done.push(['start', model, await ask()]); set({ phase: 'running' }); },
      show: (answer) => { done.push(['show', answer.id]); set({ phase: 'done', answer }); },
      clear: () => { done.push(['clear']); set({}); },
      pause() {}, resume() {}, cancel: () => set({ phase: 'cancelled' }), get: () => run, destroy() { done.push(['destroy']); },
    };
  });
  let waiting = [];
  const control = createMaximizeControl(store, { api: /** @type {any} */ ({}), passId: async () => 'pass1', after: (work) => { waiting.push(work); }, maximizer });
  const settle = async () => {
    while (waiting.length > 0) { const now = waiting; waiting = []; now.forEach((work) => work()); }
    await new Promise((resolve) => { setTimeout(resolve); });
  };
  return { store, control, done, settle, set };
}

test('a chosen unit starts by itself, the one at rest', async () => {
  const { store, done, settle } = setUp({ model: network() });
  store.set({ pinned: unit('conv1', 1) });
  store.set({ pinned: unit('conv1', 2) });
  await settle();
  assert.deepEqual(done.filter(([what]) => what === 'start'), [['start', 'test', { layer: 'conv1_act', channel: 2 }]]);
  assert.equal(store.get().drawer, 'conv1');
});

test('the slow one waits for a click', async () => {
  const { store, control, done, settle } = setUp({ model: network(), pinned: unit('conv1', 1), maximize: { ...STANDARD, preset: 'fine' } });
  await settle();
  assert.deepEqual(done, [['clear']]);
  control.start();
  await settle();
  assert.deepEqual(done.at(-1), ['start', 'test', { layer: 'conv1_act', channel: 1, preset: 'fine' }]);
  store.set({ pinned: unit('conv1', 3) });
  await settle();
  assert.deepEqual(done.at(-1), ['clear']);
});

test('the present picture is asked for only where it matters', async () => {
  const { control, done, settle, store } = setUp({ model: network(), pinned: unit('conv1', 1), maximize: { ...STANDARD, objective: 'inversion' } });
  control.start();
  await settle();
  assert.deepEqual(done.find(([what]) => what === 'start'), ['start', 'test', { layer: 'conv1_act', objective: 'inversion', picture: 'pass1' }]);
  store.set({ drawing: new Uint8Array(784) });
  await settle();
  assert.deepEqual(done.at(-1), ['clear']);
});

test('results of this visit come back without the server', async () => {
  const { store, control, done, settle, set } = setUp({ model: network(), pinned: unit('conv1', 1) });
  await settle();
  set({ phase: 'done', answer: { id: 'first', pictures: [] } });
  assert.equal(store.get().maximized.length, 1);
  store.set({ pinned: unit('conv1', 2) });
  await settle();
  control.recall(store.get().maximized[0]);
  await settle();
  assert.deepEqual(done.at(-1), ['show', 'first']);
  assert.equal(store.get().pinned?.channel, 1);
  assert.equal(store.get().maximized.length, 1);
});

test('again, from another seed', async () => {
  const { store, control, done, settle, set } = setUp({ model: network(), pinned: unit('out', 7), maximize: { ...STANDARD, preset: 'fine' } });
  await settle();
  set({ phase: 'done', answer: { id: 'a', pictures: [] } });
  control.again();
  await settle();
  assert.equal(store.get().maximize.seed, 1);
  assert.deepEqual(done.at(-1), ['start', 'test', { class: 7, preset: 'fine', seed: 1 }]);
});

test('with nothing pinned, the class that the network sees', async () => {
  const { store, settle } = setUp();
  await settle();
  const model = network();
  store.set({ model, frame: { ...frameOf(model, (_, i) => Number(i === 4)), prediction: /** @type {any} */ ({ top: [], unsure: true, reason: 'empty' }) } });
  assert.equal(store.get().pinned, null);
  store.set({ frame: frameOf(model, (_, i) => Number(i === 4)) });
  assert.deepEqual(store.get().pinned, unit('out', 4));
});

test('without weights nothing starts', async () => {
  const { control, done, settle } = setUp({ model: network({ weights: { status: 'missing', source: null } }), pinned: unit('out', 4) });
  await settle();
  control.start();
  assert.deepEqual(done, []);
  control.destroy();
  assert.deepEqual(done, [['destroy']]);
});
