import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ApiError } from '../../static/js/core/api.js';
import { PhotoPass } from '../../static/js/core/input/photo-pass.js';
import { createStore, initialState } from '../../static/js/core/store.js';

const stages = ['input', 'conv', 'fc'].map((id) => ({ id, output: `${id}.out` }));
const model = /** @type {any} */ ({ id: 'net', stages, weights: { source: 'official' } });
const photo = (name, more = {}) => /** @type {any} */ ({ blob: new Blob(['x']), url: '', name, origin: 'file', id: null, ...more });

function setUp(more = {}) {
  const posted = [];
  const api = /** @type {any} */ ({
    seenUrl: (id) => `/passes/${id}/image`,
    file: async () => new Blob(['y']),
    gallery: async () => [{ id: 'cat', title: 'A cat', href: '/gallery/cat' }],
    pass: async (id) => ({ id, model: 'net', weights: { source: 'official' }, predictions: [] }),
    createPhotoPass: async (_, __, { name }) => { posted.push(name); return { id: `pass of ${name}`, model: 'net', predictions: [{ top: [] }] }; },
    halves: async (pass, layer) => ({ shape: [1], pass, layer }),
    ...more,
  });
  const store = createStore({ ...initialState(), model });
  return { store, api, posted, pass: new PhotoPass(store, api) };
}

/** The first state that `holds`. */
function when(store, holds) {
  return new Promise((resolve) => {
    const look = () => { if (holds(store.get())) { stop(); resolve(store.get()); } };
    const stop = store.on(['arrival', 'frame', 'pass'], look);
    look();
  });
}

test('posted once, then all stages arrive and nothing is waited for', async () => {
  const { store, pass, posted } = setUp();
  store.set({ photo: photo('a') });
  pass.run();
  assert.equal(store.get().arrival.phase, 'sending');
  const { frame, pass: info } = await when(store, ({ frame: f, arrival }) => f?.tensors.size === 3 && arrival === null);
  assert.deepEqual([...frame.tensors.keys()].sort(), ['conv.out', 'fc.out', 'input.out']);
  assert.equal(frame.pass, 'pass of a');
  assert.equal(await pass.id(), info.id);
  assert.deepEqual(posted, ['a']);
});

test('the newest photograph wins', async () => {
  const { store, pass } = setUp();
  for (const name of ['a', 'b']) { store.set({ photo: photo(name) }); pass.run(); }
  const { frame } = await when(store, ({ arrival, frame: f }) => f !== null && arrival === null);
  assert.equal(frame.pass, 'pass of b');
});

test('a refusal is told in the server\'s words, and tried again on request', async () => {
  let broken = true;
  const { store, pass } = setUp({ createPhotoPass: async () => { if (broken) throw new ApiError(422, 'No', { detail: 'This is no picture.' }); return { id: 'p', predictions: [] }; } });
  store.set({ photo: photo('a') });
  pass.run();
  const { arrival } = await when(store, (state) => state.arrival?.phase === 'failed');
  assert.equal(arrival.problem, 'This is no picture.');
  broken = false;
  pass.retry();
  const { frame } = await when(store, (state) => state.frame !== null && state.arrival === null);
  assert.deepEqual(frame.prediction.top, []);
});

test('without a photograph there is no pass', async () => {
  const { pass, store } = setUp();
  pass.run();
  assert.equal(store.get().arrival, null);
  await assert.rejects(pass.id(), /No photograph/);
});

test('a link\'s picture is fetched; a kept pass is not computed again', async () => {
  const { store, pass, posted } = setUp();
  await pass.restore({ origin: 'gallery', id: 'cat' });
  assert.equal(store.get().photo.name, 'A cat');
  await pass.restore({ origin: 'pass', id: 'p7' });
  pass.run();
  const { frame } = await when(store, ({ arrival, frame: f }) => f !== null && arrival === null);
  assert.equal(frame.pass, 'p7');
  assert.deepEqual(posted, []);
  await pass.restore({ origin: 'gallery', id: 'nonesuch' });
  assert.equal(store.get().photo.id, 'p7');
});
