import assert from 'node:assert/strict';
import { test } from 'node:test';
import { pictureProblem, seenPart } from '../../static/js/core/input/crop.js';

const input = (resize, side = 224) => /** @type {any} */ ({ shape: [3, side, side], resize });

test('the middle of the shorter side, 224 of 256', () => {
  assert.deepEqual(seenPart(512, 512, input(256)), { left: 0.0625, top: 0.0625, width: 0.875, height: 0.875 });
  const wide = seenPart(1000, 500, input(256));
  assert.equal(wide.height, 0.875);
  assert.equal(wide.width, 0.4375);
  assert.equal(wide.left, (1 - 0.4375) / 2);
});

test('without a resize the shorter side is the network\'s', () => {
  assert.deepEqual(seenPart(300, 600, input(null)), { left: 0, top: 0.25, width: 1, height: 0.5 });
});

test('what is no picture or too long is not sent', () => {
  assert.equal(pictureProblem({ type: 'image/jpeg', size: 10 }, 100), null);
  assert.equal(pictureProblem({ type: '', size: 10 }, 100), null);
  assert.equal(pictureProblem({ type: 'text/plain', size: 10 }, 100), 'type');
  assert.equal(pictureProblem({ type: 'image/png', size: 101 }, 100), 'size');
});
