import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createLayerFollower } from '../../static/js/core/maps/layer-follow.js';
import { createStore, initialState } from '../../static/js/core/store.js';

const tensor = (value) => ({ shape: [1, 1, 1], data: Float32Array.of(value) });
const model = (preprocessing) => ({ id: 'net', input: { preprocessing } });
const turn = () => new Promise((resolve) => { setTimeout(resolve, 0); });

function setup(preprocessing, frame) {
  const store = createStore(initialState());
  store.set({ model: model(preprocessing), frame });
  const asked = [];
  const errors = [];
  const answers = new Map();
  const session = {
    layer: (layer) => new Promise((resolve, reject) => { asked.push(layer); answers.set(layer, { resolve, reject }); }),
  };
  let news = 0;
  const follower = createLayerFollower(store, session, () => { news += 1; }, (error) => errors.push(error.message));
  return { store, follower, asked, answers, errors, news: () => news };
}

test('a drawing: what the frame has is exact, and nothing is asked', async () => {
  const { follower, asked } = setup('digit', { tensors: new Map([['conv1', tensor(1)]]) });
  assert.equal(follower.valuesOf('conv1').exact, true);
  await turn();
  assert.deepEqual(asked, []);
});

test('a photograph: half precision first, then exactly', async () => {
  const { follower, asked, answers, news } = setup('photo', { pass: 'p1', tensors: new Map([['conv1', tensor(1)]]) });
  assert.deepEqual([follower.valuesOf('conv1').exact, follower.valuesOf('conv1').fresh], [false, true]);
  await turn();
  assert.deepEqual(asked, ['conv1']);
  answers.get('conv1').resolve(tensor(1.5));
  await turn();
  assert.equal(news(), 1);
  assert.deepEqual([follower.valuesOf('conv1').exact, follower.valuesOf('conv1').tensor.data[0]], [true, 1.5]);
});

test('a photograph: what has not arrived is null, and another pass forgets the exact values', async () => {
  const { store, follower, answers } = setup('photo', { pass: 'p1', tensors: new Map() });
  assert.equal(follower.valuesOf('relu'), null);
  await turn();
  answers.get('relu').resolve(tensor(2));
  await turn();
  assert.equal(follower.valuesOf('relu').tensor.data[0], 2);
  store.set({ frame: { pass: 'p2', tensors: new Map() } });
  assert.equal(follower.valuesOf('relu'), null);
});

test('a drawing: a layer inside a stage stays, marked as old, until the new one is here', async () => {
  const { store, follower, answers } = setup('digit', { tensors: new Map() });
  follower.valuesOf('conv1');
  await turn();
  answers.get('conv1').resolve(tensor(3));
  await turn();
  assert.equal(follower.valuesOf('conv1').fresh, true);
  store.set({ frame: { tensors: new Map() } });
  assert.deepEqual([follower.valuesOf('conv1').fresh, follower.valuesOf('conv1').tensor.data[0]], [false, 3]);
  follower.destroy();
});

test('a failure is told; one that comes after another layer was chosen is not', async () => {
  const { follower, answers, errors } = setup('photo', { pass: 'p1', tensors: new Map() });
  follower.valuesOf('a');
  await turn();
  follower.valuesOf('b');
  answers.get('a').reject(new Error('late'));
  await turn();
  answers.get('b').reject(new Error('gone'));
  await turn();
  assert.deepEqual(errors, ['gone']);
});
