import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ApiError } from '../../static/js/core/api.js';
import { createStore, initialState } from '../../static/js/core/store.js';
import { createTrainingDraft } from '../../static/js/core/train/draft.js';
import { EXPERIMENTS, experimentOf, requestsOf } from '../../static/js/core/train/experiments.js';
import { again, completed, estimateSeconds, FIRST, openForm, OPTIMIZERS, otherSeed, problemsOf, sendable, withData, withNetwork, withOptimizer, withSection } from '../../static/js/core/train/request.js';
import { createStarter } from '../../static/js/core/train/start.js';
import { snippet } from '../../static/js/core/snippets.js';
import { aTraining, server, settled } from './training.js';

const check = /** @type {any} */ ({ request: { model: 'lenet5', design: null, dataset: { id: 'mnist', share: 1 }, optimizer: { name: 'adamw', learning_rate: 0.004, decay: 0.02 }, batch: 128 }, problems: [], parameters: 60850, macs: 3e5, layers: [], pictures: 60000, steps: 1000 });
const DATA = /** @type {any[]} */ ([{ id: 'mnist', models: ['mlp', 'lenet5'] }, { id: 'cifar10', models: [] }, { id: 'points', models: [] }]);
const PRESETS = /** @type {any[]} */ ([{ id: 'vgg', datasets: ['cifar10'], design: { name: 'VGG', layers: [] } }, { id: 'p', datasets: ['points'], design: { name: 'P', layers: [] } }]);

test('a draft is what was chosen, completed by the recipe', () => {
  assert.equal(completed(FIRST, check).batch, 128);
  assert.equal(completed({ ...FIRST, batch: 32 }, check).batch, 32);
  const design = { name: 'Own', layers: [] };
  assert.equal(completed({ design }, check).model, undefined);
  assert.deepEqual(withNetwork({ ...FIRST, seed: 3 }, { design }), { dataset: FIRST.dataset, seed: 3, design });
  assert.deepEqual(withSection(FIRST, check, 'optimizer', { learning_rate: 3 }).optimizer, { name: 'adamw', learning_rate: 3, decay: 0.02 });
  for (const name of OPTIMIZERS) assert.ok((withOptimizer(FIRST, check, name).optimizer?.learning_rate ?? 0) > 0);
});

test('other data bring a network that fits', () => {
  assert.equal(withData(FIRST, DATA[0], PRESETS).model, 'lenet5');
  assert.equal(withData(FIRST, DATA[1], PRESETS).design?.name, 'VGG');
  const points = withData({ ...FIRST, dataset: { id: 'mnist', share: 0.1 } }, DATA[2], PRESETS);
  assert.deepEqual([points.design?.name, points.dataset], ['P', { share: 0.1, id: 'points' }]);
  assert.equal(withData(points, DATA[0], PRESETS).model, 'lenet5');
  const own = { design: { name: 'Own', layers: [] }, dataset: { id: 'mnist' } };
  assert.equal(withData(own, DATA[1], PRESETS).design?.name, 'Own');
});

test('what is sent, sent again, and estimated', () => {
  assert.deepEqual(sendable({ model: 'mlp', title: '', dropout: null, seed: 1 }), { model: 'mlp', seed: 1 });
  assert.deepEqual(again({ model: 'mlp', title: 'x', paused: true, seed: 4 }), { model: 'mlp', seed: 4 });
  assert.equal(otherSeed({ model: 'mlp' }).seed, 2);
  assert.equal(estimateSeconds(check, [aTraining({ images_per_second: 1280 }), aTraining({ images_per_second: 640 })]), 100);
  assert.ok((estimateSeconds(check, []) ?? 0) > 1);
  assert.equal(estimateSeconds({ ...check, steps: null }, []), null);
  const bad = { ...check, problems: [{ field: 'design.layers.1.kernel', detail: 'too large' }, { field: 'design.layers.10', detail: 'x' }] };
  assert.deepEqual(problemsOf(bad, 'design.layers.1'), ['too large']);
  const store = createStore({ ...initialState(), training: 't1' });
  openForm(store, aTraining(), otherSeed);
  assert.deepEqual([store.get().training, store.get().trainingDraft?.seed], [null, 2]);
});

