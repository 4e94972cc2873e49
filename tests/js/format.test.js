import assert from 'node:assert/strict';
import { test } from 'node:test';
import { accuracy, count, percent, shape, short, signed } from '../../static/js/core/numbers/format.js';

test('three significant digits in the language of the reader', () => {
  assert.equal(short(0.123456, 'en'), '0.123');
  assert.equal(short(0.123456, 'hu'), '0,123');
  assert.equal(short(-12.349, 'pl'), '−12,3');
  assert.equal(short(0, 'en'), '0');
  assert.equal(short(0.0000321, 'en'), '3.2e−5');
  assert.deepEqual([999_000, 1e6, -2.5e7, 9.876e16].map((value) => short(value, 'en')), ['999,000', '1e6', '−2.5e7', '9.88e16']);
});

test('a share is never rounded to a false 0 or 100 per cent', () => {
  assert.equal(percent(0, 'en'), '0%');
  assert.equal(percent(0.0004, 'en'), '<1%');
  assert.equal(percent(0.123, 'en'), '12%');
  assert.equal(percent(0.9961, 'en'), '>99%');
  assert.equal(percent(1, 'en'), '100%');
});

test('accuracies, counts, shapes, signed amounts', () => {
  assert.equal(accuracy(0.99541, 'en'), '99.54%');
  assert.equal(count(9134, 'en'), '9,134');
  assert.equal(shape([6, 28, 28]), '6 × 28 × 28');
  assert.equal(signed(2, 'en'), '+2');
  assert.equal(signed(-0.5, 'en'), '−0.5');
  assert.equal(signed(0, 'en'), '0');
});
