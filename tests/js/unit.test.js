import assert from 'node:assert/strict';
import { test } from 'node:test';
import { channelOf } from '../../static/js/core/maps/channel.js';
import { createStore, initialState } from '../../static/js/core/store.js';
import { subjectAt } from '../../static/js/core/unit/address.js';
import { createUnitCard } from '../../static/js/core/unit/card.js';
import { followUnit, isMissing, presentSubject } from '../../static/js/core/unit/follow.js';
import { createUnitMap, mapRange } from '../../static/js/core/unit/map.js';
import { bestKept, createUnitMaximum, pictureIndex, unitRequest } from '../../static/js/core/unit/maximum.js';
import { frameOf, harley } from './networks.js';

const weights = { status: 'ready', source: 'shipped', sha256: 'aa' };
const base = harley();
const model = { ...base, classes: [...'0123456789'], weights, input: { ...base.input, preprocessing: 'digit' } };
const at = (layer, channel) => ({ model: model.id, layer, channel });
const models = [{ id: model.id, title: 'Harley' }];
const turn = () => new Promise((resolve) => setImmediate(resolve));
/** A frame whose every map grows to its last cell. */
const frame = frameOf(model, (stage, i) => i);

function open(more) {
  const store = createStore({ ...initialState(), models, model, ...more });
  return { store, stop: followUnit(store) };
}

test('one channel of a layer, of halves too, and of a tensor that holds it alone', () => {
  const data = Float32Array.from({ length: 12 }, (_, i) => i);
  assert.deepEqual([...channelOf({ shape: [3, 2, 2], data }, 1, 3)], [4, 5, 6, 7]);
  assert.deepEqual([...channelOf({ shape: [1, 2, 2], data: data.subarray(0, 4) }, 1, 3)], [0, 1, 2, 3]);
  const halves = Uint16Array.from([0, 0x3c00, 0x4000, 0xc000]);
  assert.deepEqual([...channelOf({ shape: [2, 1, 2], halves, get data() { throw new Error('all is decoded'); } }, 1, 2)], [2, -2]);
});

test('the page pins the place where its unit answers most', () => {
  const { store } = open({ unitPage: at('conv1_act', 2), frame });
  const { pinned, drawer } = store.get();
  assert.deepEqual([pinned, drawer], [{ stage: 'conv1', channel: 2, y: 27, x: 27 }, 'conv1']);
});

test('before there are values, the middle stands in', () => {
  const { store } = open({ unitPage: at('conv1_act', 2) });
  assert.deepEqual(store.get().pinned, { stage: 'conv1', channel: 2, y: 14, x: 14 });
  store.set({ frame: { ...frame, prediction: { ...frame.prediction, reason: 'empty' } } });
  assert.equal(store.get().pinned.y, 14);
  store.set({ frame });
  assert.equal(store.get().pinned.y, 27);
  store.set({ pinned: { stage: 'conv1', channel: 2, y: 3, x: 3 } }); // the reader's own
  store.set({ frame: { ...frame } });
  assert.equal(store.get().pinned.y, 3);
});

test('the address follows the pinned unit, and the other way round', () => {
  const { store, stop } = open({ frame, pinned: { stage: 'conv2', channel: 4, y: 0, x: 0 } });
  assert.deepEqual(store.get().unitPage, at('conv2_act', 4));
  store.set({ pinned: { stage: 'pool1', channel: 1, y: 0, x: 0 } });
  assert.deepEqual(store.get().unitPage, at('pool1', 1));
  store.set({ unitPage: at('conv1', 3) }); // before the activation function
  assert.deepEqual([store.get().pinned.stage, store.get().pinned.channel, store.get().unitPage.layer], ['conv1', 3, 'conv1']);
  stop();
  store.set({ unitPage: at('conv1', 5) });
  assert.equal(store.get().pinned.channel, 3);
});

test('without a unit the answer of the network is shown', () => {
  const { store } = open({});
  assert.equal(store.get().unitPage, null);
  store.set({ frame });
  assert.deepEqual(store.get().unitPage, at('out', 9));
});

test('what does not exist is told, not replaced', () => {
  for (const address of [at('conv9', 0), at('conv1_act', 6), { ...at('conv1_act', 0), model: 'nobody' }]) {
    const { store } = open({ unitPage: address, frame });
    assert.ok(isMissing(store.get()));
    assert.deepEqual([store.get().unitPage, presentSubject(store.get()), store.get().pinned], [address, null, null]);
  }
});

