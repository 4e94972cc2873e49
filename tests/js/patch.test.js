import assert from 'node:assert/strict';
import { test } from 'node:test';
import { GAP, PADDING, gridColumns, layoutPatch, pictureSums } from '../../static/js/core/unit/patch.js';

const unit = (stage, channel, y = 0, x = 0) => ({ stage, channel, y, x });
const edge = (from, to, weight = 1) => ({ from, to, weight });
const conv = { kernel_size: [3, 3], stride: [1, 1], padding: [1, 1], dilation: [1, 1] };

test('a window at the border marks what lies in the padding', () => {
  const to = unit('conv', 0, 0, 0);
  const edges = [[0, 0], [0, 1], [1, 0], [1, 1]].map(([y, x]) => edge(unit('in', 2, y, x), to));
  const { kind, pictures } = layoutPatch({ stages: [] }, conv, to, edges);
  assert.equal(kind, 'windows');
  assert.equal(pictures.length, 1);
  assert.equal(pictures[0].channel, 2);
  assert.deepEqual([...pictures[0].cells], [PADDING, PADDING, PADDING, PADDING, 0, 1, PADDING, 2, 3]);
});

test('stride and dilation place the cells', () => {
  const layer = { kernel_size: [2, 2], stride: [2, 3], padding: [0, 0], dilation: [2, 1] };
  const to = unit('conv', 0, 1, 2);
  const edges = [[2, 6], [2, 7], [4, 6], [4, 7]].map(([y, x]) => edge(unit('in', 0, y, x), to));
  assert.deepEqual([...layoutPatch({ stages: [] }, layer, to, edges).pictures[0].cells], [0, 1, 2, 3]);
});

test('a dense layer behind maps shows a picture a map', () => {
  const model = { stages: [{ id: 'pool', shape: [2, 1, 2] }] };
  const edges = [0, 1].flatMap((c) => [0, 1].map((x) => edge(unit('pool', c, 0, x), unit('fc', 0))));
  const { kind, pictures } = layoutPatch(model, { kernel_size: null }, unit('fc', 0), edges);
  assert.equal(kind, 'maps');
  assert.deepEqual(pictures.map(({ channel, cells }) => [channel, ...cells]), [[0, 0, 1], [1, 2, 3]]);
});

test('a dense layer behind a dense layer shows one grid whose rest is a gap', () => {
  const model = { stages: [{ id: 'fc1', shape: [7] }] };
  const edges = Array.from({ length: 7 }, (_, i) => edge(unit('fc1', i), unit('fc2', 0)));
  const { kind, pictures: [picture] } = layoutPatch(model, { kernel_size: null }, unit('fc2', 0), edges);
  assert.equal(kind, 'grid');
  assert.equal(picture.width * picture.height, picture.cells.length);
  assert.deepEqual([...picture.cells].filter((term) => term !== GAP), [0, 1, 2, 3, 4, 5, 6]);
});

test('grids leave no rest where they need not', () => {
  assert.deepEqual([120, 100, 84, 300, 128, 7, 1].map(gridColumns), [12, 10, 12, 20, 16, 3, 1]);
});

test('the sums of the pictures add up to the sum of the products', () => {
  const pictures = [{ cells: Int32Array.of(0, PADDING, 2) }, { cells: Int32Array.of(1, GAP) }];
  assert.deepEqual(pictureSums(pictures, [{ product: 1 }, { product: -2 }, { product: 4 }]), [5, -2]);
});

test('no edges, no pictures', () => {
  assert.deepEqual(layoutPatch({ stages: [] }, conv, unit('in', 0), []).pictures, []);
});
