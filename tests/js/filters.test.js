import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createFilterPages } from '../../static/js/core/filters/pages.js';
import { cellFor, describeFilters, filterStages, inputChannels, kernelNorms, makerOf, sortFilters, stageWithFilters, tileSize } from '../../static/js/core/filters/kernels.js';
import { encodeNpy } from '../../static/js/core/numbers/wire.js';
import { harley } from './networks.js';

const layer = (id, role, inputs, output_shape, more = {}) => ({ id, type: role, role, inputs, output_shape, stage: id, groups: null, connections: null, kernel_size: null, ...more });
const stage = ({ id, inputs, output_shape }) => ({ id, output: id, layers: [id], inputs, shape: output_shape, units: output_shape.reduce((a, b) => a * b, 1), activation: null });

/** A promise to be settled from outside. */
function deferred() {
  const parts = {};
  parts.promise = new Promise((resolve, reject) => Object.assign(parts, { resolve, reject }));
  return parts;
}

/** A photograph network with every way in which channels travel. */
function network() {
  const layers = [
    layer('input', 'input', [], [3, 8, 8]),
    layer('conv1', 'weighted', ['input'], [4, 8, 8], { kernel_size: [3, 3], groups: 1 }),
    layer('pool', 'pool', ['conv1'], [4, 4, 4], { kernel_size: [2, 2], type: 'MaxPool2d' }),
    layer('grouped', 'weighted', ['pool'], [4, 4, 4], { kernel_size: [3, 3], groups: 2 }),
    layer('depthwise', 'weighted', ['grouped'], [4, 4, 4], { kernel_size: [3, 3], groups: 4 }),
    layer('point', 'weighted', ['depthwise'], [2, 4, 4], { kernel_size: [1, 1], groups: 1 }),
    layer('cat', 'merge', ['pool', 'point'], [6, 4, 4], { type: 'Cat' }),
    layer('again', 'weighted', ['cat'], [6, 4, 4], { kernel_size: [1, 1], groups: 1 }),
    layer('add', 'merge', ['cat', 'again'], [6, 4, 4], { type: 'Add' }),
    layer('fc', 'weighted', ['add'], [5]),
  ];
  return { id: 'toy', input: { channels: 'RGB' }, layers, stages: layers.map(stage), classes: [] };
}

const numbers = (channel, norm, bias = null) => ({ channel, norm, mean: -norm, std: 0, min: 0, max: 0, bias, strongest: [] });
const summary = (shape, source) => ({ model: 'toy', layer: '', shape, source, filters: Array.from({ length: shape[0] }, (_, i) => numbers(i, i)) });
const described = (model, id, shape, source) => describeFilters(model, model.stages.find((each) => each.id === id), summary(shape, source));

test('stages that have filters; the chosen one, the next that has some, or the last', () => {
  const model = network();
  assert.deepEqual(filterStages(model).map(({ id }) => id), ['conv1', 'grouped', 'depthwise', 'point', 'again', 'fc']);
  const chosen = (id) => stageWithFilters(model, id).id;
  assert.deepEqual([null, 'input', 'conv1', 'pool', 'cat', 'fc', 'nowhere'].map(chosen), ['conv1', 'conv1', 'conv1', 'grouped', 'again', 'fc', 'conv1']);
  assert.equal(stageWithFilters({ ...model, layers: [model.layers[0]], stages: [model.stages[0]] }, null), undefined);
});

test('the form of kernels: in colour, one a filter, one an input, a weight an input, or over flattened maps', () => {
  const model = network();
  const form = (...args) => { const { form: name, inputs, height, width } = described(model, ...args); return [name, inputs, height, width]; };
  assert.deepEqual(form('conv1', [4, 3, 3, 3], 'input'), ['colour', 3, 3, 3]);
  assert.deepEqual(form('grouped', [4, 2, 3, 3], 'pool'), ['kernels', 2, 3, 3]);
  assert.deepEqual(form('depthwise', [4, 1, 3, 3], 'grouped'), ['single', 1, 3, 3]);
  assert.deepEqual(form('point', [2, 4, 1, 1], 'depthwise'), ['vector', 4, 1, 1]);
  assert.deepEqual(form('fc', [5, 96], 'add'), ['kernels', 6, 4, 4]);
  const small = harley();
  assert.equal(described(small, 'conv1', [6, 1, 5, 5], 'input').form, 'single');
  assert.equal(described(small, 'fc2', [100, 120], 'fc1').form, 'vector');
});

