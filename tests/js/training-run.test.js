import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ApiError } from '../../static/js/core/api.js';
import { added, changed, FIELDS, fieldValue, moved, NEW_LAYERS, removed } from '../../static/js/core/train/designer.js';
import { createRangeTest, rangeRequest } from '../../static/js/core/train/range-test.js';
import { HIGHEST, LOWEST, placeOf, rateAt, STEPS } from '../../static/js/core/train/rate-scale.js';
import { factorAt, sketch } from '../../static/js/core/train/schedule.js';
import { createStore, initialState } from '../../static/js/core/store.js';
import { actionsOf, canExtend, canResume, createTrainingControl, rateAfter } from '../../static/js/core/train/control.js';
import { aheadOf, augmentationText, baseRate, dataText, happenedText, paceText, progressText, rateText, recipeText, scoreText, silenceText, stateText, titleText } from '../../static/js/core/train/words.js';
import { aTraining, server, settled } from './training.js';

/** Words that show their key and what is filled in. */
const t = (/** @type {string} */ key, /** @type {Record<string, unknown>} */ params = {}) => [key.replace('train.', ''), ...Object.values(params)].join(' ');

test('what can be pressed', () => {
  const can = (/** @type {object} */ patch) => Object.entries(actionsOf(aTraining(patch))).filter(([, on]) => on).map(([name]) => name).join(' ');
  assert.equal(can({ state: 'queued' }), 'stop');
  assert.equal(can({ state: 'running' }), 'pause stop rate');
  assert.equal(can({ state: 'paused' }), 'go advance stop rate');
  assert.equal(can({ state: 'done' }), 'extend remove');
  assert.equal(can({ state: 'interrupted' }), 'resume remove');
  assert.equal(can({ state: 'done', stopped_early: true }), 'resume remove');
  assert.equal(canResume(aTraining({ state: 'cancelled', diverged: 5 })), false);
  assert.equal(canResume(aTraining({ state: 'cancelled', model: null, request: { schedule: { name: 'range' } } })), false);
});

test('a training that has ended is given more epochs; its schedule is stretched over them', async () => {
  const ended = aTraining({ state: 'done', step: 100, request: { ...aTraining().request, schedule: { name: 'cosine' } } });
  assert.ok(canExtend(ended));
  assert.deepEqual([{ diverged: 3 }, { device: null }, { stopped_early: true }, { request: { schedule: { name: 'range' } } }].map((patch) => canExtend({ ...ended, ...patch })), [false, false, false, false]);
  assert.ok(Math.abs((rateAfter(ended, 2) ?? 0) - 0.002) < 1e-9, 'half of the cosine is done');
  assert.equal(rateAfter({ ...ended, request: { ...ended.request, schedule: { name: 'constant' } } }, 2), 0.004);
  const { api, asked } = server({ 'PATCH /trainings/t1': ended, 'POST /trainings/t1/resume': {} });
  const store = createStore({ ...initialState(), training: 't1', trainingData: ended, moment: 50 });
  const control = createTrainingControl(store, { api, training: /** @type {any} */ ({ again: () => {}, list: () => {} }), notify: () => assert.fail() });
  await control.extend(5);
  assert.deepEqual(asked.map(([method, , body]) => [method, body]), [['PATCH', { epochs: 7 }], ['POST', undefined]]);
  assert.equal(store.get().moment, null);
  control.destroy();
});

test('controls send changes, and tell what the server refuses', async () => {
  const { api, asked } = server({
    'PATCH /trainings/t1': (/** @type {any} */ body) => (body.advance ? new ApiError(409, 'Conflict', { detail: 'It runs.' }) : aTraining({ state: body.state ?? 'running', changes: [{ step: 1, name: 'learning_rate', value: 1 }] })),
    'DELETE /jobs/j1': {}, 'POST /trainings/t1/resume': {}, 'DELETE /trainings/t1': {}, 'GET /models': [],
  });
  const store = createStore({ ...initialState(), training: 't1', trainingData: aTraining(), trainings: [aTraining()] });
  const told = [];
  let followed = 0;
  const control = createTrainingControl(store, { api, training: /** @type {any} */ ({ again: () => { followed += 1; }, list: () => {} }), notify: (text) => told.push(text) });
  await control.pause();
  assert.equal(store.get().trainingData?.state, 'paused');
  const late = control.go();
  store.set({ trainingData: aTraining({ state: 'paused', step: 11 }) }); // an event overtakes the answer
  await late;
  assert.equal(store.get().trainingData?.state, 'paused');
  await control.advance('step');
  assert.deepEqual(told, ['It runs.']);
  [0.1, 0.2, 0.3].forEach(control.rate);
  await settled();
  assert.deepEqual(asked.filter(([, , body]) => body?.learning_rate).map(([, , body]) => body.learning_rate)[0], 0.1);
  await control.stop();
  await control.resume();
  assert.equal(followed, 1);
  await control.remove('t1');
  assert.deepEqual([store.get().training, store.get().trainings], [null, []]);
  control.destroy();
});

