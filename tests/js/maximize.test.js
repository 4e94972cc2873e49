import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  choiceFromText, choiceToText, classStage, firstStage, isAutomatic, otherOf, pictureCount, requestOf, STANDARD, strongestUnit, subjectOf,
} from '../../static/js/core/maximize/request.js';
import { cellOf, drawingOf, gridColumns } from '../../static/js/core/maximize/cells.js';
import { channelName, leadText, setText, strengthText, subjectName, sureText } from '../../static/js/core/maximize/text.js';
import { createStore, initialState } from '../../static/js/core/store.js';
import { stateFromHash, stateToHash } from '../../static/js/core/url.js';
import { chain, conv, dense, pool } from './networks.js';

const digits = chain([1, 28, 28], [conv('conv1', 6, 5), pool('pool1', 2), dense('fc', 20), dense('out', 10, null)], { classes: [...'0123456789'] });
const at = (stage, channel, maximize = {}) => subjectOf({ model: digits, pinned: { stage, channel, y: 1, x: 2 }, maximize: { ...STANDARD, ...maximize } });
const ask = (stage, channel, choice = {}, picture = null) => requestOf({ ...STANDARD, ...choice }, at(stage, channel, choice), picture);
/** Shows the key and what fills it. */
const t = (key, params = {}) => [key, ...Object.values(params)].join('|');

test('the standard choice asks for the unit alone', () => {
  assert.deepEqual(ask('conv1', 3), { layer: 'conv1_act', channel: 3 });
  assert.deepEqual(ask('out', 7), { class: 7 });
});

test('what differs from the standard is named', () => {
  assert.deepEqual(ask('conv1', 3, { objective: 'negative', method: 'maco', preset: 'fine', steps: 9, size: 64, seed: 4, transforms: false, precision: 'float32' }), {
    layer: 'conv1_act', channel: 3, objective: 'negative', method: 'maco', preset: 'fine', steps: 9, size: 64, seed: 4, transforms: false, precision: 'float32',
  });
  assert.deepEqual(ask('conv1', 3, { objective: 'diversity' }), { layer: 'conv1_act', channel: 3, objective: 'diversity', count: 4 });
  assert.equal(pictureCount({ ...STANDARD, objective: 'interpolation', count: 7 }), 7);
});

test('pairs, positions, whole layers', () => {
  assert.deepEqual(ask('out', 4, { objective: 'contrast', other: 9 }), { class: [4, 9], objective: 'contrast' });
  assert.deepEqual(ask('conv1', 5, { objective: 'joint' }).channel, [5, 0]);
  assert.deepEqual(ask('conv1', 3, { aim: 'neuron' }), { layer: 'conv1_act', neuron: [3, 1, 2] });
  assert.deepEqual(ask('fc', 3, { aim: 'neuron' }), { layer: 'fc_act', channel: 3 });
  assert.deepEqual(ask('conv1', 3, { objective: 'caricature' }, 'p1'), { layer: 'conv1_act', objective: 'caricature', picture: 'p1' });
  assert.deepEqual(ask('conv1', 3, { objective: 'deepdream' }, 'p1'), { layer: 'conv1_act', objective: 'deepdream' });
  assert.equal(otherOf({ ...STANDARD, other: 99 }, at('out', 9)), 0);
});

test('another layer of the stage; pixels are no units', () => {
  assert.equal(at('conv1', 3, { layer: 'conv1' })?.layer, 'conv1');
  assert.equal(at('conv1', 3, { layer: 'fc' })?.layer, 'conv1_act');
  assert.equal(at('input', 0), null);
  assert.equal(subjectOf({ model: digits, pinned: null, maximize: STANDARD }), null);
});

test('the choice in the address', async () => {
  assert.equal(choiceToText(STANDARD), null);
  const choice = { ...STANDARD, objective: 'joint', method: 'pixels', preset: 'fine', transforms: false, aim: 'neuron', seed: 3, other: 12, layer: 'layer1.0.conv2' };
  const text = choiceToText(/** @type {any} */ (choice));
  assert.equal(text, 'joint,pixels,fine,neuron,still,seed.3,with.12,layer.layer1.0.conv2');
  assert.deepEqual(choiceFromText(text), choice);
  assert.deepEqual(choiceFromText('nonsense,seed.x,steps.99999,size.64'), { ...STANDARD, size: 64 });
  const store = createStore({ ...initialState(), model: digits, maximize: /** @type {any} */ (choice) });
  assert.deepEqual((await stateFromHash(stateToHash(store.get(), 'maximize', ''))).maximize, choice);
  assert.equal((await stateFromHash('m=x')).maximize, undefined);
});