test('the form is checked as one types; the newest wins; a refusal is a problem in words', async () => {
  const refusal = new ApiError(422, 'Invalid', { detail: 'at most 8192', field: 'batch' });
  const { api, asked } = server({
    'POST /trainings/checks': (/** @type {any} */ body) => (body.batch > 8192 ? refusal : { ...check, request: { ...check.request, ...body } }),
    'GET /datasets': new ApiError(500, 'Broken'), 'GET /designs': PRESETS,
  });
  const store = createStore(initialState());
  const told = [];
  const draft = createTrainingDraft(store, api, { pause: 0, onProblem: (error) => told.push(error) });
  await settled();
  assert.deepEqual([draft.isFresh(), draft.full().batch, draft.offer().presets.length, draft.offer().datasets.length, told.length], [true, 128, 2, 0, 1]);
  for (const batch of [1, 2, 3]) draft.change({ batch });
  assert.equal(draft.isFresh(), false);
  await settled();
  assert.deepEqual(asked.filter(([, path]) => path.endsWith('checks')).map(([, , body]) => body.batch), [undefined, 1, 3]);
  draft.change({ batch: 9999 });
  await settled();
  assert.deepEqual(draft.check()?.problems, [{ field: 'batch', detail: 'at most 8192' }]);
  assert.equal(draft.full().optimizer?.name, 'adamw');
  draft.section('optimizer', { learning_rate: 1 });
  draft.reset(['batch']);
  await settled();
  assert.deepEqual([draft.check()?.problems, draft.get()], [[], { ...FIRST, optimizer: { name: 'adamw', learning_rate: 1, decay: 0.02 } }]);
  draft.destroy();
});

test('two trainings are started beside each other; a full server is asked again, a refusal told', async () => {
  const busy = Object.assign(new ApiError(503, 'Busy'), { retryAfter: 4 });
  const answers = [busy, { training: '/api/v1/trainings/a' }, { training: 'b' }, new ApiError(422, 'Invalid', { detail: 'no such network' })];
  const { api } = server({ 'POST /trainings': () => answers.shift() });
  const store = createStore({ ...initialState(), trainTab: 'layers' });
  const phases = [];
  const starter = createStarter(store, api, (each) => phases.push(each), { wait: async () => {} });
  assert.equal(await starter.start([{ model: 'mlp' }, { model: 'mlp', dropout: 0.5 }]), true);
  assert.deepEqual([store.get().training, store.get().compared, store.get().trainTab], ['a', 'b', 'curves']);
  assert.deepEqual(phases.map(({ phase }) => phase), ['sending', 'busy', 'idle']);
  assert.equal(phases[1].seconds, 4);
  assert.equal(await starter.start([{ model: 'none' }]), false);
  assert.deepEqual([phases.at(-1).phase, phases.at(-1).problem], ['refused', 'no such network']);
});

test('an experiment is known again by what it does', () => {
  const t = (/** @type {string} */ key) => key;
  for (const experiment of EXPERIMENTS) {
    const requests = requestsOf(experiment, t);
    assert.ok(requests.length <= 2 && requests.every(({ title }) => title));
    for (const request of requests) assert.equal(experimentOf({ precision: 'auto', ...request, optimizer: { momentum: 0.9, ...request.optimizer } })?.id, experiment.id);
  }
  assert.equal(experimentOf({ model: 'lenet5', dataset: { id: 'mnist' } }), null);
});

test('a training as a program', () => {
  const request = { model: 'mlp', title: "Kati's", dropout: 0.5, paused: true };
  const asked = /** @type {any} */ ({ base: 'http://host/api/v1', model: 'mlp', weights: null, source: { kind: 'drawing', packed: 'AAAA', preprocess: 'center' }, question: { about: 'training', request } });
  assert.match(snippet('curl', asked), /-d '\{"model":"mlp","title":"Kati'\\''s","dropout":0.5,"paused":true\}' \\\n {2}'http:\/\/host\/api\/v1\/trainings'/);
  const python = snippet('python', asked);
  assert.match(python, /^import time\n\nimport httpx\n\napi = /);
  assert.match(python, /json=\{"model": "mlp", "title": "Kati's", "dropout": 0.5, "paused": True\}/);
  assert.ok(!python.includes('AAAA'));
});
