import assert from 'node:assert/strict';
import { test } from 'node:test';
import { FIXED, fixedLimit } from '../../static/js/core/numbers/fixed-range.js';

const model = (preprocessing, source = 'wheel') => /** @type {any} */ ({ id: 'vgg16', input: { preprocessing }, weights: { source, sha256: 'ab' } });

test('digit networks have one scale', () => {
  assert.equal(fixedLimit(model('digit'), 'conv1', () => 300), FIXED);
});

test('a layer keeps the limit of the first photograph, for each network, weights and layer', () => {
  assert.equal(fixedLimit(model('photo'), 'conv1', () => 300), 300);
  assert.equal(fixedLimit(model('photo'), 'conv1', () => 7), 300);
  assert.equal(fixedLimit(model('photo'), 'conv2', () => 7), 7);
  assert.equal(fixedLimit(model('photo', 'random'), 'conv1', () => 0), 1);
});
