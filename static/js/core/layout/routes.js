/**
 * The lines between the boards of a large network: one for every edge of the graph. Straight up where nothing is in
 * between, a bow on the right of the boards for a skip, through the gutter into the next column.
 *
 * @typedef {import('../types.js').Model} Model
 * @typedef {import('./boards.js').Board} Board
 * @typedef {import('./boards.js').Layout} Layout
 * @typedef {import('./boards.js').Point} Point
 * @typedef {{from: string, to: string, kind: 'straight'|'skip'|'turn', points: Point[]}} Route
 */
import { toWorld } from './boards.js';
import { graphOf } from '../networks/graph.js';

/** Pieces of a bow and of a slanting line. */
const PIECES = 14;
/** A bow reaches so far into the gutter; a turn leaves and arrives at this share of the room between boards. */
const REACH = 0.42;

/** @param {Model} model @param {Layout} layout @returns {Route[]} */
export function routesOf(model, layout) {
  const rooms = roomsOf(layout);
  return [...graphOf(model).values()].flatMap((node) => node.sources.map((source) => {
    const [from, to] = [source, node].map(({ stage }) => /** @type {Board} */ (layout.boards.get(stage.id)));
    return { from: from.id, to: to.id, ...routeBetween(from, to, rooms) };
  }));
}

/**
 * What the lines have to keep clear of: the boards of each column and where the column ends.
 * @param {Layout} layout
 */
function roomsOf({ boards }) {
  /** @type {Map<number, {boards: Board[], left: number, right: number}>} */
  const columns = new Map();
  for (const board of boards.values()) {
    const [left, right] = [middle(board) - board.width / 2, middle(board) + board.width / 2];
    const column = columns.get(board.column ?? 0) ?? { boards: [], left, right };
    columns.set(board.column ?? 0, { boards: [...column.boards, board], left: Math.min(column.left, left), right: Math.max(column.right, right) });
  }
  return columns;
}

/** @typedef {ReturnType<typeof roomsOf>} Rooms */

/** @param {Board} board */
function middle(board) {
  return board.x ?? 0;
}

/** @param {Board} from @param {Board} to @param {Rooms} rooms @returns {{kind: Route['kind'], points: Point[]}} */
function routeBetween(from, to, rooms) {
  if ((from.column ?? 0) !== (to.column ?? 0)) return { kind: 'turn', points: turn(from, to, rooms) };
  const [start, end] = ends(from, to);
  const column = rooms.get(from.column ?? 0);
  const between = column?.boards.some((board) => board.level > from.level + 1e-6 && board.level < to.level - 1e-6 && covers(board, start[0], end[0]));
  if (!between) return { kind: 'straight', points: Math.abs(start[0] - end[0]) < 1e-6 ? [start, end] : curve(start, end) };
  return { kind: 'skip', points: bow(from, to, column?.right ?? 0, gutterOf(rooms)) };
}

/** From the middle of the one board's upper edge to the other's lower edge; upright where the two face each other. @param {Board} from @param {Board} to @returns {[Point, Point]} */
function ends(from, to) {
  const [near, far] = [from, to].map((board) => [middle(board) - 0.48 * board.width, middle(board) + 0.48 * board.width]);
  const [left, right] = [Math.max(near[0], far[0]), Math.min(near[1], far[1])];
  const narrow = from.width < to.width ? from : to;
  const shared = left <= right ? Math.min(right, Math.max(left, middle(narrow))) : null;
  return [edgePoint(from, shared ?? middle(from), 'upper'), edgePoint(to, shared ?? middle(to), 'lower')];
}

/** A point of a board's upper or lower edge as the screen shows it: boards that lie are left and entered at the back. @param {Board} board @param {number} x @param {'upper'|'lower'} edge @returns {Point} */
function edgePoint(board, x, edge) {
  const isBack = edge === 'upper' || board.projection === '3d';
  return toWorld(board, x - middle(board), isBack ? -board.depth / 2 : board.depth / 2);
}

/** @param {Board} board @param {number} a @param {number} b */
function covers(board, a, b) {
  return middle(board) - board.width / 2 < Math.max(a, b) && middle(board) + board.width / 2 > Math.min(a, b);
}

/** @param {Rooms} rooms */
function gutterOf(rooms) {
  const all = [...rooms.keys()].sort((a, b) => a - b).map((key) => /** @type {{left: number, right: number}} */ (rooms.get(key)));
  const gaps = all.slice(1).map(({ left }, i) => left - all[i].right);
  return gaps.length > 0 ? Math.min(...gaps) : 0.15 * (all[0].right - all[0].left);
}

/** @param {Point} start @param {Point} end @returns {Point[]} */
function curve(start, end) {
  return sampled((t) => {
    const eased = t * t * (3 - 2 * t);
    return [start[0] + eased * (end[0] - start[0]), start[1] + t * (end[1] - start[1]), start[2] + t * (end[2] - start[2])];
  });
}

/** Round the right side of the boards in between. @param {Board} from @param {Board} to @param {number} edge @param {number} gutter @returns {Point[]} */
function bow(from, to, edge, gutter) {
  const [start, end] = [toWorld(from, from.width / 2, 0), toWorld(to, to.width / 2, 0)];
  const out = edge + REACH * gutter;
  return sampled((t) => {
    const bulge = 1 - (2 * t - 1) ** 6;
    const [x, y, z] = [0, 1, 2].map((axis) => start[axis] + t * (end[axis] - start[axis]));
    return [x + bulge * (out - x), y, z];
  });
}

/** Up and round into the bottom of the next column. @param {Board} from @param {Board} to @param {Rooms} rooms @returns {Point[]} */
function turn(from, to, rooms) {
  const [start, end] = [edgePoint(from, middle(from), 'upper'), edgePoint(to, middle(to), 'lower')];
  const gutter = gutterOf(rooms);
  const step = REACH * 0.4 * gutter;
  const x = (rooms.get(to.column ?? 0)?.left ?? 0) - 0.5 * gutter;
  return rounded([
    start, [start[0], start[1] + step, start[2]], [x, start[1] + step, start[2]],
    [x, end[1] - step, end[2]], [end[0], end[1] - step, end[2]], end,
  ], step);
}

/** The same way with its corners cut. @param {Point[]} points @param {number} radius @returns {Point[]} */
function rounded(points, radius) {
  return points.flatMap((point, i) => {
    if (i === 0 || i === points.length - 1) return [point];
    return [toward(point, points[i - 1], radius), toward(point, points[i + 1], radius)];
  });
}

/** @param {Point} from @param {Point} to @param {number} most @returns {Point} */
function toward(from, to, most) {
  const way = [0, 1, 2].map((axis) => to[axis] - from[axis]);
  const share = Math.min(0.5, most / (Math.hypot(...way) || 1));
  return [from[0] + share * way[0], from[1] + share * way[1], from[2] + share * way[2]];
}

/** @param {(t: number) => Point} at @returns {Point[]} */
function sampled(at) {
  return Array.from({ length: PIECES + 1 }, (_, i) => at(i / PIECES));
}
