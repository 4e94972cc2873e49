/**
 * Where the names of a large network's stages stand: above the boards, as many as there is room for. Which come first:
 * the stage that is looked at, the two ends, then the ends of blocks, then the largest boards on the screen.
 *
 * @typedef {import('../core/layout/boards.js').Point} Point
 * @typedef {import('./network.js').Network} Network
 * @typedef {import('./network.js').Part} Part
 * @typedef {import('./labels.js').Label} Label
 * @typedef {import('./labels.js').Project} Project
 * @typedef {{left: number, top: number, right: number, bottom: number}} Rect
 */
import { corners } from '../core/layout/boards.js';

const HEIGHT = 15;
/** Between two names, in pixels. */
const APART = 6;
/** A name may be so much wider than its board. */
const WIDER = 1.08;
/** Boards lower than this on the screen have no name; the end of a block, where its paths meet, keeps it longer. */
const LOWEST = { block: 11, other: 26 };

/**
 * Place the names; one that finds little is without its shape, or is that of its block; one that finds none is not shown.
 * @param {Map<string, Label>} labels @param {Network} network @param {Project} project @param {{width: number, height: number}} size
 * @param {string|null} chosen  The stage that is looked at.
 */
export function placeAbove(labels, network, project, size, chosen) {
  const last = network.model.stages[network.model.stages.length - 1].id;
  const first = network.model.stages[0].id;
  const rank = (/** @type {string} */ id) => (id === chosen ? 4 : id === first || id === last ? 3 : network.blockEnds.has(id) ? 2 : 1);
  const seen = [...labels].map(([id, label]) => ({ id, label, rank: rank(id), ...outlineOf(network.part(id), network.flatness, project) }));
  /** @type {Rect[]} */
  const taken = [];
  seen.sort((a, b) => b.rank - a.rank || b.width - a.width);
  for (const each of seen) {
    const inSight = network.part(each.id).mesh.visible && each.visible && each.bottom > 0 && each.left < size.width && each.right > 0 && each.top < size.height;
    each.label.shown = inSight && (each.rank > 2 || each.height > (each.rank > 1 ? LOWEST.block : LOWEST.other)) && room(each, taken, size);
  }
}

/** A board on the screen. @param {Part} part @param {number} flatness @param {Project} project */
function outlineOf({ deep, flat }, flatness, project) {
  const inPlane = corners(flat);
  const points = corners(deep).map((corner, i) => project(/** @type {Point} */ (corner.map((value, axis) => value + flatness * (inPlane[i][axis] - value)))));
  const [xs, ys] = [points.map(({ x }) => x), points.map(({ y }) => y)];
  const [left, right, top, bottom] = [Math.min(...xs), Math.max(...xs), Math.min(...ys), Math.max(...ys)];
  return { left, right, top, bottom, width: Math.abs(points[1].x - points[0].x), height: bottom - top, anchor: points[0], visible: points.some((point) => point.visible) };
}

/** Take room for the name with its shape, for the name alone, or for its block's. @param {{label: Label, anchor: {x: number, y: number}, width: number, right: number, rank: number}} each @param {Rect[]} taken @param {{width: number, height: number}} size */
function room({ label, anchor, width, rank, right }, taken, size) {
  const x = Math.max(8, anchor.x);
  const y = Math.min(size.height - 2, Math.max(HEIGHT + 2, anchor.y - 2));
  for (const form of /** @type {const} */ (['full', 'name', 'short'])) {
    const wide = label.widths[form];
    const from = rank > 2 ? Math.min(x, size.width - wide - 8) : x;
    const rect = { left: from, top: y - HEIGHT, right: from + wide, bottom: y };
    if ((rank < 3 && (wide > WIDER * width || rect.right > Math.max(right, size.width))) || taken.some((other) => touches(rect, other))) continue;
    taken.push(rect);
    [label.x, label.y] = [from, y];
    show(label, form);
    return true;
  }
  return false;
}

/** @param {Label} label @param {'full'|'name'|'short'} form */
function show({ element, text, short }, form) {
  const name = /** @type {HTMLElement} */ (element.firstElementChild);
  const words = form === 'short' && short ? short : text;
  if (name.textContent !== words) name.textContent = words;
  element.classList.toggle('is-brief', form !== 'full');
}

/** @param {Rect} a @param {Rect} b */
function touches(a, b) {
  return a.left < b.right + APART && b.left < a.right + APART && a.top < b.bottom && b.top < a.bottom;
}
