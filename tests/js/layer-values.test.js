import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createLayerValues } from '../../static/js/core/maps/layer-values.js';
import { createStore, initialState } from '../../static/js/core/store.js';

const live = { shape: [2], data: Float32Array.of(1, 2) };
const frame = (seq) => ({ seq, prediction: { top: [] }, tensors: new Map([['relu', live]]) });

function setUp(layer = async () => ({ shape: [2], data: Float32Array.of(-1, 5) })) {
  const store = createStore({ ...initialState(), model: { id: 'net', stages: [{ output: 'relu' }, { output: 'pool' }] }, frame: frame(1) });
  const asked = [];
  const api = {
    createPass: async () => ({ id: 'p/1' }),
    layer: (pass, name) => { asked.push([pass, name]); return layer(); },
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
  assert.deepEqual(asked, [['p/1', 'conv']]);
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

test('a photograph keeps its pass; its stages come by themselves', async () => {
  const { store, layers, asked, arrived } = setUp();
  store.set({ frame: { ...frame(1), pass: 'kept' } });
  assert.equal(layers.valuesOf('pool'), null);
  layers.valuesOf('conv');
  await arrived;
  store.set({ frame: { ...frame(1), pass: 'kept' } });
  assert.equal(layers.valuesOf('conv').fresh, true);
  assert.deepEqual(asked, [['kept', 'conv']]);
  layers.destroy();
});
