import assert from 'node:assert/strict';
import { test } from 'node:test';
import { answeredEdges } from '../../static/js/core/unit/answers.js';
import { incoming, values } from '../../static/js/core/unit/connect.js';
import { mapLimits } from '../../static/js/core/numbers/half-limits.js';
import { rangesOf } from '../../static/js/core/numbers/ranges.js';
import { windowsOf } from '../../static/js/core/unit/windows.js';
import * as large from './large.js';
import { harley, odd } from './networks.js';

/** The units in some windows, as text. */
const unitsIn = (windows) => windows.flatMap(({ stage, channels, box }) => channels.flatMap((channel) => {
  const rows = Array.from({ length: box.bottom - box.top }, (_, i) => box.top + i);
  return rows.flatMap((y) => Array.from({ length: box.right - box.left }, (_, j) => `${stage} ${channel} ${y} ${box.left + j}`));
})).sort();
const sourcesOf = (model, unit) => incoming(model, null, unit).map(({ from }) => `${from.stage} ${from.channel} ${from.y} ${from.x}`).sort();

const CASES = [
  [large.googlenet(), { stage: 'inception3a.branch2.1', channel: 5, y: 0, x: 27 }],
  [large.googlenet(), { stage: 'inception3a.cat', channel: 64 + 127, y: 3, x: 4 }],
  [large.googlenet(), { stage: 'maxpool2', channel: 7, y: 27, x: 27 }],
  [large.resnet50(), { stage: 'layer1.1.add', channel: 200, y: 9, x: 8 }],
  [large.resnet50(), { stage: 'avgpool', channel: 2000, y: 0, x: 0 }],
  [large.alexnet(), { stage: 'conv2', channel: 191, y: 13, x: 0 }],
  [large.efficient(), { stage: 'depth2', channel: 95, y: 55, x: 55 }],
  [harley(), { stage: 'conv2', channel: 3, y: 2, x: 9 }],
  [odd(), { stage: 'c', channel: 1, y: 0, x: 1 }],
];

for (const [model, unit] of CASES) {
  test(`${model.id} ${unit.stage}: the windows hold the units of the edges`, () => {
    assert.deepEqual(unitsIn(windowsOf(model, unit)), sourcesOf(model, unit));
  });
}

test('"same" padding lies after the map where it is asymmetric', () => {
  const [first] = windowsOf(large.efficient(), { stage: 'stem', channel: 0, y: 0, x: 0 });
  assert.deepEqual(first.box, { top: 0, left: 0, bottom: 3, right: 3 });
  const [last] = windowsOf(large.efficient(), { stage: 'stem', channel: 0, y: 111, x: 111 });
  assert.deepEqual(last.box, { top: 222, left: 222, bottom: 224, right: 224 });
});

test('groups read their own half, depthwise layers their own map', () => {
  const [grouped] = windowsOf(large.alexnet(), { stage: 'conv2', channel: 191, y: 5, x: 5 });
  assert.deepEqual([grouped.channels[0], grouped.channels.at(-1)], [32, 63]);
  const [own] = windowsOf(large.efficient(), { stage: 'depth3', channel: 77, y: 5, x: 5 });
  assert.deepEqual(own.channels, [77]);
});

test('a dilated window reaches from its first to its last tap', () => {
  const [{ box }] = windowsOf(odd(), { stage: 'b', channel: 0, y: 1, x: 1 });
  assert.deepEqual(box, { top: 1, left: 1, bottom: 6, right: 6 });
});

test('the server’s arithmetic becomes edges from stages', () => {
  const model = large.resnet50();
  model.layers.push({ ...model.layers[1], id: 'relu', stage: 'conv1' });
  const unit = { stage: 'maxpool', channel: 1, y: 2, x: 3 };
  const answer = { model: 'resnet50', inputs: [5, 6], weights: [1, 0], products: [5, 0], sources: [{ layer: 'relu', channel: 1, y: 4, x: 6 }, { layer: 'relu', channel: 1, y: 4, x: 7 }] };
  const edges = answeredEdges({ model, neuron: { unit, answer } }, { ...unit });
  assert.deepEqual(edges[0], { from: { stage: 'conv1', channel: 1, y: 4, x: 6 }, to: unit, weight: 1, activation: 5, product: 5 });
  assert.equal(edges.length, 2);
  assert.deepEqual(answeredEdges({ model, neuron: { unit, answer } }, { ...unit, x: 4 }), []);
  assert.deepEqual(answeredEdges({ model, neuron: null }, unit), []);
  assert.deepEqual(answeredEdges({ model, neuron: { unit, answer: { ...answer, model: 'other' } } }, unit), []);
});

test('sources without a place are numbered through the stage', () => {
  const model = large.vgg16();
  const answer = { model: 'vgg16', inputs: [1], weights: [2], products: [2], sources: [{ layer: 'avgpool', channel: 7 * 49 + 10, y: null, x: null }] };
  const unit = { stage: 'fc6', channel: 0, y: 0, x: 0 };
  assert.deepEqual(answeredEdges({ model, neuron: { unit, answer } }, unit)[0].from, { stage: 'avgpool', channel: 7, y: 1, x: 3 });
});

// 1, −2, infinity, NaN; 0.5, −0.25, 0, −0
const HALVES = Uint16Array.of(0x3c00, 0xc000, 0x7c00, 0x7e00, 0x3800, 0xb400, 0, 0x8000);

test('the largest values of maps are found in half precision', () => {
  assert.deepEqual([...mapLimits(HALVES, 2, true)], [2, 0.5]);
  const positive = Uint16Array.of(0x3c00, 0x4000, 0, 0x3800);
  assert.deepEqual([...mapLimits(positive, 2, false)], [2, 0.5]);
});

test('ranges come from the pass, and by map from the maps', () => {
  const model = large.vgg16();
  const stage = { ...model.stages[1], shape: [2, 2, 2] };
  const tensor = { shape: [2, 2, 2], halves: HALVES.map((half) => half & 0x7fff), data: new Float32Array(8) };
  const pass = { layers: [{ id: stage.output, min: 0, max: 9 }] };
  assert.deepEqual(rangesOf(model, stage, tensor, pass, 'layer').of(1), { lo: 0, hi: 9, signed: false });
  assert.deepEqual(rangesOf(model, stage, tensor, pass, 'map').of(1), { lo: 0, hi: 0.5, signed: false });
  const wide = { shape: [2, 2, 2], data: Float32Array.of(1, 2, 3, 4, 1e9, -2e9, Infinity, NaN) };
  assert.deepEqual([0, 1].map(rangesOf(model, stage, wide, pass, 'map').of).map(({ hi }) => hi), [4, 1e9]);
  const input = rangesOf(model, model.stages[0], tensor, pass, 'layer').of(2);
  assert.ok(Math.abs(input.lo + 0.406 / 0.225) < 1e-9 && Math.abs(input.hi - 0.594 / 0.225) < 1e-9);
});

test('a value is read from half precision without decoding the layer', () => {
  const model = large.vgg16();
  const halves = new Uint16Array(4096);
  halves[5] = 0x3e00;
  const frame = { tensors: new Map([['fc6', { shape: [4096], halves, get data() { throw new Error('decoded'); } }]]) };
  assert.equal(values(model, frame, { stage: 'fc6', channel: 5, y: 0, x: 0 }), 1.5);
});
