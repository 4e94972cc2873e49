import assert from 'node:assert/strict';
import { test } from 'node:test';
import { exists, incoming, outgoing, unitsOf, values } from '../../static/js/core/unit/connect.js';
import { frameOf, harley, kernelsOf, odd, TABLE } from './networks.js';

const key = (unit) => `${unit.stage}/${unit.channel},${unit.y},${unit.x}`;
const stageOf = (model, id) => model.stages.find((stage) => stage.id === id);

test('incoming edges are as many as the fan-in', () => {
  const model = harley();
  const count = (stage, channel = 0) => incoming(model, null, { stage, channel, y: 0, x: 0 }).length;
  assert.equal(count('input'), 0);
  assert.equal(count('conv1'), 25);
  assert.equal(count('pool1'), 4);
  assert.equal(count('pool2'), 4);
  assert.equal(count('fc1'), 400);
  assert.equal(count('fc2'), 120);
  assert.equal(count('out'), 100);
});

test('the sparse table is respected: 75, 100 or 150 edges, from the maps of the table', () => {
  const model = harley();
  TABLE.forEach((row, channel) => {
    const edges = incoming(model, null, { stage: 'conv2', channel, y: 4, x: 7 });
    assert.equal(edges.length, 25 * row.length);
    assert.deepEqual([...new Set(edges.map((edge) => edge.from.channel))], row);
  });
});

test('padding has no edges', () => {
  const corner = incoming(odd(), null, { stage: 'a', channel: 0, y: 0, x: 0 });
  assert.deepEqual(corner.map(({ from }) => key(from)), ['input/0,0,0', 'input/0,0,1', 'input/0,1,0', 'input/0,1,1']);
});

test('groups, stride and dilation give the right sources', () => {
  const model = odd();
  assert.ok(incoming(model, null, { stage: 'a', channel: 3, y: 4, x: 4 }).every(({ from }) => from.channel === 1));
  const rows = incoming(model, null, { stage: 'b', channel: 0, y: 1, x: 1 }).filter(({ from }) => from.channel === 0);
  assert.deepEqual(rows.map(({ from }) => [from.y, from.x]), [1, 3, 5].flatMap((y) => [1, 3, 5].map((x) => [y, x])));
});

test('weights are the kernel entries; pooling is structural', () => {
  const model = harley();
  const kernels = kernelsOf(model);
  const conv2 = incoming(model, kernels, { stage: 'conv2', channel: 9, y: 2, x: 3 });
  const kernel = kernels.get('conv2');
  for (const { from, weight } of conv2) assert.equal(weight, kernel.data[((9 * 6 + from.channel) * 5 + from.y - 2) * 5 + from.x - 3]);
  const fc1 = incoming(model, kernels, { stage: 'fc1', channel: 7, y: 0, x: 0 });
  assert.deepEqual(fc1.map(({ weight }) => weight), [...kernels.get('fc1').data.subarray(2800, 3200)]);
  assert.ok(incoming(model, kernels, { stage: 'pool1', channel: 1, y: 0, x: 0 }).every(({ weight }) => weight === 1));
  assert.ok(incoming(odd(), null, { stage: 'c', channel: 1, y: 0, x: 0 }).every(({ weight }) => weight === 0.25));
});

for (const [name, model] of Object.entries({ harley: harley(), odd: odd() })) {
  test(`outgoing mirrors incoming, weights included (${name})`, () => {
    const kernels = kernelsOf(model);
    for (const stage of model.stages) {
      for (const unit of unitsOf(stage).filter((_, i) => i % 37 === 0)) {
        for (const { from, to, weight } of incoming(model, kernels, unit)) {
          const back = stage.units > 500 || from.x % 2 ? null : outgoing(model, kernels, from).filter((edge) => key(edge.to) === key(to));
          if (back) assert.deepEqual(back.map((edge) => edge.weight), [weight]);
        }
      }
    }
    const all = (edges) => model.stages.flatMap((stage) => unitsOf(stage).filter((_, i) => stage.id !== 'fc1' || i < 5)).reduce((sum, unit) => sum + edges(unit).length, 0);
    if (name === 'odd') assert.equal(all((unit) => incoming(model, null, unit)), all((unit) => outgoing(model, null, unit)));
  });
}

test('values reads the unit from the frame of its stage', () => {
  const model = harley();
  const frame = frameOf(model, (_, i) => i);
  assert.equal(values(model, frame, { stage: 'conv1', channel: 2, y: 3, x: 4 }), 2 * 784 + 3 * 28 + 4);
  assert.equal(values(model, { ...frame, tensors: new Map() }, { stage: 'out', channel: 0, y: 0, x: 0 }), NaN);
});

test('every unit is listed once, in the order of the data', () => {
  const units = unitsOf(stageOf(harley(), 'conv2'));
  assert.equal(new Set(units.map(key)).size, 1600);
  assert.deepEqual(units[111], { stage: 'conv2', channel: 1, y: 1, x: 1 });
});

test('an address that the model does not have is refused', () => {
  const model = harley();
  assert.ok(exists(model, { stage: 'conv1', channel: 5, y: 27, x: 0 }));
  for (const unit of [{ stage: 'nope', channel: 0, y: 0, x: 0 }, { stage: 'conv1', channel: 6, y: 0, x: 0 }, { stage: 'conv1', channel: 0, y: 0.5, x: 0 }]) assert.ok(!exists(model, unit));
  assert.throws(() => incoming(model, null, { stage: 'conv1', channel: 6, y: 0, x: 0 }), RangeError);
  assert.throws(() => incoming(model, null, { stage: 'nope', channel: 0, y: 0, x: 0 }), /there are input, conv1/);
});

test('addition reads the same place of both sources, concatenation the source that holds the channel', () => {
  const base = odd();
  const branch = (inputs, shape) => {
    const units = shape.reduce((a, b) => a * b);
    const layer = { ...base.layers[1], id: 'm', role: 'merge', type: 'merge', stage: 'm' };
    return { ...base, layers: [...base.layers, layer], stages: [...base.stages, { id: 'm', output: 'm', layers: ['m'], inputs, shape, units, activation: null }] };
  };
  const sum = incoming(branch(['a', 'a'], [4, 9, 9]), null, { stage: 'm', channel: 1, y: 2, x: 3 });
  assert.deepEqual(sum.map(({ from }) => key(from)), ['a/1,2,3', 'a/1,2,3']);
  const joined = branch(['input', 'a'], [6, 9, 9]);
  const [edge, ...none] = incoming(joined, null, { stage: 'm', channel: 3, y: 2, x: 1 });
  assert.deepEqual([key(edge.from), none.length], ['a/1,2,1', 0]);
  assert.ok(outgoing(joined, null, { stage: 'a', channel: 1, y: 2, x: 1 }).some(({ to }) => key(to) === 'm/3,2,1'));
});
