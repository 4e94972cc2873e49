import assert from 'node:assert/strict';
import { test } from 'node:test';
import { designText, differences, results, winner } from '../../static/js/core/train/compare.js';

const request = {
  model: 'lenet5', title: 'A', dataset: { id: 'mnist', share: 1 }, dropout: null, seed: 1,
  optimizer: { name: 'adamw', learning_rate: 0.004, momentum: 0.9, betas: [0.9, 0.999] }, schedule: { name: 'constant', warmup: 0.3 },
};

test('only what differs, and only where it has an effect', () => {
  const other = { ...request, title: 'B', dropout: 0.5, dataset: { id: 'mnist', share: 0.1 }, optimizer: { ...request.optimizer, momentum: 0.5 }, schedule: { name: 'constant', warmup: 0.1 } };
  assert.deepEqual(differences(request, other), [{ path: 'dataset.share', values: [1, 0.1] }, { path: 'dropout', values: [null, 0.5] }]);
  assert.deepEqual(differences(request, request), []);
});

test('momentum counts for the one that has it', () => {
  const paths = differences(request, { ...request, optimizer: { ...request.optimizer, name: 'momentum', momentum: 0.8 } }).map(({ path }) => path);
  assert.deepEqual(paths, ['optimizer.name', 'optimizer.momentum']);
});

test('a design is one line', () => {
  assert.equal(designText({ layers: [{ type: 'conv', channels: 6, kernel: 5 }, { type: 'activation', name: 'sigmoid' }, { type: 'batch_norm' }] }), 'conv 6 5×5 · sigmoid · batch norm');
  const differ = differences({ design: { name: 'x', layers: [] } }, { design: { name: 'x', layers: [{ type: 'dense', units: 3 }] } });
  assert.deepEqual(differ.map(({ path }) => path), ['design']);
});

test('the better result is known where there is a better one', () => {
  const run = (/** @type {object} */ values) => /** @type {any} */ ({ accuracy: null, test_accuracy: null, test_loss: null, ...values });
  const found = results(run({ test_accuracy: 0.98, accuracy: 0.99, parameters: 100 }), run({ test_accuracy: 0.99, accuracy: 0.991, parameters: 100 }));
  assert.deepEqual(found.map(({ key }) => key), ['test_accuracy', 'accuracy', 'gap', 'parameters']);
  assert.deepEqual(found.map(winner), [1, 1, 1, -1]);
});
