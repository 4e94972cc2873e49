import assert from 'node:assert/strict';
import { test } from 'node:test';
import { byClass, leadingClasses, SLIDERS, sweepValues } from '../../static/js/core/input/robustness.js';
import { neutralTransform } from '../../static/js/core/store.js';

test('every slider holds its neutral value in its range, and its sweep has both ends', () => {
  for (const slider of SLIDERS) {
    const neutral = neutralTransform()[slider.key];
    assert.ok(slider.min <= neutral && neutral <= slider.max, slider.key);
    const values = sweepValues(slider);
    assert.equal(values[0], slider.min);
    assert.ok(Math.abs(values.at(-1) - slider.max) < 1e-9);
  }
  assert.deepEqual(Object.keys(neutralTransform()).sort(), SLIDERS.map(({ key }) => key).sort());
});

test('probabilities are sorted by class, whatever the order of the answer', () => {
  const score = (/** @type {number} */ id, /** @type {number} */ probability) => ({ class: id, label: String(id), probability, logit: 0 });
  const predictions = [{ top: [score(2, 0.7), score(0, 0.3)] }, { top: [score(1, 0.9), score(2, 0.1)] }];
  assert.deepEqual(byClass(/** @type {any} */ (predictions), 3), [[0.3, 0], [0, 0.9], [0.7, 0.1]]);
});

test('the winner leads, then those that rise highest anywhere', () => {
  assert.deepEqual(leadingClasses([[0.2, 0.3], [0.1, 0.9], [0.5, 0.4]], 0, 2), [0, 1]);
});
