/**
 * A large network as columns of boards, each column from the bottom to the top, the next one to its right. All boards of
 * a column share its width; branches stand side by side. How many columns, and how deep the boards are, follows from the
 * shape of the screen.
 *
 * @typedef {import('../types.js').Model} Model
 * @typedef {import('../networks/graph.js').Node} Node
 * @typedef {import('./blocks.js').Block} Block
 * @typedef {import('./boards.js').Board} Board
 * @typedef {import('./boards.js').Layout} Layout
 * @typedef {import('./boards.js').Projection} Projection
 * @typedef {{blocks: Block[], projection: Projection, depth: number, air: number, share: number}} Plan
 * @typedef {{boards: Board[], height: number}} Storey  A block laid out from level 0 upwards, its middle at x = 0.
 */
import { blocksOf } from './blocks.js';
import { extent } from './boards.js';
import { gridOf, photoGrid } from './grids.js';
import { isVector } from '../networks/graph.js';
import { split, splitAtEnds } from './split.js';

/** A column's width; the whole is scaled to SPAN afterwards. */
const WIDTH = 100;
const SPAN = 300;
/** Room between columns and between branches, for skips and labels. */
const GUTTER = { '3d': 22, flat: 16 };
const BETWEEN = 4;
/** How deep boards may be: the value that suits the screen is taken. */
const DEPTHS = [10, 14, 19, 26, 35, 46, 60, 80];
const MOST_COLUMNS = 14;
/** Each further column has to be worth so much: one looks along fewer of them more easily. */
const COLUMN_COST = 0.97;
/** A lying board hides this share of its depth above it; the screen shows that share of it. */
const TILT = { '3d': 0.66, flat: 1 };
const SEEN = { '3d': 0.55, flat: 1 };
/** The input may be so much deeper than other boards. */
const PHOTO_DEPTH = 1.7;

/**
 * @param {Model} model @param {Projection} projection @param {number} aspect  Width ÷ height of the place for it.
 * @returns {Layout}
 */
export function columnsOf(model, projection, aspect) {
  const blocks = blocksOf(model);
  /** @type {{score: number, storeys: Storey[], counts: number[]}|null} */
  let best = null;
  for (const depth of DEPTHS) {
    const plan = { blocks, projection, depth, air: airFor(depth, projection), share: TILT[projection] };
    const storeys = blocks.map((block) => storeyOf(block, plan));
    for (let count = 1; count <= Math.min(MOST_COLUMNS, blocks.length); count++) {
      const counts = split(storeys.map(({ height }) => height), count);
      const score = scoreOf(storeys, counts, projection, aspect);
      if (!best || score > best.score) best = { score, storeys, counts };
    }
  }
  return best ? assemble(best.storeys, splitAtEnds(best.storeys.map(({ height }) => height), best.counts, endsOf(blocks)), projection) : { projection, boards: new Map(), min: [0, 0, 0], max: [0, 0, 0] };
}

/** Behind which blocks a column ends well: behind a pooling, and before maps become smaller otherwise. @param {Block[]} blocks @returns {boolean[]} */
function endsOf(blocks) {
  const lasts = blocks.map(({ levels }) => levels[levels.length - 1][0].node);
  const shrinks = (/** @type {Node|undefined} */ node) => node !== undefined && node.sources.length > 0 && node.sources.some((source) => source.shape[1] > node.shape[1]);
  return lasts.map((node, i) => {
    const next = lasts[i + 1];
    if (node.layer.role === 'pool') return shrinks(node);
    return next !== undefined && next.layer.role !== 'pool' && next.shape[1] < node.shape[1];
  });
}

/** @param {number} depth @param {Projection} projection */
function airFor(depth, projection) {
  return projection === 'flat' ? 4.5 + 0.16 * depth : 5 + 0.1 * depth;
}

