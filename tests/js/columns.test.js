import assert from 'node:assert/strict';
import { test } from 'node:test';
import { blockName, blocksOf } from '../../static/js/core/layout/blocks.js';
import { corners, placeOf, toBoard, unitAtPoint } from '../../static/js/core/layout/boards.js';
import { split, splitAtEnds } from '../../static/js/core/layout/split.js';
import { graphOf, unitAt } from '../../static/js/core/networks/graph.js';
import { isTower, layoutOf } from '../../static/js/core/layout/layout.js';
import { routesOf } from '../../static/js/core/layout/routes.js';
import * as large from './large.js';
import { harley } from './networks.js';

const NETWORKS = Object.values(large).map((build) => build());
/** A gap that floating point cannot close. */
const SLACK = 1e-6;

const half = (board) => (board.projection === 'flat' ? board.depth / 2 : 0);
const apart = (a, b) => Math.abs(a.x - b.x) >= (a.width + b.width) / 2 - SLACK || Math.abs(a.level - b.level) > half(a) + half(b) + SLACK;

for (const model of NETWORKS) {
  for (const projection of ['3d', 'flat']) {
    for (const aspect of [0.5, 1.5]) {
      const layout = layoutOf(model, projection, aspect);
      const boards = [...layout.boards.values()];
      const name = `${model.id} ${projection} ${aspect}`;

      test(`${name}: every stage has a board, no two overlap, all lie in the extent`, () => {
        assert.equal(boards.length, model.stages.length);
        boards.forEach((board, i) => boards.slice(i + 1).forEach((other) => assert.ok(apart(board, other), `${board.id} and ${other.id}`)));
        const inside = (point) => point.every((value, axis) => value >= layout.min[axis] - SLACK && value <= layout.max[axis] + SLACK);
        assert.ok(boards.every((board) => corners(board).every(inside)));
      });

      test(`${name}: in a column what is computed later stands higher`, () => {
        for (const node of graphOf(model).values()) {
          const board = layout.boards.get(node.stage.id);
          for (const source of node.sources.map(({ stage }) => layout.boards.get(stage.id))) {
            assert.ok(source.column < board.column || (source.column === board.column && source.level < board.level));
          }
        }
      });

      test(`${name}: every edge of the graph is drawn, from board to board`, () => {
        const routes = routesOf(model, layout);
        const wanted = model.stages.flatMap(({ id, inputs }) => inputs.map((from) => `${from} → ${id}`));
        assert.deepEqual(routes.map(({ from, to }) => `${from} → ${to}`).sort(), wanted.sort());
        for (const { from, to, points } of routes) {
          assert.ok(points.length >= 2 && points.flat().every(Number.isFinite));
          assert.ok(onBoard(layout.boards.get(from), points[0]) && onBoard(layout.boards.get(to), points.at(-1)));
        }
      });

      test(`${name}: the place of a unit leads back to the unit`, () => {
        for (const node of graphOf(model).values()) {
          const board = layout.boards.get(node.stage.id);
          for (const share of [0, 0.37, 0.83, 1]) {
            const unit = unitAt(node, Math.round(share * (node.stage.units - 1)));
            assert.deepEqual(unitAtPoint(board, ...toBoard(board, placeOf(board, unit))), unit);
          }
        }
      });
    }
  }
}

function onBoard(board, point) {
  const [u, v] = toBoard(board, point);
  return Math.abs(u) <= board.width / 2 + SLACK && Math.abs(v) <= board.depth / 2 + SLACK;
}

test('short chains of digit networks stay towers', () => {
  assert.ok(isTower(harley()));
  assert.ok(NETWORKS.every((model) => !isTower(model)));
});

test('a block ends where all paths meet', () => {
  const ends = (model) => blocksOf(model).map(({ levels }) => levels.at(-1)[0].node.stage.id);
  assert.deepEqual(ends(large.vgg16()), large.vgg16().stages.map(({ id }) => id));
  assert.ok(ends(large.googlenet()).includes('inception4c.cat') && !ends(large.googlenet()).some((id) => id.includes('branch')));
  assert.ok(ends(large.resnet50()).includes('layer3.2.add') && !ends(large.resnet50()).includes('layer3.2.conv1'));
});

test('the four branches of an inception module stand side by side under the concatenation', () => {
  const block = blocksOf(large.googlenet()).find(({ levels }) => levels.at(-1)[0].node.stage.id === 'inception3a.cat');
  assert.equal(block.lanes.length, 4);
  assert.deepEqual(block.levels.map((level) => level.length), [3, 4, 1]);
});

test('skips bow round what they skip', () => {
  const model = large.resnet50();
  const kinds = new Map(routesOf(model, layoutOf(model, 'flat', 0.05)).map(({ from, to, kind }) => [`${from} ${to}`, kind]));
  assert.equal(kinds.get('layer1.0.add layer1.1.add'), 'skip');
  assert.equal(kinds.get('layer1.1.conv1 layer1.1.conv2'), 'straight');
});

test('columns are as even as blocks allow', () => {
  assert.deepEqual(split([1, 1, 1, 1, 1, 1], 3), [2, 2, 2]);
  assert.deepEqual(split([5, 1, 1, 1], 2), [1, 3]);
});

test('columns end where a part of the network ends, if little height is lost', () => {
  const most = Array(20).fill(1);
  assert.deepEqual(splitAtEnds(most, [10, 10], most.map((_, i) => i === 8)), [9, 11]);
  assert.deepEqual(splitAtEnds(most, [10, 10], most.map((_, i) => i === 3)), [10, 10]);
});

test('the picture of a colour input leads to its pixels', () => {
  const board = layoutOf(large.vgg16(), 'flat').boards.get('input');
  const at = (y, x) => unitAtPoint(board, (x + 0.5) * board.picture - board.width / 2, (y + 0.5) * board.picture - board.depth / 2);
  assert.deepEqual(at(0, 0), { stage: 'input', channel: 0, y: 0, x: 0 });
  assert.deepEqual(at(223, 120), { stage: 'input', channel: 0, y: 223, x: 120 });
  assert.equal(unitAtPoint(board, board.indent - board.width / 2 - 0.01, 0), null);
});

test('a block is named by what its stages have in common', () => {
  const names = blocksOf(large.resnet50()).map(blockName);
  assert.ok(names.includes('layer3.2') && names[0] === '');
  assert.ok(blocksOf(large.googlenet()).map(blockName).includes('inception4c'));
});