test('groups read their own part of the source', () => {
  const model = network();
  const grouped = described(model, 'grouped', [4, 2, 3, 3], 'pool');
  assert.deepEqual([0, 1, 2, 3].map((channel) => inputChannels(grouped, channel)), [[0, 1], [0, 1], [2, 3], [2, 3]]);
  const depthwise = described(model, 'depthwise', [4, 1, 3, 3], 'grouped');
  assert.deepEqual([0, 3].map((channel) => inputChannels(depthwise, channel)), [[0], [3]]);
});

test('order: by number, or the largest first', () => {
  const filters = [numbers(0, 2, 1), numbers(1, 5, -1), numbers(2, 3, 4)];
  assert.deepEqual(sortFilters(filters, 'index'), [0, 1, 2]);
  assert.deepEqual(sortFilters(filters, 'norm'), [1, 2, 0]);
  assert.deepEqual(sortFilters(filters, 'mean'), [0, 2, 1]);
  assert.deepEqual(sortFilters(filters, 'bias'), [2, 0, 1]);
});

test('the filter that makes a channel, behind pooling and through a concatenation', () => {
  const model = network();
  assert.deepEqual(makerOf(model, 'conv1', 2), { stage: 'conv1', channel: 2 });
  assert.deepEqual(makerOf(model, 'pool', 3), { stage: 'conv1', channel: 3 });
  assert.deepEqual(makerOf(model, 'cat', 1), { stage: 'conv1', channel: 1 });
  assert.deepEqual(makerOf(model, 'cat', 5), { stage: 'point', channel: 1 });
  assert.equal(makerOf(model, 'add', 0), null);
  assert.equal(makerOf(model, 'input', 0), null);
});

test('norms of kernels, and cells that fit the room', () => {
  assert.deepEqual([...kernelNorms(Float32Array.of(3, 4, 0, 2), 2)], [5, 2]);
  assert.ok(cellFor({ inputs: 512, height: 3, width: 3 }, { width: 600, height: 500 }) >= 4);
  assert.equal(cellFor({ inputs: 100_000, height: 11, width: 11 }, { width: 300, height: 300 }), 2);
});

test('weights are asked for together, once, and kept', async () => {
  const asked = [];
  const done = deferred();
  const api = { bytes: async (path) => {
    asked.push(path);
    const channels = path.split('channels=')[1].split(',').map(Number);
    return encodeNpy([channels.length, 2], Float32Array.from(channels.flatMap((channel) => [channel, -channel])));
  } };
  const pages = createFilterPages(api, 'toy', 'a.b', done.resolve, assert.fail);
  assert.equal(pages.get(7), null);
  assert.equal(pages.get(3), null);
  assert.equal(pages.get(7), null);
  await done.promise;
  assert.deepEqual(asked, ['/models/toy/layers/a.b/filters?format=npy&channels=7,3']);
  assert.deepEqual([...pages.get(3)], [3, -3]);
  assert.deepEqual([...pages.get(7)], [7, -7]);
  assert.equal(asked.length, 1);
});

test('weights of a network that has learnt stand until the new ones come', async () => {
  let value = 1;
  let news = deferred();
  const pages = createFilterPages({ bytes: async () => encodeNpy([1, 1], Float32Array.of(value)) }, 'toy', 'x', () => news.resolve(), assert.fail);
  pages.get(0);
  await news.promise;
  news = deferred();
  value = 2;
  pages.renew();
  assert.deepEqual([...pages.get(0)], [1]);
  await news.promise;
  assert.deepEqual([...pages.get(0)], [2]);
});

test('a refusal is told, and asked for again', async () => {
  let count = 0;
  const failed = deferred();
  const pages = createFilterPages({ bytes: async () => { count++; throw new Error('no'); } }, 'toy', 'x', assert.fail, failed.resolve);
  pages.get(0);
  assert.equal((await failed.promise).message, 'no');
  await new Promise(setImmediate);
  pages.get(0);
  await new Promise(setImmediate);
  assert.equal(count, 2);
});

test('tiles in colour are as large as lets all be seen at once, in rows of one length', () => {
  const alexnet = { count: 64, height: 11, width: 11 };
  const { cell, gap } = tileSize(alexnet, { width: 728, height: 756 });
  assert.equal(cell, 6);
  assert.equal(Math.floor((728 + gap) / (11 * cell + gap)), 8);
  assert.deepEqual(tileSize(alexnet, { width: 1240, height: 930 }).cell, 9);
  assert.deepEqual(tileSize(alexnet, { width: 358, height: 560 }).cell, 7, 'on a phone they cannot all be seen');
  assert.ok(tileSize({ count: 1, height: 11, width: 11 }, { width: 358, height: 560 }).gap >= 10);
});
