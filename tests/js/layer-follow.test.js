import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createLayerFollower } from '../../static/js/core/layer-follow.js';
import { createStore, initialState } from '../../static/js/core/store.js';

const half = { shape: [2], data: Float32Array.of(1, 2) };
const exact = { shape: [2], data: Float32Array.of(1.0001, 2.0001) };
const networkOf = (preprocessing) => ({ id: 'net', input: { preprocessing }, stages: [] });
const frame = (pass) => ({ seq: 1, prediction: { top: [] }, tensors: new Map([['relu', half]]), ...(pass && { pass }) });

function setUp(kind, pass, answer = async () => exact) {
  const store = createStore({ ...initialState(), model: networkOf(kind), frame: frame(pass) });
  const asked = [];
  const errors = [];
  let resolve = () => {};
  const next = () => new Promise((done) => { resolve = done; });
  const session = { layer: (layer) => { asked.push(layer); return answer(); } };
  const follower = createLayerFollower(store, session, () => resolve(), (error) => { errors.push(error); resolve(); });
  return { store, follower, asked, errors, next };
}

test('the pen\'s frames are exact: nothing is asked for', () => {
  const { follower, asked } = setUp('digit', undefined);
  assert.deepEqual(follower.valuesOf('relu'), { tensor: half, exact: true, fresh: true });
  assert.deepEqual(asked, []);
});

test('a photograph\'s layer is shown in half precision until the exact values are here', async () => {
  const { follower, asked, next } = setUp('photo', 'p');
  const arrival = next();
  assert.deepEqual(follower.valuesOf('relu'), { tensor: half, exact: false, fresh: true });
  follower.valuesOf('relu');
  await arrival;
  assert.deepEqual(follower.valuesOf('relu'), { tensor: exact, exact: true, fresh: true });
  assert.deepEqual(asked, ['relu']);
  follower.destroy();
});

test('of another photograph nothing old is shown', async () => {
  const { store, follower, next } = setUp('photo', 'p');
  const arrival = next();
  follower.valuesOf('conv');
  await arrival;
  assert.equal(follower.valuesOf('conv').exact, true);
  store.set({ frame: frame('q') });
  assert.equal(follower.valuesOf('conv'), null);
  follower.destroy();
});

test('of an older drawing the values stay in sight, and are said to be old', async () => {
  const { store, follower, next } = setUp('digit', undefined);
  const arrival = next();
  assert.equal(follower.valuesOf('conv'), null);
  await arrival;
  store.set({ frame: frame() });
  assert.deepEqual(follower.valuesOf('conv'), { tensor: exact, exact: true, fresh: false });
  follower.destroy();
});

test('a failure is told', async () => {
  const { follower, errors, next } = setUp('photo', 'p', async () => { throw new Error('gone'); });
  const arrival = next();
  follower.valuesOf('conv');
  await arrival;
  assert.equal(errors[0].message, 'gone');
  follower.destroy();
});
