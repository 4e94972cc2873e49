import assert from 'node:assert/strict';
import { test } from 'node:test';
import { backwardTrace } from '../../static/js/core/unit/trace.js';
import { frameOf, harley, kernelsOf } from './networks.js';

const model = harley();
const kernels = kernelsOf(model);
const frame = frameOf(model, (stage, i) => Math.cos(i + stage.units));

test('paths start at the winner and reach the pixels', () => {
  const edges = backwardTrace(model, kernels, frame);
  assert.ok(edges.filter(({ to }) => to.stage === 'out').every(({ to }) => to.channel === 3));
  assert.deepEqual(new Set(edges.map(({ from }) => from.stage)), new Set(['input', 'conv1', 'pool1', 'conv2', 'pool2', 'fc1', 'fc2']));
  assert.ok(edges.length <= 910);
});

test('every path hangs together: an edge starts where another one arrived', () => {
  const edges = backwardTrace(model, kernels, frame, { limit: 1e6 });
  const key = ({ stage, channel, y, x }) => `${stage}/${channel},${y},${x}`;
  const arrived = new Set(edges.map(({ from }) => key(from)));
  for (const { to } of edges) assert.ok(to.stage === 'out' || arrived.has(key(to)));
});

test('an edge supports its unit, and no stage carries more than the whole answer', () => {
  const edges = backwardTrace(model, kernels, frame);
  for (const stage of model.stages.slice(1)) {
    const into = edges.filter(({ to }) => to.stage === stage.id);
    const total = into.reduce((sum, { strength }) => sum + strength, 0);
    assert.ok(total > 0 && total <= 1 + 1e-9);
    assert.ok(into.every(({ strength }, i) => i === 0 || strength <= into[i - 1].strength));
  }
});

test('a maximum hands everything to its winner', () => {
  const edges = backwardTrace(model, kernels, frame, { limit: 1e6 }).filter(({ to }) => to.stage === 'pool2');
  const tos = edges.map(({ to }) => `${to.channel},${to.y},${to.x}`);
  assert.equal(new Set(tos).size, tos.length);
});

test('the limit is kept', () => {
  assert.ok(backwardTrace(model, kernels, frame, { limit: 70 }).length <= 70);
});

test('a batch normalization with a negative scale turns support round', () => {
  const turned = harley();
  turned.stages[1].layers.push('bn1');
  const scales = new Map(kernels).set('bn1', { shape: [6, 1, 1, 1], data: new Float32Array([-1, 1, 1, 1, 1, 1]) });
  const conv1 = turned.stages[1];
  const edges = backwardTrace(turned, scales, frame, { limit: 1e6 }).filter(({ to }) => to.stage === conv1.id);
  const supports = ({ to, product }) => {
    const value = frame.tensors.get(conv1.output).data[(to.channel * 28 + to.y) * 28 + to.x];
    return Math.sign(product) === Math.sign(value) * (to.channel === 0 ? -1 : 1);
  };
  assert.ok(edges.some(({ to }) => to.channel === 0) && edges.some(({ to }) => to.channel > 0));
  assert.ok(edges.every(supports));
});