test('another network takes over', () => {
  const { store } = open({ unitPage: at('conv1_act', 2), frame });
  const other = { ...model, id: 'other' };
  store.set({ models: [...models, { id: 'other', title: 'Other' }], model: other, frame, pinned: null });
  assert.equal(store.get().unitPage?.model, 'other');
});

test('a card is asked for once, and only the last one counts', async () => {
  const asked = [];
  const card = createUnitCard({ json: async (path, { signal }) => { asked.push(path); await turn(); signal.throwIfAborted(); return { channel: Number(path.at(-1)) }; } }, () => {});
  for (const channel of [1, 2, 2]) card.show(subjectAt(model, at('conv1_act', channel)));
  await turn();
  await turn();
  assert.deepEqual(asked.map((path) => path.slice(-8)), ['/units/1', '/units/2']);
  assert.equal(card.card()?.channel, 2);
});

test('a map that the frame lacks is asked for alone', async () => {
  const asked = [];
  const store = createStore({ ...initialState(), model, frame });
  const session = { layer: async (id, { channels }) => { asked.push([id, channels]); return { shape: [1, 28, 28], data: new Float32Array(784).fill(7) }; } };
  const maps = createUnitMap(store, session, () => {}, assert.fail);
  const live = maps.valuesOf(subjectAt(model, at('conv1_act', 1)));
  assert.deepEqual([live.data[0], live.exact, asked.length], [784, true, 0]);
  const before = subjectAt(model, at('conv1', 1));
  assert.equal(maps.valuesOf(before), null);
  await new Promise((resolve) => setTimeout(resolve, 5));
  assert.deepEqual(asked, [['conv1', '1']]);
  assert.equal(maps.valuesOf(before).data[5], 7);
  maps.destroy();
});

test('the colours of a map follow the scale', () => {
  const subject = subjectAt(model, at('conv1_act', 0));
  const data = channelOf(frame.tensors.get('conv1_act'), 0, 6);
  assert.equal(mapRange(subject, data, { frame, scale: 'map' }).hi, 783);
  assert.equal(mapRange(subject, data, { frame, scale: 'layer' }).hi, 6 * 784 - 1);
  assert.deepEqual(mapRange(subjectAt(model, at('conv1', 0)), data, { frame, scale: 'layer' }), { lo: 0, hi: 783, signed: false });
});

const answer = (more = {}) => ({
  id: 'm1', state: 'done', weights: { sha256: 'aa' }, request: { objective: 'activation', transforms: true }, curve: [],
  pictures: [{ layer: 'conv1_act', channel: 1, class: null }, { layer: 'conv1_act', channel: 2, class: null }], ...more,
});

test('the kept picture that shows what the whole channel wants', () => {
  const subject = subjectAt(model, at('conv1_act', 2));
  const good = answer();
  const others = [answer({ state: 'running' }), answer({ weights: { sha256: 'bb' } }), answer({ request: { objective: 'negative' } }),
    answer({ request: { neuron: [2, 1, 1] } }), answer({ request: { transforms: false } }), answer({ pictures: [{ layer: 'conv1', channel: 2 }] })];
  assert.equal(bestKept([...others, good], subject), good);
  assert.equal(bestKept(others, subject), null);
  assert.equal(pictureIndex(good, subject), 1);
  assert.deepEqual(unitRequest(subject), { layer: 'conv1_act', channel: 2 });
  assert.deepEqual(unitRequest(subjectAt(model, at('out', 7))), { class: 7 });
});

test('what is kept is shown; else the quick one starts, for the unit at rest', async () => {
  const done = [];
  const maximizer = () => ({ show: (found) => done.push(['show', found.id]), start: async (_, ask) => done.push(['start', await ask()]), clear() {}, get() {}, cancel() {}, destroy() {} });
  const api = { json: async (path) => (path.includes('channel=2') ? [answer()] : []) };
  /** @type {(() => void)[]} */
  const later = [];
  const maximum = createUnitMaximum(api, () => {}, { after: (work) => later.push(work), maximizer });
  maximum.show(subjectAt(model, at('conv1_act', 2)));
  await turn();
  maximum.show(subjectAt(model, at('conv1_act', 3)));
  await turn();
  maximum.show(subjectAt(model, at('conv1_act', 4)));
  await turn();
  later.forEach((work) => work());
  await turn();
  assert.deepEqual(done, [['show', 'm1'], ['start', { layer: 'conv1_act', channel: 4 }]]);
});
