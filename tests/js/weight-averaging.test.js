import assert from 'node:assert/strict';
import { test } from 'node:test';
import { averagingText, decayAt, placeOf, REACHES } from '../../static/js/core/train/weight-averaging.js';

/** @param {string} key @param {Record<string, unknown>} [values] */
const t = (key, values) => (values ? `${key} ${values.steps}` : key);

test('each place of the slider is a decay, and back', () => {
  REACHES.forEach((_, place) => assert.equal(placeOf(decayAt(place)), place));
  assert.equal(decayAt(0), 0);
  assert.equal(decayAt(REACHES.indexOf(200)), 0.995);
});

test('a decay that no place has is shown at the nearest, and told as it is', () => {
  assert.equal(placeOf(0.98), REACHES.indexOf(50));
  assert.equal(averagingText(0.99975, t, 'en'), 'train.ema.over 4,000');
  assert.equal(averagingText(0, t, 'en'), 'train.off');
});