test('what starts by itself', () => {
  assert.equal(isAutomatic(STANDARD), true);
  assert.equal(isAutomatic({ ...STANDARD, preset: 'fine' }), false);
  assert.equal(isAutomatic({ ...STANDARD, objective: 'inversion' }), false);
  assert.equal(isAutomatic({ ...STANDARD, steps: 4096 }), false);
});

test('where a fresh page begins', () => {
  assert.equal(firstStage(digits).id, 'out');
  assert.equal(classStage(digits)?.id, 'out');
  const headless = chain([3, 48, 48], [conv('a', 8, 3, { padding: 1 }), pool('p1', 2), conv('b', 8, 3, { padding: 1 }), pool('p2', 16), conv('c', 8, 1)], { classes: [...'0123456789'] });
  assert.equal(classStage(headless), null);
  assert.equal(firstStage(headless).id, 'b');
  const stage = digits.stages[1];
  assert.deepEqual(strongestUnit(stage, null), { stage: 'conv1', channel: 0, y: 12, x: 12 });
  const data = new Float32Array(6 * 24 * 24);
  data[3 * 576 + 5 * 24 + 7] = 2;
  const frame = /** @type {any} */ ({ tensors: new Map([[stage.output, { shape: [6, 24, 24], data }]]) });
  assert.deepEqual(strongestUnit(stage, frame), { stage: 'conv1', channel: 3, y: 5, x: 7 });
});

test('the cells of a batch', () => {
  assert.deepEqual([1, 2, 4, 5, 9, 10].map(gridColumns), [1, 2, 2, 3, 3, 4]);
  assert.deepEqual(cellOf(0, 1, 128), { x: 0, y: 0, side: 128 });
  assert.deepEqual(cellOf(4, 5, 84), { x: 28, y: 28, side: 28 });
});

test('a picture as a drawing: its middle', () => {
  const rgba = new Uint8ClampedArray(4 * 32 * 32);
  rgba[4 * (2 * 32 + 2)] = 200;
  assert.equal(drawingOf(rgba, 32)[0], 200);
  assert.equal(drawingOf(rgba, 32).length, 784);
  assert.equal(drawingOf(new Uint8ClampedArray(4 * 28 * 28).fill(9), 28)[783], 9);
});

const picture = (more) => /** @type {any} */ ({ state: 'done', score: 12.34, ratio: null, reference: null, measure: 'mean', ...more });

test('how strong it is, in words', () => {
  const reference = { set: 'mnist-test', pictures: 10000, largest: 4 };
  assert.deepEqual(strengthText(t, picture({ ratio: 3.085, reference }), 'en'), { value: 'maximize.ratio|3.09', words: 'maximize.ratio.words|maximize.set.mnist_test|10,000' });
  assert.equal(strengthText(t, picture({ reference: { ...reference, largest: -1 } }), 'en').words, 'maximize.score.beside|−1|maximize.set.mnist_test|10,000');
  assert.deepEqual(strengthText(t, picture({}), 'en'), { value: '12.3', words: 'maximize.score.alone' });
  assert.equal(strengthText(t, picture({ measure: 'objective' }), 'en').words, 'maximize.score.objective');
  assert.equal(strengthText(t, picture({ state: 'silent', score: 0 }), 'en').value, 'maximize.silent');
  assert.equal(setText((key) => key, { set: 'mine', pictures: 5 }, 'en'), '5 × mine');
});

test('a probability is never certain', () => {
  assert.equal(sureText(0.9985, 'en'), '99.8%');
  assert.equal(sureText(1, 'en'), '>99.9%');
  assert.equal(sureText(0, 'en'), '<0.1%');
  assert.equal(sureText(0.874, 'en'), '87%');
  assert.equal(sureText(0.0004, 'en'), '<0.1%');
});

test('names and the sentence', () => {
  assert.equal(subjectName(digits, at('conv1', 3), STANDARD), 'conv1 · 3');
  assert.equal(subjectName(digits, at('conv1', 3), { ...STANDARD, aim: 'neuron' }), 'conv1 · 3 · (1,2)');
  assert.equal(subjectName(digits, at('out', 4), { ...STANDARD, objective: 'contrast', other: 9 }), 'out · 4, 9');
  assert.equal(subjectName(digits, at('conv1', 3), { ...STANDARD, objective: 'deepdream' }), 'conv1');
  assert.equal(channelName(digits, at('out', 7), 7), '7');
  assert.match(leadText(t, digits, at('out', 7), STANDARD), /^maximize\.lead\.class\|7/);
  assert.match(leadText(t, digits, at('out', 7), { ...STANDARD, method: 'pixels', transforms: false }), /^maximize\.lead\.adversarial/);
  assert.match(leadText(t, digits, at('conv1', 3), STANDARD), /^maximize\.lead\.activation/);
  assert.match(leadText(t, digits, at('out', 7), { ...STANDARD, objective: 'contrast' }), /^maximize\.lead\.contrast_class/);
});
