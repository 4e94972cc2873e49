import assert from 'node:assert/strict';
import { test } from 'node:test';
import { mainAccuracy, normalisation, shareDone, weightsState } from '../../static/js/core/networks/weights-text.js';

test('normalisations as their papers write them', () => {
  assert.deepEqual(normalisation({ mean: [0.485, 0.456, 0.406], std: [0.229, 0.224, 0.225] }), { top: 1, mean: [0.485, 0.456, 0.406], std: [0.229, 0.224, 0.225] });
  const caffe = { mean: [103.939 / 255, 116.779 / 255, 123.68 / 255], std: [1 / 255, 1 / 255, 1 / 255] };
  assert.deepEqual(normalisation(caffe), { top: 255, mean: [103.939, 116.779, 123.68], std: [1] });
  const lite = { mean: [127 / 255, 127 / 255, 127 / 255], std: [128 / 255, 128 / 255, 128 / 255] };
  assert.deepEqual(normalisation(lite), { top: 255, mean: [127], std: [128] });
});

const model = (status, sources = []) => /** @type {any} */ ({ weights: { status, sources } });

test('the state of a network\'s weights in the list', () => {
  assert.deepEqual(weightsState(model('ready')), { status: 'ready', size: null });
  assert.deepEqual(weightsState(model('downloading')), { status: 'downloading', size: null });
  assert.deepEqual(weightsState(model('downloadable', [{ status: 'missing' }, { status: 'downloadable', download_bytes: 5 }])), { status: 'downloadable', size: 5 });
  assert.deepEqual(weightsState(model('missing')), { status: 'missing', size: null });
});

test('how much of a download is here', () => {
  const job = (done, total) => /** @type {any} */ ({ job: { progress: { done, total } } });
  assert.equal(shareDone(job(1, 4)), 0.25);
  assert.equal(shareDone(job(9, 4)), 1);
  assert.equal(shareDone(job(9, null)), null);
  assert.equal(shareDone(/** @type {any} */ ({ job: null })), null);
});

test('the accuracy that says most comes first', () => {
  assert.deepEqual(mainAccuracy({ drawn: 0.98, mnist_test: 0.99 }), { test: 'mnist_test', share: 0.99 });
  assert.deepEqual(mainAccuracy({ photographs: 0.3, cifar10_test: 0.8 }), { test: 'cifar10_test', share: 0.8 });
  assert.deepEqual(mainAccuracy({ imagenet_top1: 0.57, imagenet_top5: 0.79 }), { test: 'imagenet_top1', share: 0.57 });
  assert.equal(mainAccuracy({}), null);
});
