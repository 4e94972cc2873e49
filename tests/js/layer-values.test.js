import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createLayerValues } from '../../static/js/core/layer-values.js';
import { createStore, initialState } from '../../static/js/core/store.js';
import { encodeNpy } from '../../static/js/core/wire.js';

const live = { shape: [2], data: Float32Array.of(1, 2) };
const frame = (seq) => ({ seq, prediction: { top: [] }, tensors: new Map([['relu', live]]) });

function setUp(bytes = async () => encodeNpy([2], Float32Array.of(-1, 5))) {
  const store = createStore({ ...initialState(), model: { id: 'net' }, frame: frame(1) });
  const asked = [];
  const api = {
    createPass: async () => ({ id: 'p/1' }),
    bytes: (path, options) => { asked.push(path); return bytes(path, options); },
  };
  const errors = [];
  let arrive = () => {};
  const arrived = new Promise((resolve) => { arrive = resolve; });
  const layers = createLayerValues(store, api, () => arrive(), (error) => { errors.push(error); arrive(); });
  return { store, layers, asked, errors, arrived };
}

test('what the frame has is taken from it, at once', () => {
  const { layers, asked } = setUp();
  assert.deepEqual(layers.valuesOf('relu'), { tensor: live, fresh: true });
  assert.deepEqual(asked, []);
});

test('what it lacks is asked for once, and belongs to the frame it was asked for', async () => {
  const { store, layers, asked, arrived } = setUp();
  assert.equal(layers.valuesOf('conv'), null);
  assert.equal(layers.valuesOf('conv'), null);
  await arrived;
  const found = layers.valuesOf('conv');
  assert.deepEqual([...found.tensor.data], [-1, 5]);
  assert.equal(found.fresh, true);
  assert.deepEqual(asked, ['/passes/p%2F1/layers/conv?format=npy']);
  store.set({ frame: frame(2) });
  assert.equal(layers.valuesOf('conv').fresh, false);
  layers.destroy();
});

test('another network\'s values are not shown; a failure is reported', async () => {
  const { store, layers, arrived, errors } = setUp(async () => { throw new Error('gone'); });
  layers.valuesOf('conv');
  await arrived;
  assert.equal(errors[0].message, 'gone');
  store.set({ model: null });
  assert.equal(layers.valuesOf('conv'), null);
});
