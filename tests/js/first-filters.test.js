import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createFilterHistory } from '../../static/js/core/train/filter-history.js';
import { describeFirst, firstFilters, largest } from '../../static/js/core/filters/first.js';
import { encodeNpy } from '../../static/js/core/numbers/wire.js';
import { chain, conv, dense } from './networks.js';

test('the first filters of a convolution, and of dense units over a picture', () => {
  const lenet = chain([1, 8, 8], [conv('conv1', 2, 3), dense('fc', 4)], { input: { channels: 'L' } });
  const kernels = new Map([['conv1', { shape: [2, 1, 3, 3], data: Float32Array.from({ length: 18 }, (_, i) => i) }]]);
  const first = firstFilters({ model: lenet, kernels });
  assert.deepEqual([first?.filters.form, first?.filters.count, first?.filters.height, first?.layer], ['single', 2, 3, 'conv1']);
  assert.deepEqual([...(first?.weightsOf(1) ?? [])], [9, 10, 11, 12, 13, 14, 15, 16, 17]);

  const mlp = describeFirst(chain([1, 4, 4], [dense('fc1', 3), dense('out', 2)], { input: { channels: 'L' } }));
  assert.deepEqual([mlp?.form, mlp?.inputs, mlp?.height, mlp?.width], ['single', 1, 4, 4]);
});

test('without kernels there is nothing to show here', () => {
  assert.equal(firstFilters({ model: null, kernels: null }), null);
  assert.equal(largest([null, Float32Array.of(-3, 2)]), 3);
  assert.equal(largest([]), 1);
});

test('a filter of each checkpoint is fetched once; one that is gone leaves a gap', async () => {
  /** @type {string[]} */
  const asked = [];
  const history = createFilterHistory({ bytes: async (path) => {
    asked.push(path);
    if (path.endsWith('step-5')) throw new Error('gone');
    return encodeNpy([1, 2], Float32Array.of(1, 2));
  } }, () => {});
  const address = { model: 'net-1', layer: 'conv1', channel: 3 };
  history.show(address, [0, 5]);
  await new Promise(setImmediate);
  history.show(address, [0, 5, 9]);
  await new Promise(setImmediate);
  assert.deepEqual(asked.map((path) => path.split('weights=')[1]), ['step-0', 'step-5', 'step-9']);
  assert.equal(asked[0], '/models/net-1/layers/conv1/filters?format=npy&channels=3&weights=step-0');
  assert.deepEqual([...(history.get(9) ?? [])], [1, 2]);
  assert.equal(history.get(5), null);
});
