import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ApiError } from '../../static/js/core/api.js';
import { createStore, initialState } from '../../static/js/core/store.js';
import { advanced, followTraining, isActive, joined, NO_METRICS } from '../../static/js/core/train/follow.js';
import { createTrainingRun, withTraining } from '../../static/js/core/train/run.js';
import { followPresent, openTrained } from '../../static/js/core/train/present.js';
import { aJob, aTraining, server, settled } from './training.js';

const rows = (steps, column = 'loss') => ({ steps, columns: { [column]: steps.map((step) => 1 / step) } });

test('rows are joined behind those that are known', () => {
  const first = joined(NO_METRICS, rows([1, 2]));
  assert.deepEqual(first.steps, [1, 2]);
  const second = joined(first, { steps: [2, 3], columns: { loss: [9, 8], test_loss: [null, 5] } });
  assert.deepEqual(second, { steps: [1, 2, 3], columns: { loss: [1, 0.5, 8], test_loss: [null, null, 5] } });
  assert.equal(joined(second, rows([1, 3])), second);
});

test("a job's news make the training younger, never older", () => {
  const next = advanced(aTraining(), aJob('running', 40, { loss: 0.5, epoch: 0.8, images_per_second: 500 }));
  assert.deepEqual([next.step, next.loss, next.epoch, next.state, next.seconds_left], [40, 0.5, 0.8, 'running', 12]);
  assert.equal(advanced(aTraining({ step: 60 }), aJob('running', 40)).step, 60);
  const reading = advanced(aTraining({ step: 0 }), { ...aJob('running', 0), metrics: {}, progress: { done: 32, total: 48, unit: 'pictures', message: '' } });
  assert.deepEqual([reading.step, reading.steps, reading.loading], [0, 100, { done: 32, total: 48 }], 'pictures that are read are no steps');
  assert.equal(advanced(reading, aJob('running', 1)).loading, null);
  assert.ok(isActive(aTraining({ state: 'queued' })) && !isActive(aTraining({ state: 'interrupted' })));
});

test('a training is followed to its end, with its curves', async () => {
  let metrics = rows([1, 10]);
  let data = aTraining();
  const { api, asked } = server({ 'GET /trainings/t1': () => data, 'GET /trainings/t1/metrics': () => metrics });
  const news = [];
  const follow = /** @type {any} */ (async (_url, hear) => {
    metrics = rows([20]);
    hear(aJob('running', 20, { checkpoint: 20 }));
    await settled();
    data = aTraining({ step: 100, state: 'done', checkpoints: [{ step: 20 }] });
    metrics = rows([20, 100]);
    hear(aJob('done', 100));
  });
  const last = await followTraining(api, 't1', (each) => news.push(each), { signal: new AbortController().signal, follow, pause: 0 });
  assert.equal(last.state, 'done');
  assert.deepEqual(news.at(-1).metrics.steps, [1, 10, 20, 100]);
  assert.ok(asked.some(([, path]) => path === '/trainings/t1/metrics?after=10'));
  assert.ok(news.some((each) => each.data.step === 20 && each.data.state === 'running'));
});

test('one that has ended is not followed', async () => {
  const { api } = server({ 'GET /trainings/t1': aTraining({ state: 'interrupted' }), 'GET /trainings/t1/metrics': rows([1]) });
  const follow = /** @type {any} */ (() => assert.fail('nothing to follow'));
  assert.equal((await followTraining(api, 't1', () => {}, { signal: new AbortController().signal, follow })).state, 'interrupted');
});

test('the store shows the chosen training; another choice wins; one that is gone is let go', async () => {
  const store = createStore(initialState());
  const asked = [];
  const follow = /** @type {any} */ (async (_api, id, tell, { signal }) => {
    asked.push([id, signal]);
    if (id === 'gone') throw new ApiError(404, 'Not found');
    tell({ data: aTraining({ id }), metrics: rows([1]) });
    return aTraining({ id, state: 'done' });
  });
  const problems = [];
  const run = createTrainingRun(store, server({}).api, { follow, onProblem: (error) => problems.push(error) });
  store.set({ training: 't1', moment: 4 });
  await settled();
  assert.deepEqual([store.get().trainingData?.state, store.get().trainingMetrics?.steps, store.get().moment], ['done', [1], 4], 'a link names training and moment');
  store.set({ training: 'gone' });
  assert.equal(store.get().moment, null);
  await settled();
  assert.deepEqual([store.get().training, store.get().trainingData, problems.length], [null, null, 1]);
  assert.ok(asked[0][1].aborted);
  run.destroy();
});

test('the list is asked for again while something goes on elsewhere', async () => {
  const lists = [[aTraining({ id: 'other' })], [aTraining({ id: 'other', state: 'done' })]];
  const { api } = server({ 'GET /trainings': () => lists.shift() });
  const store = createStore(initialState());
  const later = [];
  const run = createTrainingRun(store, api, { follow: /** @type {any} */ (async () => aTraining()), after: (work) => later.push(work) });
  await run.list();
  assert.equal(store.get().trainings[0].state, 'running');
  await later.shift()();
  await settled();
  assert.equal(store.get().trainings[0].state, 'done');
  assert.equal(later.length, 0);
  assert.deepEqual(withTraining(store.get().trainings, aTraining()).map(({ id }) => id), ['t1', 'other']);
  run.destroy();
});

test("the training's network becomes the present one, once", async () => {
  const store = createStore({ ...initialState(), model: /** @type {any} */ ({ id: 'digitnet' }) });
  const chosen = [];
  const session = { choose: async (id) => { chosen.push(id); store.set({ model: /** @type {any} */ ({ id }) }); } };
  const present = followPresent(store, { api: server({ 'GET /models': [{ id: 'lenet5-t1' }] }).api, session });
  store.set({ trainingData: aTraining() });
  await settled();
  store.set({ trainingData: aTraining({ step: 11 }), model: /** @type {any} */ ({ id: 'mlp' }) });
  await settled();
  assert.deepEqual(chosen, ['lenet5-t1']);
  assert.equal(store.get().models[0].id, 'lenet5-t1');
  const opened = [];
  openTrained(store, /** @type {any} */ ({ session, open: (view) => opened.push(view) }), 'network');
  assert.deepEqual([opened, chosen.length], [['network'], 2]);
  present.destroy();
});
