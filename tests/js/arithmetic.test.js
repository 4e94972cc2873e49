import assert from 'node:assert/strict';
import { test } from 'node:test';
import { balance, bySupport, byStrength, curveOf, magnitude, plotReach, sampleCurve, termsOf } from '../../static/js/core/unit/arithmetic.js';

const edges = [1, -2, 0.5].map((weight, channel) => ({ from: { stage: 'a', channel, y: 0, x: 0 }, to: { stage: 'b', channel: 0, y: 0, x: 0 }, weight }));
const inputs = [3, 4, -5];
const valueOf = ({ channel }) => inputs[channel];

test('terms are input × weight in the order of the edges', () => {
  assert.deepEqual(termsOf(edges, valueOf, null).map(({ product }) => product), [3, -8, -2.5]);
});

test('of a maximum only the winner counts, and only the first of equals', () => {
  assert.deepEqual(termsOf(edges, valueOf, 'maximum').map(({ weight, product }) => [weight, product]), [[0, 0], [1, 4], [0, 0]]);
  assert.deepEqual(termsOf(edges, () => 0, 'maximum').map(({ weight }) => weight), [1, 0, 0]);
});

test('order by strength; by support the strongest that pushed the same way comes first', () => {
  const terms = termsOf(edges, valueOf, null);
  assert.deepEqual(byStrength(terms), [1, 0, 2]);
  assert.deepEqual(bySupport(terms, 2), [0, 1, 2]);
  assert.deepEqual(bySupport(terms, -2), [1, 0, 2]);
  assert.deepEqual(bySupport(terms, 0), [1, 0, 2]);
});

test('what speaks for and against', () => {
  assert.deepEqual(balance([3, -8, -2.5, 1]), { positive: 4, negative: -10.5, sum: -6.5 });
  assert.equal(magnitude([-3, 2]), 3);
  assert.equal(magnitude([]), 0);
});

test('the curves are the functions of the networks', () => {
  assert.equal(curveOf('ReLU')(-1), 0);
  assert.ok(Math.abs(curveOf('ScaledTanh')(1) - 1) < 1e-4);
  assert.equal(curveOf('BatchNorm2d'), null);
  const points = sampleCurve(Math.abs, -2, 2, 5);
  assert.deepEqual(points.map(({ x, y }) => [x, y]), [[-2, 2], [-1, 1], [0, 0], [1, 1], [2, 2]]);
});

test('a plot is wide enough for its point', () => {
  for (const input of [0, 0.2, -2.9, 3, 17, -250]) assert.ok(plotReach(input) > Math.abs(input));
  assert.equal(plotReach(0), 3);
});

test('a min pooling takes the first of the smallest', () => {
  assert.deepEqual(termsOf(edges, valueOf, 'minimum').map(({ weight }) => weight), [0, 0, 1]);
});
