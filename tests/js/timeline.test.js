import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  curveOf, epochTicks, hasMoment, lastStep, momentsOf, nearestStop, placeOf, readingOf, stepAt, stopBeside, stops, testCurve,
} from '../../static/js/core/train/timeline.js';

/** @param {Record<string, unknown>} [more] */
const training = (more = {}) => /** @type {any} */ ({
  state: 'running', step: 90, steps: 400, steps_per_epoch: 100, epoch: 0.9, loss: 0.5, accuracy: 0.8, test_accuracy: null,
  checkpoints: [0, 1, 2, 5, 10, 20, 50].map((step) => ({ step, epoch: step / 100, loss: null, test_accuracy: step === 50 ? 0.7 : null })), ...more,
});
const metrics = { steps: [1, 2, 50, 90], columns: { loss: [2.3, 2.2, 1.1, 0.5], accuracy: [0.1, 0.2, null, 0.8], test_accuracy: [null, null, null, 0.75] } };

test('the line runs to the planned steps while it trains, and to the last step once it is over', () => {
  assert.equal(lastStep(training()), 400);
  assert.equal(lastStep(training({ state: 'done', step: 200 })), 200);
  assert.equal(lastStep(training({ state: 'queued', step: 0, steps: 0 })), 1);
});

test('places grow with the root of the step, and lead back to it', () => {
  assert.equal(placeOf(100, 400), 0.5);
  assert.equal(stepAt(0.5, 400), 100);
  assert.equal(placeOf(900, 400), 1);
});

test('the stops are the checkpoints and the newest weights; the same weights only once', () => {
  assert.deepEqual(stops(training()), [0, 1, 2, 5, 10, 20, 50, null]);
  assert.deepEqual(stops(training({ step: 50 })).slice(-2), [20, null]);
  assert.deepEqual(momentsOf(null), []);
});

test('a place goes to the nearest stop, the right end to the newest', () => {
  assert.equal(nearestStop(training(), 0), 0);
  assert.equal(nearestStop(training(), placeOf(18, 400)), 20);
  assert.equal(nearestStop(training(), 1), null);
});

test('steps along the stops end at both ends', () => {
  assert.equal(stopBeside(training(), null, -1), 50);
  assert.equal(stopBeside(training(), 50, 1), null);
  assert.equal(stopBeside(training(), 0, -1), 0);
  assert.equal(stopBeside(training(), 20, -10), 0);
  assert.equal(stopBeside(training(), 7, 0), 10, 'a step without a checkpoint counts as the next one');
});

test('what is known of a moment: the newest numbers, or those of that step', () => {
  assert.deepEqual(readingOf(training(), metrics, null), { step: 90, epoch: 0.9, loss: 0.5, accuracy: 0.8, testAccuracy: null, testedAt: 90 });
  const untested = { ...metrics, columns: { loss: metrics.columns.loss } };
  assert.deepEqual(['running', 'done'].map((state) => readingOf({ ...training(), state }, untested, null).testedAt), [-1, 90], 'the end is always tested');
  assert.deepEqual(readingOf(training(), metrics, 50), { step: 50, epoch: 0.5, loss: 1.1, accuracy: null, testAccuracy: 0.7, testedAt: 50 });
  assert.equal(readingOf(training(), metrics, 0).loss, null, 'before the first row nothing is known');
});

test('curves leave out what nobody measured; asked checkpoints join the evaluations', () => {
  assert.deepEqual(curveOf(metrics, 'accuracy', 400).map(({ step }) => step), [1, 2, 90]);
  assert.deepEqual(testCurve(training(), metrics).map(({ step, y }) => [step, y]), [[50, 0.7], [90, 0.75]]);
  assert.deepEqual(curveOf(null, 'loss', 10), []);
});

test('a few whole epochs are named', () => {
  assert.deepEqual(epochTicks(training()).map(({ epoch }) => epoch), [1, 2, 3, 4]);
  assert.deepEqual(epochTicks(training({ steps: 3000 })).map(({ epoch }) => epoch), [5, 10, 15, 20, 25, 30]);
  assert.deepEqual(epochTicks(training({ steps: 20 })), []);
});

test('a moment exists where a checkpoint is kept', () => {
  assert.equal(hasMoment(training(), 5), true);
  assert.equal(hasMoment(training(), 6), false);
  assert.equal(hasMoment(training(), null), true);
});
