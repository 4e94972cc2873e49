import assert from 'node:assert/strict';
import { test } from 'node:test';
import { matches, networkGroups, shippedKin } from '../../static/js/core/networks/list.js';

const net = (id, title, family, macs = 1, preprocessing = 'photo') => /** @type {any} */ ({ id, title, family, macs, reference: 'A. Author, 2014', input: { preprocessing }, weights: { sources: [] } });
const models = [
  net('vgg19', 'VGG-19', 'VGG', 20), net('vgg16', 'VGG-16', 'VGG', 15), net('alexnet', 'AlexNet', 'AlexNet'),
  net('lenet5', 'LeNet-5', 'LeNet', 1, 'digit'), net('mine', 'My own', 'Özel'), net('mlp', 'Perceptron', 'Perceptron', 0, 'digit'),
];

test('families in order, the smaller network first; the digit networks are one family', () => {
  assert.deepEqual(networkGroups(models, '').map(({ family, models: list }) => [family, list.map(({ id }) => id)]), [
    ['digits', ['mlp', 'lenet5']], ['AlexNet', ['alexnet']], ['VGG', ['vgg16', 'vgg19']], ['Özel', ['mine']],
  ]);
});

test('what was trained here is a group of its own, the newest first', () => {
  const trained = (/** @type {string} */ id) => ({ ...net(id, id, 'LeNet', 1, 'plain'), weights: { sources: [{ id: 'live', kind: 'trained' }] } });
  const groups = networkGroups([...models, trained('lenet5-a'), trained('lenet5-b')], '');
  assert.deepEqual([groups[0].family, groups[0].models.map(({ id }) => id)], ['trained', ['lenet5-b', 'lenet5-a']]);
});

test('words narrow down, whatever their spelling', () => {
  for (const search of ['vgg16', 'VGG-16', 'vgg 16', 'author vgg 16']) assert.deepEqual(networkGroups(models, search).map(({ models: [first] }) => first.id), ['vgg16'], search);
  assert.deepEqual(networkGroups(models, 'nonesuch'), []);
  assert.equal(matches(models[4], 'ozel'), true);
  assert.equal(networkGroups(models, 'digits')[0].models.length, 2);
});

test('a network that waits for its weights has kin that came with the server', () => {
  const small = { ...net('alexnet_small', 'AlexNet, small (ours)', 'AlexNet', 0), weights: { source: 'shipped', sources: [] } };
  assert.equal(shippedKin([...models, small], models[2])?.id, 'alexnet_small');
  assert.equal(shippedKin([...models, small], models[0]), null);
  assert.equal(shippedKin([...models, small], small), null);
  assert.deepEqual(networkGroups([...models, small], 'alexnet')[0].models.map(({ id }) => id), ['alexnet_small', 'alexnet']);
});