test('a network without weights says what it waits for', () => {
  const model = /** @type {any} */ ({ id: 'lenet5-t1', weights: { status: 'missing', source: null } });
  const silence = (/** @type {object} */ patch) => silenceText({ ...initialState(), model, ...patch }, t);
  const trainingData = aTraining({ state: 'queued' });
  assert.equal(silence({ trainingData, trainings: [trainingData, aTraining({ id: 'a', title: 'A' })] }), 'happened.queued.one 1 A');
  assert.equal(silence({ trainingData: aTraining({ state: 'running' }) }), 'first_answer');
  assert.equal(silence({ trainingData: aTraining({ state: 'cancelled' }) }), 'photo.no_weights');
  assert.equal(silence({ model: { ...model, weights: { status: 'ready' } }, trainingData }), '');
});

test('titles that the server has made of English words are made anew', () => {
  const points = { dataset: { id: 'points', points: 'xor' } };
  assert.equal(titleText(aTraining({ title: '2–4–1 · Points in the plane (3)', request: points }), t), '2–4–1 · points.set.xor (3)');
  assert.equal(titleText(aTraining({ title: 'LeNet-5 · Folder of pictures', request: { dataset: { id: 'folder' } } }), t), 'LeNet-5 · dataset.folder.name');
  assert.equal(titleText(aTraining({ title: 'A · Points in the plane', request: { ...points, title: 'A · Points in the plane' } }), t), 'A · Points in the plane', 'the reader has named it so');
  assert.equal(titleText(aTraining({ title: 'Mine', request: points }), t), 'Mine');
});

test('words: how far, how fast, what happened', () => {
  assert.equal(progressText(aTraining({ epoch: 0.2041 }), t, 'en'), 'progress 10 100 0.2 2');
  assert.equal(progressText(aTraining({ loading: { done: 32, total: 48 } }), t, 'en'), 'loading 32 48');
  assert.equal(paceText(aTraining(), t, 'en'), 'pace 1,000 · left 9 sec');
  assert.equal(paceText(aTraining({ state: 'done' }), t, 'en'), '');
  assert.equal(paceText(aTraining({ state: 'paused', request: { dataset: { id: 'points' } } }), t, 'en'), 'pace.points 1,000');
  assert.deepEqual(['done', 'queued'].map((state) => stateText(aTraining({ state }), t)), ['state.done', 'state.queued']);
  assert.equal(stateText(aTraining({ state: 'done', diverged: 3 }), t), 'state.diverged');
  assert.equal(scoreText(aTraining({ test_accuracy: 0.9754 }), 'en'), '97.54%');
  assert.equal(scoreText(aTraining({ accuracy: null }), 'en'), '');
  const happened = (/** @type {object} */ patch, ahead = /** @type {any[]} */ ([])) => happenedText(aTraining(patch), ahead, t, 'en');
  assert.equal(happened({}), '');
  assert.equal(happened({ diverged: 5, changes: [{ name: 'learning_rate', step: 2, value: 3 }] }), 'happened.diverged 5 3 optimizer.adamw');
  assert.equal(happened({ state: 'queued' }, [aTraining({ title: 'A' }), aTraining()]), 'happened.queued 2 A');
  assert.equal(happened({ state: 'queued' }, [aTraining({ title: 'A' })]), 'happened.queued.one 1 A');
  assert.equal(happened({ state: 'queued' }), 'happened.starting');
  assert.equal(happened({ state: 'failed', error: 'no memory' }), 'happened.failed no memory');
  assert.equal(happened({ state: 'interrupted' }), 'happened.interrupted 10');
  assert.equal(happened({ state: 'done', stopped_early: true, request: { stopping: { patience: 3 } } }), 'happened.early 10 3');
  assert.equal(happened({ loss: 427, classes: new Array(10), learning_rate: 7.75 }), 'happened.lost 427 2.3 7.8', 'worse than guessing');
  const others = [{ id: 'late', state: 'queued', created: '2027' }, { id: 'points', request: { dataset: { id: 'points' } } }, { id: 'next', state: 'queued', created: '2025' }, { id: 'over', state: 'done' }, { id: 'first', created: '2027' }].map(aTraining);
  assert.deepEqual(aheadOf(aTraining({ state: 'queued' }), others).map(({ id }) => id), ['first', 'next'], 'what runs is before it, although it was begun later');
});

