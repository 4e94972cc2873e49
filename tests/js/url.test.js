import assert from 'node:assert/strict';
import { test } from 'node:test';
import { FIRST_POINTS } from '../../static/js/core/points/choice.js';
import { initialState } from '../../static/js/core/store.js';
import { drawingFromText, drawingToText, stateFromHash, stateToHash, unitFromText, unitToText } from '../../static/js/core/url.js';

const drawing = Uint8Array.from({ length: 784 }, (_, i) => (i * 37) % 256);

test('a drawing survives as text, byte by byte', async () => {
  const text = await drawingToText(drawing);
  assert.match(text, /^[\w-]+$/);
  assert.deepEqual(await drawingFromText(text), drawing);
});

test('what is no drawing gives null', async () => {
  const short = await drawingToText(new Uint8Array(10));
  for (const text of [null, '', '!!!', 'AAAA', short, 'x'.repeat(10_000)]) assert.equal(await drawingFromText(text), null);
});

test('a unit is written as its address', () => {
  const unit = { stage: 'layer1.0.conv2', channel: 3, y: 12, x: 4 };
  assert.equal(unitToText(unit), 'layer1.0.conv2/3,12,4');
  assert.deepEqual(unitFromText(unitToText(unit)), unit);
  for (const text of ['conv1', 'conv1/1,2', 'conv1/-1,0,0', 'conv1/a,b,c', null]) assert.equal(unitFromText(text), null);
});

test('the whole state goes through the hash', async () => {
  const state = {
    ...initialState(), model: /** @type {any} */ ({ id: 'harley' }), ink: drawing, projection: 'flat', scale: 'fixed', edgeColour: 'weight',
    preprocess: 'none', outgoing: true, trace: true, hidden: new Set(['pool1', 'conv2']), drawer: 'conv1',
    pinned: { stage: 'conv1', channel: 3, y: 12, x: 4 }, transform: { dx: 1.5, dy: -2, rotate: 30, scale: 0.8, noise: 0.1, stroke: 0.5 },
  };
  const { modelId, view, ...saved } = await stateFromHash(`#${stateToHash(state, 'network', await drawingToText(drawing))}`);
  assert.equal(modelId, 'harley');
  assert.equal(view, 'network');
  for (const [key, value] of Object.entries(saved)) assert.deepEqual(value, state[key], key);
  assert.equal(Object.keys(saved).length, 11);
});

test('a photograph network keeps its picture and its weights, not the drawing', async () => {
  const model = /** @type {any} */ ({ id: 'vgg16', input: { preprocessing: 'photo' } });
  const gallery = { ...initialState(), scale: /** @type {const} */ ('map'), model, weights: 'wheel', photo: /** @type {any} */ ({ origin: 'gallery', id: 'chelsea' }), pass: /** @type {any} */ ({ id: 'p1' }) };
  assert.equal(stateToHash(gallery, 'features', 'AA'), 'm=vgg16&v=features&w=wheel&g=chelsea');
  const file = { ...gallery, photo: /** @type {any} */ ({ origin: 'file', id: null }) };
  assert.equal(stateToHash(file, 'network', 'AA'), 'm=vgg16&v=network&w=wheel&i=p1');
  assert.deepEqual(await stateFromHash('#w=random&g=chelsea'), { weights: 'random', photoRef: { origin: 'gallery', id: 'chelsea' } });
  assert.deepEqual((await stateFromHash('#i=p1')).photoRef, { origin: 'pass', id: 'p1' });
});

test('the colour scale is written where it is not the default of its kind of network', () => {
  const hashOf = (/** @type {string} */ preprocessing, /** @type {any} */ scale) =>
    stateToHash({ ...initialState(), model: /** @type {any} */ ({ id: 'm', input: { preprocessing } }), scale }, 'network', '');
  assert.deepEqual(['map', 'layer', 'fixed'].map((scale) => hashOf('photo', scale)), ['m=m&v=network', 'm=m&v=network&s=layer', 'm=m&v=network&s=fixed']);
  assert.deepEqual(['map', 'layer', 'fixed'].map((scale) => hashOf('digit', scale)), ['m=m&v=network&s=map', 'm=m&v=network', 'm=m&v=network&s=fixed']);
});

test('old links to the Draw view open the network', async () => {
  assert.equal((await stateFromHash('#v=draw')).view, 'network');
  assert.equal((await stateFromHash('#v=filters')).view, 'filters');
});

test('defaults are left out', () => {
  const state = { ...initialState(), model: /** @type {any} */ ({ id: 'mlp' }) };
  assert.equal(stateToHash(state, 'network', 'AA'), 'm=mlp&v=network&d=AA');
});

test('a bad hash says nothing and breaks nothing', async () => {
  for (const hash of ['', '#', '#%%%', '#p=sideways&s=&u=conv1&x=1,2&d=zzz&o=2', '#x=a,b,c,d,e,f']) assert.deepEqual(await stateFromHash(hash), {});
});

test('transformations beyond the sliders are brought back to their ends', async () => {
  const { transform } = await stateFromHash('#x=99,-99,1e9,0,5,-1e9');
  assert.deepEqual(transform, { dx: 10, dy: -10, rotate: 90, scale: 0.4, noise: 0.8, stroke: -1.5 });
});

test('a moment of a training of points is named', async () => {
  const playground = /** @type {any} */ (FIRST_POINTS);
  const hash = (/** @type {object} */ patch) => stateToHash({ ...initialState(), ...patch }, 'train', '');
  assert.equal((await stateFromHash(hash({ playground, training: 'a1', moment: 0 }))).moment, 0);
  assert.equal((await stateFromHash(hash({ playground, training: 'a1', moment: 200 }))).moment, 200);
  assert.doesNotMatch(hash({ training: 'a1', moment: 200 }), /tm=/);
  for (const text of ['tm=3', 'tr=a1&tm=3']) assert.equal((await stateFromHash(text)).moment, undefined);
});
