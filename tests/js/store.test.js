import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createStore, initialState, neutralTransform } from '../../static/js/core/store.js';

test('a listener hears once of a change of its keys, with what changed', () => {
  const store = createStore(initialState());
  const heard = [];
  store.on(['hover', 'pinned'], (state, changed) => heard.push([state.hover, [...changed].sort()]));
  const unit = { stage: 'conv1', channel: 0, y: 1, x: 2 };
  store.set({ hover: unit, pinned: unit, trace: true });
  store.set({ trace: false });
  assert.deepEqual(heard, [[unit, ['hover', 'pinned', 'trace']]]);
});

test('setting the same value tells nobody', () => {
  const store = createStore(initialState());
  store.on(['lang'], () => assert.fail('nothing changed'));
  store.set({ lang: store.get().lang });
});

test('a listener that was removed, even by another listener, hears nothing more', () => {
  const store = createStore(initialState());
  let stopSecond = () => {};
  store.on(['trace'], () => stopSecond());
  stopSecond = store.on(['trace'], () => assert.fail('it was removed'));
  store.set({ trace: true });
});

test('a listener may set the store again', () => {
  const store = createStore(initialState());
  store.on(['ink'], ({ ink }) => store.set({ drawing: ink }));
  const ink = new Uint8Array(784).fill(7);
  store.set({ ink });
  assert.equal(store.get().drawing, ink);
});

test('the initial state draws nothing and changes nothing', () => {
  const state = initialState();
  assert.equal(state.ink.length, 784);
  assert.deepEqual(state.transform, neutralTransform());
});
