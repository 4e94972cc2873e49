import assert from 'node:assert/strict';
import { test } from 'node:test';
import { TILE, fittingTile, inSight, placeAt, planGrid, scrollFor, stepTo } from '../../static/js/core/maps/grid.js';

const PLAN = planGrid(512, 728, 72, 1);

test('tiles are at least as wide as asked and fill the width', () => {
  assert.equal(PLAN.columns, 9);
  assert.ok(PLAN.width >= 72 && PLAN.columns * PLAN.across - 8 <= 728 && 728 - PLAN.columns * PLAN.across < PLAN.columns);
  assert.equal(PLAN.rows, 57);
});

test('a tile is never wider than the room, and few tiles do not grow', () => {
  assert.equal(planGrid(4, 100, 320, 1).width, 100);
  assert.equal(planGrid(3, 728, 72, 1).width, 72);
});

test('tiles keep the proportions of a map', () => {
  assert.equal(planGrid(3, 728, 80, 0.5).height, 40);
});

test('few maps are shown as large as lets all be seen, many as small as is pleasant', () => {
  const room = { width: 728, height: 640 };
  const tile = fittingTile(40, room, 1);
  assert.ok(planGrid(40, room.width, tile, 1).total <= room.height && tile > TILE.shown.least);
  assert.equal(fittingTile(2048, room, 1), TILE.shown.least);
  assert.equal(fittingTile(1, room, 1), TILE.shown.most);
});

test('only tiles in sight, and a row more on each side', () => {
  const top = 10 * PLAN.down + 5;
  const { first, last } = inSight(PLAN, top, 3 * PLAN.down);
  assert.equal(first, 9 * PLAN.columns);
  assert.equal(last, 15 * PLAN.columns);
  assert.deepEqual(inSight(PLAN, 0, PLAN.down), { first: 0, last: 2 * PLAN.columns });
  assert.equal(inSight(PLAN, PLAN.total, 100).last, 512);
});

test('where tiles stand', () => {
  assert.deepEqual(placeAt(PLAN, 0), { x: 0, y: 0 });
  assert.deepEqual(placeAt(PLAN, 10), { x: PLAN.across, y: PLAN.down });
});

for (const [at, key, next] of [
  [0, 'ArrowRight', 1], [0, 'ArrowLeft', 0], [0, 'ArrowUp', 0], [0, 'ArrowDown', 9], [511, 'ArrowRight', 511], [511, 'ArrowDown', 511],
  [20, 'Home', 0], [20, 'End', 511], [20, 'PageDown', 20 + 36], [505, 'PageDown', 511], [20, 'PageUp', 2], [20, 'x', null],
]) {
  test(`${key} from ${at}`, () => assert.equal(stepTo(PLAN, at, key, 4), next));
}

test('a tile is brought into sight, and nothing moves where it is', () => {
  assert.equal(scrollFor(PLAN, 0, 300, 400), 0);
  assert.equal(scrollFor(PLAN, 9, 0, 400), 0);
  assert.equal(scrollFor(PLAN, 90, 0, 400), 11 * PLAN.down - 400);
});
