import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ApiError } from '../../static/js/core/api.js';
import { defaultMode, hasWeights, isLarge, Session } from '../../static/js/core/session.js';
import { createStore, initialState } from '../../static/js/core/store.js';

// No socket is opened here, but the session has a client for one.
globalThis.WebSocket ??= /** @type {any} */ (class {});

const sources = [{ id: 'wheel', status: 'ready', job: null }, { id: 'official', status: 'downloadable', job: null }];
const summary = (id, status = 'ready') => ({ id, input: { preprocessing: 'photo', shape: [3, 8, 8] }, weights: { status, source: status === 'ready' ? 'wheel' : null, sources } });
const photo = /** @type {any} */ ({ blob: new Blob(['x']), url: '', name: 'a', origin: 'file', id: null });

function setUp(more = {}) {
  const asked = [];
  const errors = [];
  const api = /** @type {any} */ ({
    base: '/api/v1',
    models: async () => [summary('vgg16'), summary('alexnet')],
    colormaps: async () => [],
    gallery: async () => [],
    model: async (id, weights) => {
      asked.push([id, weights]);
      if (weights === 'nonesuch') throw new ApiError(404, 'No such source');
      const known = summary(id, id === 'bare' ? 'missing' : 'ready');
      if (weights) known.weights.source = weights;
      return { ...known, stages: [{ id: 'input', output: 'input', shape: [3, 8, 8] }], layers: [] };
    },
    createPhotoPass: async (model) => { asked.push(['pass', model]); return { id: `${model}-1`, model, predictions: [] }; },
    halves: async () => ({ shape: [3, 8, 8] }),
    layer: async (pass, layer, { channels }) => { asked.push(['layer', pass, layer, channels]); return { shape: [1], data: new Float32Array(1) }; },
    ...more,
  });
  const store = createStore(initialState());
  const session = new Session(store, api, { base: 'http://x/api/v1', report: (error) => errors.push(error), onProblem: () => {} });
  return { store, session, asked, errors };
}

test('what is large, and what can compute', () => {
  assert.equal(isLarge(/** @type {any} */ (summary('vgg16'))), true);
  assert.equal(hasWeights(/** @type {any} */ (summary('x', 'missing'))), false);
  assert.equal(hasWeights(/** @type {any} */ ({ weights: { status: 'missing', source: 'random' } })), true);
});

test('a photograph goes through the network, and through the next one', async () => {
  const { store, session, asked } = setUp();
  await session.start({ model: 'vgg16' });
  session.setPhoto(photo);
  assert.equal(await session.passId(), 'vgg16-1');
  await session.choose('alexnet');
  assert.equal(store.get().photo, photo);
  assert.equal(await session.passId(), 'alexnet-1');
  assert.equal(store.get().kernels, null);
  assert.deepEqual(asked.filter(([what]) => what === 'pass'), [['pass', 'vgg16'], ['pass', 'alexnet']]);
  assert.deepEqual(store.get().recent, [photo]);
});

test('the newest weights of a trained network are asked for by name where a moment was shown', async () => {
  const { store, session, asked } = setUp();
  await session.start({ model: 'vgg16' });
  const own = { ...summary('vgg16-1'), weights: { status: 'ready', source: 'step-5', sources: [{ id: 'live', kind: 'trained' }] }, stages: [], layers: [] };
  store.set({ model: /** @type {any} */ (own), weights: 'step-5' });
  await session.choose('vgg16-1');
  await session.choose('vgg16-1', 'live');
  assert.deepEqual(asked.filter(([what]) => what === 'vgg16-1'), [['vgg16-1', 'live'], ['vgg16-1', null]]);
  assert.equal(store.get().weights, null);
});

test('other drawings than digits are not centred by themselves', () => {
  assert.equal(defaultMode(/** @type {any} */ ({ input: { preprocessing: 'plain' } })), 'none');
  assert.equal(defaultMode(/** @type {any} */ ({ input: { preprocessing: 'digit' } })), 'center');
});

test('exact values are asked for once', async () => {
  const { session, asked } = setUp();
  await session.start({ model: 'vgg16' });
  session.setPhoto(photo);
  const first = await session.layer('conv', { channels: '0-3' });
  assert.equal(await session.layer('conv', { channels: '0-3' }), first);
  assert.notEqual(await session.layer('conv'), first);
  assert.deepEqual(asked.filter(([what]) => what === 'layer'), [['layer', 'vgg16-1', 'conv', '0-3'], ['layer', 'vgg16-1', 'conv', undefined]]);
});

test('weights are the present network\'s; the next has the server\'s choice', async () => {
  const { store, session } = setUp();
  await session.start({ model: 'vgg16', weights: 'wheel' });
  assert.equal(store.get().weights, 'wheel');
  await session.chooseWeights('random');
  assert.equal(store.get().model.weights.source, 'random');
  await session.weightsChanged('vgg16');
  assert.equal(store.get().weights, null);
  await session.chooseWeights('wheel');
  await session.choose('alexnet');
  assert.equal(store.get().weights, null);
});

test('without weights nothing is posted', async () => {
  const { store, session, asked } = setUp({ models: async () => [summary('bare', 'missing')] });
  await session.start({ model: 'bare' });
  session.setPhoto(photo);
  assert.deepEqual(asked, [['bare', null]]);
  assert.deepEqual([store.get().arrival, store.get().connection], [null, 'open']);
  await assert.rejects(session.passId());
});

test('a link to weights that nobody knows opens the network all the same', async () => {
  const { store, session, errors } = setUp();
  await session.start({ model: 'vgg16', weights: 'nonesuch' });
  assert.equal(store.get().model.id, 'vgg16');
  assert.equal(store.get().weights, null);
  assert.equal(errors.length, 1);
});
