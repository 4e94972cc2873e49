import assert from 'node:assert/strict';
import { test } from 'node:test';
import { photoSet, picturesOf, sampleSet } from '../../static/js/core/train/data-samples.js';

const state = (/** @type {string} */ preprocessing, /** @type {string|null} */ dataset) => /** @type {any} */ ({
  model: { id: 'net-1', input: { preprocessing } }, trainingData: dataset && { id: '1', model: 'net-1', request: { dataset: { id: dataset } } },
});

test('the pad offers digits, or what the network has learnt once that is known', () => {
  assert.equal(sampleSet(state('digit', null)), 'mnist');
  assert.equal(sampleSet(state('digit', 'mnist')), 'mnist');
  assert.equal(sampleSet(state('plain', null)), null);
  assert.equal(sampleSet(state('plain', 'fashion-mnist')), 'fashion-mnist');
});

test('a network for photographs offers its own pictures only where it was trained here', () => {
  assert.equal(photoSet(state('photo', 'cifar10')), 'cifar10');
  assert.equal(photoSet(state('photo', null)), null);
  assert.equal(photoSet(state('plain', 'fashion-mnist')), null);
});

test('pictures lie spread over the split', () => {
  const found = picturesOf('/api/v1', 'cifar10', 10_000);
  assert.deepEqual([found.length, found[0].href, found[1].index], [24, '/api/v1/datasets/cifar10/pictures/0?split=test', 416]);
  assert.deepEqual(picturesOf('', 'folder', 2).map(({ index }) => index), [0, 1]);
  assert.deepEqual(picturesOf('', 'folder', 0), []);
});
