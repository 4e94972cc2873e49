import assert from 'node:assert/strict';
import { test } from 'node:test';
import { unitsOf } from '../../static/js/core/unit/connect.js';
import { corners, neighbour, placeOf, toBoard, unitAtPoint } from '../../static/js/core/layout/boards.js';
import { layoutOf } from '../../static/js/core/layout/layout.js';
import { chain, conv, dense, harley, odd, pool } from './networks.js';

const large = () => chain([3, 64, 64], [conv('a', 64, 3, { padding: 1 }), pool('p', 2), conv('b', 512, 3, { padding: 1 }), dense('c', 4096), dense('d', 1000)]);

for (const [name, model] of Object.entries({ harley: harley(), odd: odd(), large: large() })) {
  for (const projection of ['3d', 'flat']) {
    const layout = layoutOf(model, projection);

    test(`${name} ${projection}: the place of a unit leads back to the unit`, () => {
      for (const stage of model.stages) {
        const board = layout.boards.get(stage.id);
        for (const unit of unitsOf(stage).filter((_, i) => i % 7 === 0)) {
          assert.deepEqual(unitAtPoint(board, ...toBoard(board, placeOf(board, unit))), unit);
        }
      }
    });

    test(`${name} ${projection}: no two units overlap, none leaves its board`, () => {
      for (const stage of model.stages) {
        const board = layout.boards.get(stage.id);
        assert.ok(board.columns * board.rows >= stage.shape[0] && board.columns * (board.rows - 1) < stage.shape[0]);
        assert.ok(board.pitch[0] > board.cell * board.shape[2] && board.pitch[1] > board.cell * board.shape[1]);
        const last = placeOf(board, unitsOf(stage).at(-1));
        const [u, v] = toBoard(board, last);
        assert.ok(u + board.cell / 2 <= board.width / 2 + 1e-6 && v + board.cell / 2 <= board.depth / 2 + 1e-6);
      }
    });

    test(`${name} ${projection}: boards do not meet, in order from the input up`, () => {
      const boards = [...layout.boards.values()];
      const half = (board) => (projection === 'flat' ? board.depth / 2 : 0);
      boards.slice(1).forEach((board, i) => assert.ok(board.level - half(board) > boards[i].level + half(boards[i]) + 5));
    });

    test(`${name} ${projection}: the extent holds every corner`, () => {
      const inside = (point) => point.every((value, axis) => value >= layout.min[axis] && value <= layout.max[axis]);
      for (const board of layout.boards.values()) assert.ok(corners(board).every(inside));
    });
  }
}

test('beside the tiles there is no unit', () => {
  const board = layoutOf(harley(), '3d').boards.get('conv1');
  const between = -board.width / 2 + board.cell * 28 + 0.1;
  assert.equal(unitAtPoint(board, between, 0), null);
  assert.equal(unitAtPoint(board, board.width, 0), null);
  assert.equal(unitAtPoint(board, -board.width, 0), null);
  assert.equal(unitAtPoint(board, 0, board.depth), null);
});

test('dense layers wrap into rows; ten outputs stand in one', () => {
  const { boards } = layoutOf(harley(), '3d');
  assert.ok(boards.get('fc1').rows > 1);
  assert.equal(boards.get('out').rows, 1);
});

test('neighbours stay inside', () => {
  const { boards } = layoutOf(harley(), '3d');
  const unit = { stage: 'conv1', channel: 1, y: 0, x: 27 };
  assert.deepEqual(neighbour(boards.get('conv1'), unit, 1, -1), unit);
  assert.deepEqual(neighbour(boards.get('conv1'), unit, -1, 1), { ...unit, y: 1, x: 26 });
  const first = { stage: 'fc1', channel: 0, y: 0, x: 0 };
  assert.equal(neighbour(boards.get('fc1'), first, -1, 0).channel, 0);
  assert.equal(neighbour(boards.get('fc1'), first, 0, 1).channel, boards.get('fc1').columns);
});
