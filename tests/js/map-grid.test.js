import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fittingTile, inSight, placeAt, planGrid, scrollFor, stepTo, TILE } from '../../static/js/core/map-grid.js';

test('tiles fill the width, and are not larger than the room', () => {
  const plan = planGrid(10, 320, 72, 1);
  assert.equal(plan.columns, 4);
  assert.equal(plan.rows, 3);
  assert.equal(plan.columns * plan.across - (plan.across - plan.width), 320);
  assert.equal(planGrid(3, 50, 200, 1).columns, 1);
  assert.equal(planGrid(3, 50, 200, 1).width, 50);
  assert.equal(planGrid(2, 1000, 100, 0.5).height, 50);
  assert.equal(planGrid(0, 300, 72, 1).total, 0);
});

test('of 2,048 maps a few rows are in sight, wherever the grid is scrolled', () => {
  const plan = planGrid(2048, 960, 72, 1);
  for (let top = 0; top <= plan.total; top += 137) {
    const { first, last } = inSight(plan, top, 700);
    assert.ok(last - first <= plan.columns * (Math.ceil(700 / plan.down) + 4));
    assert.equal(first % plan.columns, 0);
    const seen = Math.floor(top / plan.down) * plan.columns;
    assert.ok(first <= seen && last >= Math.min(plan.count, seen + 1));
  }
  assert.deepEqual(inSight(planGrid(3, 960, 72, 1), 0, 700), { first: 0, last: 3 });
});

test('few maps are shown large, many as small as is pleasant', () => {
  const room = { width: 1000, height: 600 };
  assert.equal(fittingTile(2048, room, 1), TILE.shown.least);
  assert.equal(fittingTile(4, room, 1), TILE.shown.most);
  const tile = fittingTile(40, room, 1);
  assert.ok(planGrid(40, room.width, tile, 1).total <= room.height);
});

test('places go row by row', () => {
  const plan = planGrid(10, 320, 72, 1);
  assert.deepEqual(placeAt(plan, 0), { x: 0, y: 0 });
  assert.deepEqual(placeAt(plan, 5), { x: plan.across, y: plan.down });
});

test('keys walk over the tiles and stay among them', () => {
  const plan = planGrid(10, 320, 72, 1); // 4 + 4 + 2
  assert.equal(stepTo(plan, 0, 'ArrowRight', 2), 1);
  assert.equal(stepTo(plan, 0, 'ArrowLeft', 2), 0);
  assert.equal(stepTo(plan, 1, 'ArrowDown', 2), 5);
  assert.equal(stepTo(plan, 7, 'ArrowDown', 2), 7);
  assert.equal(stepTo(plan, 5, 'PageDown', 2), 9);
  assert.equal(stepTo(plan, 5, 'PageUp', 2), 1);
  assert.equal(stepTo(plan, 5, 'Home', 2), 0);
  assert.equal(stepTo(plan, 5, 'End', 2), 9);
  assert.equal(stepTo(plan, 5, 'x', 2), null);
});

test('a tile is brought into sight by the shortest way', () => {
  const plan = planGrid(100, 320, 72, 1);
  assert.equal(scrollFor(plan, 0, 50, 300), 0);
  assert.equal(scrollFor(plan, 4, 50, 300), 50);
  assert.equal(scrollFor(plan, 96, 0, 300), 25 * plan.down - 300);
});
