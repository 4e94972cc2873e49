/**
 * A short chain of stages as one stack of boards: the input at the bottom, upwards in 3D, in rows when flat.
 *
 * @typedef {import('../types.js').Model} Model
 * @typedef {import('./boards.js').Board} Board
 * @typedef {import('./boards.js').Layout} Layout
 * @typedef {import('./boards.js').Projection} Projection
 */
import { corners, extent } from './boards.js';
import { graphOf, isVector } from '../networks/graph.js';

/** How wide boards may be, in the layout's unit of length: the width that suits the screen's shape is taken. */
const WIDTHS = [120, 145, 170, 195, 225, 260, 300, 350, 410, 480];
const DEPTH = 84;
/** Largest sides of a cell: of the input, of a map's unit, of a dense unit, of one among few (the outputs). */
const CELL = { input: { '3d': 2.2, flat: 1.8 }, map: 1.45, dense: 3.6, few: 8 };
/** Cells of small maps may grow to this, until the map is so wide. */
const GROWN = { cell: 2.4, map: 15 };
/** Rather one more row of maps than maps narrower than this, or cells smaller. */
const SMALLEST = { map: 10.2, cell: 0.95 };
/** At most so many dense units count as few: they stand in one row. */
const FEW = 16;
const AIR = { '3d': 16, flat: 15 };
/** So many stages fill the height; with fewer there is more air between them. */
const USUAL_STAGES = 8;
/** Dense boards use this share of the width: many short rows show more than one long one. */
const DENSE = 0.56;
/** A lying board hides this share of its depth above it, seen from the camera's usual height. */
const TILT = 0.62;

/** The screen's right and up as seen in the usual view: in space from 22° to the right and 26° above. */
const SEEN = /** @type {const} */ ({ '3d': [[0.927, 0, -0.375], [-0.164, 0.899, -0.406]], flat: [[1, 0, 0], [0, 1, 0]] });

/**
 * Lay the model out so that its units cover as much as possible of a screen of this shape.
 * @param {Model} model @param {Projection} projection @param {number} aspect  Width ÷ height of the place for it.
 * @returns {Layout}
 */
export function towerOf(model, projection, aspect) {
  const layouts = WIDTHS.map((width) => layoutWithin(model, projection, width, airFor(model, projection, aspect)));
  const covers = layouts.map((layout) => coverage(layout, aspect));
  return layouts[covers.indexOf(Math.max(...covers))];
}

/** The share of the screen that units cover, up to a factor. @param {Layout} layout @param {number} aspect */
function coverage({ boards, projection }, aspect) {
  const all = [...boards.values()];
  const points = all.flatMap(corners);
  const [width, height] = SEEN[projection].map((axis) => {
    const places = points.map((point) => point[0] * axis[0] + point[1] * axis[1] + point[2] * axis[2]);
    return Math.max(...places) - Math.min(...places);
  });
  const scale = Math.min(aspect / width, 1 / height);
  const area = all.reduce((sum, { shape, cell }) => sum + shape[0] * shape[1] * shape[2] * cell * cell, 0);
  return (area * scale * scale) / aspect;
}

/** Room between boards: more where stages are few or the place is high, less where it is wide. @param {Model} model @param {Projection} projection @param {number} aspect */
function airFor(model, projection, aspect) {
  const few = Math.min(2, Math.max(1, USUAL_STAGES / model.stages.length));
  return AIR[projection] * few * Math.min(1.2, Math.max(0.7, 1 / aspect));
}

/** @param {Model} model @param {Projection} projection @param {number} width  Of the widest board. @param {number} air @returns {Layout} */
function layoutWithin(model, projection, width, air) {
  /** @type {Map<string, Board>} */
  const boards = new Map();
  let [level, before] = [0, 0];
  for (const node of graphOf(model).values()) {
    const isInput = node.sources.length === 0;
    const board = { id: node.stage.id, projection, level: 0, ...arrange(node.shape, isVector(node) ? DENSE * width : width, isInput ? CELL.input[projection] : CELL.map, isVector(node)) };
    const share = projection === 'flat' ? 1 : TILT;
    if (boards.size > 0) level += air + (share * (before + board.depth)) / 2;
    before = board.depth;
    boards.set(node.stage.id, { ...board, level });
  }
  return { projection, boards, ...extent([...boards.values()]) };
}

/** @param {[number, number, number]} shape @param {number} limit @param {number} usual @param {boolean} isDense */
function arrange(shape, limit, usual, isDense) {
  const [count, height, width] = shape;
  const ratio = isDense ? (count <= FEW ? 0.75 : 0.25) : Math.min(0.35, Math.max(0.1, 2 / width));
  const largest = isDense ? (count <= FEW ? CELL.few : CELL.dense) : Math.max(usual, Math.min(GROWN.cell, GROWN.map / width));
  const enough = isDense ? (count > FEW ? largest : 0) : Math.min(largest, Math.max(SMALLEST.cell, SMALLEST.map / width));
  const gap = ratio * width;
  const sized = (/** @type {number} */ rows) => {
    const columns = Math.ceil(count / rows);
    const across = columns * width + (columns - 1) * gap;
    const down = rows * height + (rows - 1) * gap;
    return { shape, rows, columns, across, down, cell: Math.min(largest, limit / across, DEPTH / down) };
  };
  const { across, down, ...grid } = chooseRows(count, enough, sized);
  const pitch = /** @type {[number, number]} */ ([(width + gap) * grid.cell, (height + gap) * grid.cell]);
  return { ...grid, pitch, width: across * grid.cell, depth: down * grid.cell };
}

/**
 * The fewest rows whose cells are large enough; if cells are small however they are arranged, the rows that make them
 * largest.
 * @template {{rows: number, columns: number, cell: number}} Grid
 * @param {number} count @param {number} enough @param {(rows: number) => Grid} sized
 * @returns {Grid}
 */
function chooseRows(count, enough, sized) {
  let best = sized(1);
  for (let rows = 1; rows <= count; rows++) {
    const grid = sized(rows);
    if (grid.cell >= enough) return fullerOf(grid, count, enough, sized);
    if (grid.cell > best.cell) best = grid;
  }
  return best;
}

/** The grid itself, or one with one or two rows more if that fills the last row. @template {{rows: number, cell: number}} Grid @param {Grid} grid @param {number} count @param {number} enough @param {(rows: number) => Grid} sized */
function fullerOf(grid, count, enough, sized) {
  const more = [grid, sized(grid.rows + 1), sized(grid.rows + 2)];
  return more.find((next) => next.cell >= enough && count % next.rows === 0) ?? grid;
}
