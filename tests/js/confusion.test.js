import assert from 'node:assert/strict';
import { test } from 'node:test';
import { commonMistakes, countOf, rowShares, strengths, totals, unanswered, walk } from '../../static/js/core/train/confusion.js';

const matrix = [[98, 2, 0], [1, 95, 4], [0, 0, 0]];

test('shares are of the row; an empty class has none', () => {
  assert.deepEqual(rowShares(matrix), [[0.98, 0.02, 0], [0.01, 0.95, 0.04], [0, 0, 0]]);
  assert.deepEqual(totals(matrix), { all: 200, wrong: 7 });
});

test('mistakes are coloured among themselves, the largest fully', () => {
  const strong = strengths(matrix);
  assert.equal(strong[1][2], 1);
  assert.equal(strong[0][2], 0);
  assert.ok(Math.abs(strong[1][0] - 0.5) < 1e-9);
  assert.equal(strong[0][0], 0.98);
  assert.deepEqual(strengths([[5, 0], [0, 5]])[0], [1, 0]);
});

test('the most common mistakes come first', () => {
  assert.deepEqual(commonMistakes(matrix, 2), [{ truth: 1, predicted: 2, count: 4 }, { truth: 0, predicted: 1, count: 2 }]);
});

test('a cell, a row and a column are counted', () => {
  assert.equal(countOf(matrix, { truth: 1, predicted: 2 }), 4);
  assert.equal(countOf(matrix, { truth: 0, predicted: null }), 100);
  assert.equal(countOf(matrix, { truth: null, predicted: 1 }), 97);
});

test('keys walk over cells and headings, never into the corner', () => {
  assert.deepEqual(walk('ArrowRight', [1, 1], 4), [1, 2]);
  assert.deepEqual(walk('ArrowLeft', [0, 1], 4), [0, 1]);
  assert.deepEqual(walk('End', [2, 1], 4), [2, 3]);
  assert.deepEqual(walk('ArrowDown', [3, 1], 4), [3, 1]);
  assert.equal(walk('a', [1, 1], 4), null);
});

test('while the answers are waited for, nothing is counted', () => {
  const { matrix, recall } = unanswered(['a', 'b'], 'test');
  assert.deepEqual(totals(matrix), { all: 0, wrong: 0 });
  assert.deepEqual(strengths(matrix), [[0, 0], [0, 0]]);
  assert.deepEqual(recall, [null, null]);
});
