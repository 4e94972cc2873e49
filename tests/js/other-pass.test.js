import assert from 'node:assert/strict';
import { test } from 'node:test';
import { comparable, createOtherPass } from '../../static/js/core/other-pass.js';
import { createStore, initialState } from '../../static/js/core/store.js';

const network = (id, preprocessing, status = 'ready') => ({ id, input: { preprocessing }, weights: { status, source: 'official' } });
const models = [network('a', 'photo'), network('b', 'photo'), network('c', 'photo', 'downloadable'), network('d', 'digit')];
const cat = { blob: new Blob(['cat']), name: 'cat' };
const dog = { blob: new Blob(['dog']), name: 'dog' };
const tensor = { shape: [1], data: Float32Array.of(1) };

function setUp(patch = {}) {
  const store = createStore({ ...initialState(), models, model: models[0], photo: cat, ...patch });
  const asked = [];
  const api = {
    model: async (id, weights) => { asked.push(`model ${id} ${weights}`); return models.find((each) => each.id === id); },
    createPhotoPass: async (id, blob, { name, weights }) => { asked.push(`pass ${id} ${name} ${weights}`); return { id: `${id}-${name}` }; },
    createPass: async (id, drawing) => { asked.push(`drawing ${id} ${drawing[0]}`); return { id: 'drawn' }; },
    layer: async (pass, layer) => { asked.push(`layer ${pass} ${layer}`); if (layer === 'gone') throw new Error('gone'); return tensor; },
  };
  let wanted = () => false;
  let resolve = () => {};
  const other = createOtherPass(store, api, () => { if (wanted()) resolve(); });
  const until = (condition) => (condition() ? Promise.resolve() : new Promise((done) => { wanted = condition; resolve = done; }));
  return { store, asked, other, until };
}

test('networks of the same kind that have weights can be compared; all of them where random weights were asked for', () => {
  const state = { ...initialState(), models, model: models[0] };
  assert.deepEqual(comparable(state).map(({ id }) => id), ['a', 'b']);
  assert.deepEqual(comparable({ ...state, weights: 'random' }).map(({ id }) => id), ['a', 'b', 'c']);
  assert.deepEqual(comparable({ ...state, model: null }), []);
});

test('another picture through the same network', async () => {
  const { asked, other, until } = setUp();
  other.choose({ model: null, picture: dog });
  await until(() => other.made() !== null);
  assert.deepEqual(asked, ['pass a dog undefined']);
  assert.equal(other.valuesOf('conv'), null);
  assert.equal(other.valuesOf('conv'), null);
  await until(() => other.valuesOf('conv') !== null);
  assert.deepEqual(other.valuesOf('conv'), { tensor, fresh: true });
  assert.deepEqual(asked.slice(1), ['layer a-dog conv']);
  other.destroy();
});

test('the same picture through another network follows the picture', async () => {
  const { store, asked, other, until } = setUp();
  other.choose({ model: 'b', picture: null });
  await until(() => other.made()?.pass === 'b-cat');
  store.set({ photo: dog });
  await until(() => other.made()?.pass === 'b-dog');
  assert.deepEqual(asked, ['model b null', 'pass b cat undefined', 'model b null', 'pass b dog undefined']);
  other.choose(null);
  assert.equal(other.made(), null);
  other.destroy();
});

test('a network without weights is asked for random ones only where those were asked for', async () => {
  const { asked, other, until } = setUp({ weights: 'random' });
  other.choose({ model: 'c', picture: null });
  await until(() => other.made() !== null);
  assert.deepEqual(asked, ['model c random', 'pass c cat random']);
  other.destroy();
});

test('drawings', async () => {
  const { asked, other, until } = setUp({ model: models[3], photo: null, drawing: Uint8Array.of(7) });
  other.choose({ model: null, picture: Uint8Array.of(3) });
  await until(() => other.made() !== null);
  assert.deepEqual(asked, ['drawing d 3']);
  other.destroy();
});

test('a failure is told, and not repeated', async () => {
  const { asked, other, until } = setUp();
  other.choose({ model: null, picture: dog });
  await until(() => other.made() !== null);
  other.valuesOf('gone');
  await until(() => other.problem() === 'gone');
  assert.equal(other.valuesOf('gone'), null);
  assert.equal(asked.filter((each) => each.startsWith('layer')).length, 1);
  other.destroy();
});