/** @param {Block} block @param {Plan} plan @returns {Storey} */
function storeyOf({ levels, lanes }, plan) {
  const spans = spansOf(lanes);
  /** @type {Board[]} */
  const boards = [];
  let height = 0;
  for (const places of levels) {
    const row = places.map(({ node, lane }) => boardOf(node, lane === null ? [0, WIDTH] : spans[lane], plan));
    const depth = plan.share * Math.max(...row.map((board) => board.depth));
    for (const board of row) boards.push({ ...board, level: height + depth / 2 });
    height += depth + plan.air;
  }
  return { boards, height: height + 0.35 * plan.air };
}

/** Middle and width of each branch: a longer branch gets more. @param {number[]} lanes @returns {[number, number][]} */
function spansOf(lanes) {
  const shares = lanes.map(Math.sqrt);
  const unit = (WIDTH - BETWEEN * (lanes.length - 1)) / shares.reduce((sum, share) => sum + share, 0);
  let left = -WIDTH / 2;
  return shares.map((share) => {
    const width = share * unit;
    left += width + BETWEEN;
    return [left - BETWEEN - width / 2, width];
  });
}

/** @param {Node} node @param {[number, number]} span @param {Plan} plan @returns {Board} */
function boardOf(node, [x, width], { projection, depth }) {
  const isPhoto = node.sources.length === 0 && node.shape[0] === 3;
  const grid = isPhoto ? photoGrid(node.shape, width, PHOTO_DEPTH * depth) : gridOf(node.shape, width, depth, isVector(node));
  return { id: node.stage.id, shape: node.shape, projection, x, level: 0, ...grid };
}

/** The share of the screen that units cover, up to a factor. @param {Storey[]} storeys @param {number[]} counts @param {Projection} projection @param {number} aspect */
function scoreOf(storeys, counts, projection, aspect) {
  const width = counts.length * WIDTH + (counts.length - 1) * GUTTER[projection];
  let at = 0;
  const height = Math.max(...counts.map((count) => storeys.slice(at, (at += count)).reduce((sum, storey) => sum + storey.height, 0)));
  const scale = Math.min(aspect / width, 1 / height);
  const area = storeys.reduce((sum, { boards }) => sum + boards.reduce((part, { shape, cell }) => part + shape[0] * shape[1] * shape[2] * cell * cell, 0), 0);
  return ((area * SEEN[projection] * scale * scale) / aspect) * COLUMN_COST ** counts.length;
}

/** @param {Storey[]} storeys @param {number[]} counts @param {Projection} projection @returns {Layout} */
function assemble(storeys, counts, projection) {
  const width = counts.length * WIDTH + (counts.length - 1) * GUTTER[projection];
  /** @type {Board[]} */
  const placed = [];
  let at = 0;
  counts.forEach((count, column) => {
    const x = column * (WIDTH + GUTTER[projection]) - (width - WIDTH) / 2;
    let level = 0;
    for (const { boards, height } of storeys.slice(at, at + count)) {
      for (const board of boards) placed.push({ ...board, column, x: x + (board.x ?? 0), level: level + board.level });
      level += height;
    }
    at += count;
  });
  const boards = placed.map((board) => scaled(board, SPAN / sizeOf(placed)));
  return { projection, boards: new Map(boards.map((board) => [board.id, board])), columns: counts.length, ...extent(boards) };
}

/** The larger of the layout's width and height. @param {Board[]} boards */
function sizeOf(boards) {
  const { min, max } = extent(boards);
  return Math.max(max[0] - min[0], max[1] - min[1], 1);
}

/** @param {Board} board @param {number} factor @returns {Board} */
function scaled(board, factor) {
  const by = (/** @type {number|undefined} */ value) => (value === undefined ? undefined : value * factor);
  return {
    ...board, cell: board.cell * factor, pitch: [board.pitch[0] * factor, board.pitch[1] * factor], width: board.width * factor,
    depth: board.depth * factor, level: board.level * factor, x: by(board.x), picture: by(board.picture), indent: by(board.indent),
  };
}