test('words: the request', () => {
  assert.equal(baseRate(aTraining()), 0.004);
  assert.deepEqual([0.00016, 3, 2e-6].map((rate) => rateText(rate, 'en')), ['0.00016', '3', '2.0e−6']);
  assert.equal(recipeText({ optimizer: { name: 'adam', learning_rate: 0.1 }, schedule: { name: 'cosine' }, epochs: 2.5, batch: 64 }, t, 'en'), 'recipe optimizer.adam 0.1 schedule.cosine 2.5 64');
  assert.equal(recipeText({ optimizer: { name: 'sgd', learning_rate: 0.1 }, schedule: { name: 'constant' }, epochs: 1, batch: 64 }, t, 'en'), 'recipe.one optimizer.sgd 0.1 schedule.constant 1 64');
  assert.equal(recipeText({ model: 'mlp' }, t, 'en'), '');
  assert.equal(dataText({ dataset: { id: 'mnist', shuffled: 0.5 } }, 1200, t, 'en'), 'MNIST · pictures 1,200 · shuffled 50%');
  assert.equal(dataText({ dataset: { id: 'cifar10', share: 0.2 } }, null, t, 'en'), 'CIFAR-10 · data_share 20%');
  assert.equal(augmentationText({ augmentation: { shift: 2, flip: false, noise: 0.1 } }, t), 'augment.shift, augment.noise');
  assert.equal(augmentationText({}, t), 'none');
});

test('layers are added, moved, changed and removed', () => {
  const design = { name: 'x', layers: [{ type: 'dense', units: 3 }] };
  const two = added(design, 0, 'conv');
  assert.deepEqual(two.layers.map(({ type }) => type), ['conv', 'dense']);
  assert.deepEqual(moved(two, 0, 1).layers.map(({ type }) => type), ['dense', 'conv']);
  assert.equal(moved(two, 1, 1), two);
  assert.equal(changed(two, 1, { units: 5 }).layers[1].units, 5);
  assert.deepEqual(removed(two, 1).layers.map(({ type }) => type), ['conv']);
  assert.equal(NEW_LAYERS.conv.channels, 16);
  assert.deepEqual(Object.keys(FIELDS), Object.keys(NEW_LAYERS).sort((a, b) => Object.keys(FIELDS).indexOf(a) - Object.keys(FIELDS).indexOf(b)));
});

test('what is typed into a field', () => {
  const [channels, , , padding] = /** @type {any[]} */ (FIELDS.conv);
  const stride = /** @type {any} */ (FIELDS.pool[2]);
  assert.deepEqual(['12', '0', '5000', 'x', '', '2.6'].map((text) => fieldValue(channels, text)), [12, 1, 4096, undefined, undefined, 3]);
  assert.deepEqual(['same', '', '2', '-1', '99'].map((text) => fieldValue(padding, text)), ['same', 'same', 2, undefined, 7]);
  assert.equal(fieldValue(stride, ''), null);
  assert.equal(fieldValue(/** @type {any} */ (FIELDS.dropout[0]), '0,25'), 0.25);
});

test('learning rates on a slider; schedules', () => {
  assert.deepEqual([rateAt(0), rateAt(STEPS)], [LOWEST, HIGHEST]);
  for (const rate of [0.004, 0.1, 3]) assert.ok(Math.abs(rateAt(placeOf(rate)) / rate - 1) < 0.06);
  assert.equal(placeOf(100), STEPS);
  assert.equal(factorAt({ name: 'constant' }, 0.7, 3), 1);
  assert.ok(Math.abs(factorAt({ name: 'cosine' }, 0.5, 3) - 0.5) < 1e-9);
  assert.ok(Math.abs(factorAt({ name: 'step', factor: 0.1, epochs: 1 }, 0.7, 3) - 0.01) < 1e-9);
  assert.equal(factorAt({ name: 'one_cycle', warmup: 0.3 }, 0.3, 3), 1);
  assert.equal(sketch({ name: 'one_cycle' }, 3).length, 97);
});

test('the range test suggests a rate and is removed', async () => {
  const { api, asked } = server({ 'POST /trainings': { training: '/api/v1/trainings/r1' }, 'DELETE /trainings/r1': {} });
  const phases = [];
  const follow = /** @type {any} */ (async (_api, _id, tell) => {
    tell({ data: aTraining(), metrics: { steps: [1], columns: {} } });
    return aTraining({ state: 'done', suggested_rate: 0.002 });
  });
  const test_ = createRangeTest(api, ({ phase, suggested }) => phases.push([phase, suggested]), { follow });
  await test_.start({ model: 'mlp', title: 'x', epochs: 4, schedule: { name: 'cosine' } });
  assert.deepEqual(phases.map(([phase]) => phase), ['sending', 'running', 'running', 'done']);
  assert.equal(test_.get().suggested, 0.002);
  assert.deepEqual(asked.map(([method, path]) => `${method} ${path}`), ['POST /trainings', 'DELETE /trainings/r1']);
  assert.deepEqual(rangeRequest({ model: 'mlp', title: 'x', epochs: 4 }), { model: 'mlp', schedule: { name: 'range', lowest: 1e-6, highest: 10 } });
  const refused = createRangeTest(server({ 'POST /trainings': new ApiError(422, 'Invalid', { detail: 'no' }) }).api, () => {}, { follow });
  await refused.start({ model: 'mlp' });
  assert.deepEqual([refused.get().phase, refused.get().problem], ['failed', 'no']);
});
