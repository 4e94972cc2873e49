import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createBoundedCache } from '../../static/js/core/bounded-cache.js';

test('a value that is set again counts once', () => {
  const cache = createBoundedCache({ size: 10 }, (/** @type {number} */ value) => value);
  cache.set('a', 4);
  for (let i = 0; i < 5; i++) cache.set('b', 6);
  assert.deepEqual([cache.get('a'), cache.get('b')], [4, 6]);
  cache.set('a', 5);
  assert.deepEqual([cache.has('a'), cache.has('b')], [true, false]);
});
