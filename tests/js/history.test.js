import assert from 'node:assert/strict';
import { test } from 'node:test';
import { History } from '../../static/js/core/input/history.js';

const base = (/** @type {number} */ n) => ({ kind: 'base', n });
const stroke = (/** @type {number} */ n) => ({ kind: 'stroke', n });

test('undo and redo walk over the operations, and end at the first', () => {
  const history = new History(base(0));
  history.push(stroke(1));
  history.push(stroke(2));
  assert.equal(history.undo() && history.undo(), true);
  assert.equal(history.undo(), false);
  assert.deepEqual(history.sinceBase(), [base(0)]);
  assert.equal(history.redo(), true);
  assert.deepEqual(history.last, stroke(1));
  assert.deepEqual([history.canUndo, history.canRedo], [true, true]);
});

test('a new operation ends what could be redone', () => {
  const history = new History(base(0));
  history.push(stroke(1));
  history.undo();
  history.push(stroke(2));
  assert.equal(history.redo(), false);
  assert.deepEqual(history.sinceBase(), [base(0), stroke(2)]);
});

test('replay begins at the last base; restarting forgets what was before', () => {
  const history = new History(base(0));
  history.push(stroke(1));
  history.push(base(2));
  history.push(stroke(3));
  assert.deepEqual(history.sinceBase(), [base(2), stroke(3)]);
  history.restart(base(4));
  assert.deepEqual([history.sinceBase(), history.canUndo, history.canRedo], [[base(4)], false, false]);
});
