import assert from 'node:assert/strict';
import { test } from 'node:test';
import { incoming } from '../../static/js/core/unit/connect.js';
import { createUnitViewer } from '../../static/js/core/unit/view.js';
import { harley } from './networks.js';

const unit = (stage, channel, y = 0, x = 0) => ({ stage, channel, y, x });

/** Values that differ from unit to unit, without chance. */
function numbers(count) {
  return Float32Array.from({ length: count }, (_, i) => Math.sin(i * 1.7));
}

function state() {
  const model = harley();
  const size = (shape) => shape.reduce((product, length) => product * length, 1);
  const tensors = new Map(model.stages.map(({ output, shape }) => [output, { shape, data: numbers(size(shape)) }]));
  const inputs = { conv1: 1, conv2: 6, fc1: 400, fc2: 120, out: 100 };
  const kernels = new Map(Object.entries(inputs).map(([id, channels]) => {
    const layer = model.layers.find((each) => each.id === id);
    const shape = [layer.output_shape[0], channels, ...(layer.kernel_size ?? [])];
    return [id, { shape, data: numbers(size(shape)) }];
  }));
  return { model, kernels, frame: { seq: 1, prediction: { top: [] }, tensors } };
}

test('a view has a term an edge, and cells for all of them', () => {
  const view = createUnitViewer();
  const now = state();
  for (const [each, count, pictures] of [[unit('conv2', 15, 3, 4), 150, 6], [unit('fc1', 7), 400, 16], [unit('fc2', 0), 120, 1], [unit('pool1', 2, 5, 5), 4, 1]]) {
    const { terms, layout } = view(now, each);
    assert.equal(terms.length, count);
    assert.equal(incoming(now.model, now.kernels, each).length, count);
    assert.equal(layout.pictures.length, pictures);
    const cells = layout.pictures.flatMap((picture) => [...picture.cells]).filter((term) => term >= 0);
    assert.deepEqual(cells.sort((a, b) => a - b), terms.map((_, i) => i));
  }
});

test('of a pooling one term carries the value; an output knows that it is one; a pixel has no terms', () => {
  const view = createUnitViewer();
  const now = state();
  const pooled = view(now, unit('pool1', 0, 1, 1));
  assert.equal(pooled.form, 'maximum');
  assert.equal(pooled.terms.filter(({ weight }) => weight === 1).length, 1);
  assert.equal(view(now, unit('out', 7)).isOutput, true);
  assert.deepEqual(view(now, unit('input', 0, 9, 9)).terms, []);
});

test('what does not change with the drawing is kept; what does is new', () => {
  const view = createUnitViewer();
  const now = state();
  const first = view(now, unit('conv1', 0, 2, 2));
  const later = { ...now, frame: { ...now.frame, tensors: new Map(now.frame.tensors).set('input', { shape: [1, 32, 32], data: new Float32Array(1024) }) } };
  const second = view(later, unit('conv1', 0, 2, 2));
  assert.equal(second.layout, first.layout);
  assert.notEqual(first.terms[1].product, 0);
  assert.equal(second.terms[1].product, 0);
});

test('nothing to show without a network, a frame or such a unit', () => {
  const view = createUnitViewer();
  const now = state();
  assert.equal(view({ ...now, frame: null }, unit('conv1', 0)), null);
  assert.equal(view({ ...now, model: null }, unit('conv1', 0)), null);
  assert.equal(view(now, unit('conv1', 99)), null);
  assert.equal(view(now, unit('nowhere', 0)), null);
});

test('without kernels the view is made of the server\'s answer', () => {
  const view = createUnitViewer();
  const now = { ...state(), kernels: null };
  const pinned = unit('conv2', 3, 0, 0);
  const before = view(now, pinned);
  assert.equal(before.exact, false);
  assert.deepEqual(before.terms, []);
  const sources = [0, 1].flatMap((channel) => [[0, 0], [0, 1]].map(([y, x]) => ({ layer: 'pool1', channel, y, x })));
  const answer = {
    model: now.model.id, inputs: [1, 2, 3, 4], weights: [1, -1, 2, 0.5], products: [1, -2, 6, 2], sources, output: 7.5,
    patch: { layer: 'pool1', channels: [0, 1], top: -1, left: 0, height: 2, width: 2, dilation: [1, 1] },
  };
  const { terms, layout, output, exact, form } = view(now, pinned, answer);
  assert.deepEqual([output, exact, form], [7.5, true, 'sum']);
  assert.deepEqual(terms[1], { from: { stage: 'pool1', channel: 0, y: 0, x: 1 }, input: 2, weight: -1, product: -2 });
  assert.equal(layout.kind, 'windows');
  assert.deepEqual(layout.pictures.map(({ cells }) => [...cells]), [[-1, -1, 0, 1], [-1, -1, 2, 3]]);
  assert.equal(view(now, pinned, answer).layout, layout);
});
