/**
 * One map (or strip) as a plane that answers to pointer and arrow keys, with the hovered and the pinned cell framed.
 *
 * @typedef {import('../core/types.js').Range} Range
 * @typedef {import('../core/types.js').Palette} Palette
 * @typedef {{row: number, column: number}} Cell
 */
import { h } from './dom.js';
import { createPlane } from './plane.js';

/**
 * @param {{onHover: (cell: Cell|null) => void, onPick?: (cell: Cell) => void}} events  With onPick it takes the keys, too.
 */
export function createMapView({ onHover, onPick }) {
  const plane = createPlane();
  const marks = { hover: h('span', { class: 'map-mark', hidden: true }), pinned: h('span', { class: 'map-mark map-pinned', hidden: true }) };
  const element = h('div', { class: 'map-view', tabindex: onPick ? 0 : null, role: onPick ? 'group' : null }, plane.canvas, marks.pinned, marks.hover);
  let size = { height: 1, width: 1, cell: 0 };
  /** @type {Cell|null} */
  let cursor = null;

  /** @param {MouseEvent} event @returns {Cell|null} */
  function cellAt(event) {
    const area = plane.canvas.getBoundingClientRect();
    const row = Math.floor(((event.clientY - area.top) / area.height) * size.height);
    const column = Math.floor(((event.clientX - area.left) / area.width) * size.width);
    return row >= 0 && row < size.height && column >= 0 && column < size.width ? { row, column } : null;
  }

  element.addEventListener('pointermove', (event) => onHover(cursor = cellAt(event)));
  element.addEventListener('pointerleave', () => onHover(cursor = null));
  if (onPick) {
    element.addEventListener('click', (event) => { const cell = cellAt(event); if (cell) onPick(cell); });
    element.addEventListener('keydown', (event) => walk(event, onPick));
    element.addEventListener('blur', () => onHover(cursor = null));
  }

  /** @param {KeyboardEvent} event @param {(cell: Cell) => void} pick */
  function walk(event, pick) {
    const step = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] }[event.key];
    if (event.key === 'Enter' && cursor) pick(cursor);
    if (!step) return;
    event.preventDefault();
    const clip = (/** @type {number} */ value, /** @type {number} */ limit) => Math.min(limit - 1, Math.max(0, value));
    cursor = cursor ? { row: clip(cursor.row + step[0], size.height), column: clip(cursor.column + step[1], size.width) } : { row: 0, column: 0 };
    onHover(cursor);
  }

  /** @param {Float32Array} data @param {number} start @param {{height: number, width: number, cell: number}} plan @param {Range} range @param {Palette} palette */
  function draw(data, start, plan, range, palette) {
    if (plan.height !== size.height || plan.width !== size.width || plan.cell !== size.cell) {
      size = plan;
      element.style.width = `${plan.width * plan.cell}px`;
      element.style.height = `${plan.height * plan.cell}px`;
      element.style.setProperty('--columns', String(plan.width));
      element.style.setProperty('--rows', String(plan.height));
    }
    plane.draw(data, start, plan.height, plan.width, range, palette);
  }

  /** Frames a cell; null for none. @param {'hover'|'pinned'} kind @param {Cell|null} cell */
  function mark(kind, cell) {
    marks[kind].hidden = cell === null;
    if (!cell) return;
    marks[kind].style.setProperty('--row', String(cell.row));
    marks[kind].style.setProperty('--column', String(cell.column));
  }

  return { element, draw, mark };
}
