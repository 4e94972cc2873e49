/** The playground's control against a server that answers as told: preview, start, the newest weights, by hand. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createPointsControl } from '../../static/js/core/points/control.js';
import { FIRST_POINTS, PRESETS } from '../../static/js/core/points/choice.js';
import { createStore, initialState } from '../../static/js/core/store.js';
import { aTraining } from './training.js';

const LAYERS = [{ id: 'out', weights: [[1, 2]], bias: [0.5] }];
const update = (/** @type {number} */ step) => ({ step, index: 0, x: [1, 1], target: 1, sum: 0, output: 0, learning_rate: 1, before: [0, 0], bias_before: 0, after: [step, 1], bias_after: 1 });

/** @param {Partial<import('../../static/js/core/points/choice.js').PointsChoice>} choice */
function setUp(choice = {}) {
  const store = createStore({ ...initialState(), playground: { ...FIRST_POINTS, layers: [], ...choice } });
  /** @type {string[]} */
  const calls = [];
  /** @type {Record<string, any>} */
  const answers = {
    '/trainings/previews': { points: { train: [[1, 1, 1]], test: [] }, layers: LAYERS },
    '/trainings': { id: 'job', href: '', training: '/api/v1/trainings/t1', model: null },
    '/trainings/t1': {}, '/trainings/t1/points': { train: [[2, 2, 0]], test: [] }, '/trainings/t1/network': { step: 1, layers: LAYERS, update: null },
  };
  const api = /** @type {any} */ ({
    json: async (/** @type {string} */ path, /** @type {RequestInit} */ init) => { calls.push(`${init?.method ?? 'GET'} ${path} ${init?.body ?? ''}`.trim()); return answers[path]; },
    cancelJob: async (/** @type {string} */ job) => { calls.push(`cancel ${job}`); },
  });
  const control = createPointsControl(store, api, { pause: 0 });
  const settle = async () => { for (let i = 0; i < 20; i++) await new Promise((go) => { setTimeout(go, 0); }); };
  const data = (/** @type {string} */ state, /** @type {number} */ step) => store.set({ trainingData: /** @type {any} */ ({ id: 't1', job: 'job', state, step, request: { dataset: { id: 'points' }, ...{} }, changes: [] }) });
  return { store, control, calls, answers, settle, data };
}

test('before a training the points and first weights of the choice are shown', async () => {
  const { control, settle, calls } = setUp();
  await settle();
  assert.deepEqual(control.shown().network?.layers[0].weights, [[1, 2]]);
  assert.equal(control.shown().points?.train.length, 1);
  control.change({ discretise: true }); // only looked at otherwise: nothing is asked
  await settle();
  assert.equal(calls.length, 1);
  control.destroy();
});

test('the line is that of the step of the rule whose numbers are shown', async () => {
  const { control, settle, data, answers } = setUp({ optimizer: 'perceptron' });
  await settle();
  await control.step();
  answers['/trainings/t1/network'] = { step: 3, layers: LAYERS, update: update(2) };
  data('paused', 3);
  await settle();
  assert.deepEqual([control.shown().step, control.shown().updates[0].step], [2, 2]);
  answers['/trainings/t1/network'] = { step: 3, layers: LAYERS, update: update(3) };
  data('paused', 3);
  await settle();
  assert.deepEqual(control.shown().updates.map(({ step }) => step), [3, 2]);
  assert.deepEqual(control.shown().network?.layers[0].weights, [[3, 1]]);
  control.destroy();
});

test('what may change while it learns is sent; the rest ends the training', async () => {
  const { store, control, settle, data, calls } = setUp();
  await settle();
  await control.toggle();
  store.set({ training: 't1' });
  data('running', 1);
  store.set({ playground: { ...FIRST_POINTS, layers: [] } });
  await settle();
  store.set({ trainingData: { .../** @type {any} */ (store.get().trainingData), state: 'paused' }, training: 't1' });
  control.change({ rate: 0.3 });
  await settle();
  assert.ok(calls.includes('PATCH /trainings/t1 {"learning_rate":0.3}'), calls.join('\n'));
  control.change({ noise: 0.4 });
  assert.equal(store.get().training, null);
  assert.ok(calls.includes('cancel job'));
  control.destroy();
});

test('weights set by hand are shown without the server, and follow a change at once', async () => {
  const { control, settle } = setUp();
  await settle();
  control.replace({ ...control.choice(), ...PRESETS.find(({ id }) => id === 'and')?.patch });
  assert.deepEqual(control.shown().network?.layers[0].bias, [-1.5]);
  control.byHand(false);
  await settle();
  assert.deepEqual(control.shown().network?.layers[0].bias, [0.5]);
  control.byHand(true);
  assert.deepEqual(control.choice().hand?.[0].weights, [[1, 2]]);
  control.destroy();
});

test('what has ended is trained longer', async () => {
  const { store, control, settle, calls } = setUp({ epochs: 100 });
  store.set({ training: 't1', trainingData: aTraining({ job: null, state: 'done', step: 200, steps: 200, request: { dataset: { id: 'points' }, design: { name: '', layers: [] } } }) });
  await settle();
  await control.toggle();
  assert.deepEqual(calls.filter((call) => /^P/.test(call)).slice(-2), ['PATCH /trainings/t1 {"epochs":104}', 'POST /trainings/t1/resume']);
  await control.step();
  await control.epoch();
  assert.deepEqual(calls.filter((call) => /^PATCH/.test(call)).slice(-2), ['PATCH /trainings/t1 {"epochs":4.02}', 'PATCH /trainings/t1 {"epochs":5}'], 'just one step, just one epoch');
  assert.equal(store.get().training, 't1');
  control.destroy();
});
