/**
 * One map, large, over the picture that the network sees; a cell shows its value and the part of the picture that it sees.
 *
 * @typedef {import('../../core/types.js').Range} Range
 * @typedef {import('../../core/types.js').Palette} Palette
 * @typedef {import('../../core/types.js').Model} Model
 * @typedef {import('../../core/types.js').Layer} Layer
 * @typedef {import('../../core/unit/field.js').Box} Box
 * @typedef {{y: number, x: number}} Cell
 */
import { cellField } from '../../core/unit/field.js';
import { mapArea } from '../../core/maps/field.js';
import { h } from '../dom.js';
import { createPlane } from '../plane.js';
import { PIXELATED } from './crop.js';

/** @param {HTMLElement} node @param {{top: number, left: number, height: number, width: number}} part  Shares of the parent. */
export function placeShare(node, { top, left, height, width }) {
  Object.assign(node.style, { top: `${100 * top}%`, left: `${100 * left}%`, height: `${100 * height}%`, width: `${100 * width}%` });
}

/** A box of pixels as shares of the picture. @param {Box} box @param {Model} model */
export function shareOf({ top, left, bottom, right }, { input: { shape: [, rows, columns] } }) {
  return { top: top / rows, left: left / columns, height: (bottom - top) / rows, width: (right - left) / columns };
}

/**
 * @typedef {object} MapContent
 * @property {Model} model
 * @property {Layer} layer
 * @property {number} map
 * @property {Float32Array} data      Of the whole layer, or of this map alone where `alone`.
 * @property {boolean} [alone]
 * @property {Range} range
 * @property {Palette} palette
 * @property {HTMLCanvasElement|null} seen
 * @property {number} opacity         0…1.
 * @property {boolean} smooth
 * @property {string} label
 */

/** @param {{onHover: (cell: Cell|null) => void, onPick: (cell: Cell) => void}} events */
export function createMapPicture({ onHover, onPick }) {
  const base = h('canvas', { class: 'map-base', width: 1, height: 1 });
  const plane = createPlane('map-plane');
  const [field, hoverMark, pinMark] = ['map-field', 'map-cell', 'map-cell map-cell-pinned'].map((name) => h('span', { class: name, hidden: true }));
  const element = h('div', { class: 'map-picture', tabindex: 0, role: 'group' }, base, plane.canvas, field, pinMark, hoverMark);
  /** @type {MapContent|null} */
  let content = null;
  /** @type {Cell|null} */
  let cursor = null;
  let size = [1, 1];

  /** @param {MouseEvent} event @returns {Cell|null} */
  function cellAt(event) {
    const area = plane.canvas.getBoundingClientRect();
    const y = Math.floor(((event.clientY - area.top) / area.height) * size[0]);
    const x = Math.floor(((event.clientX - area.left) / area.width) * size[1]);
    return y >= 0 && y < size[0] && x >= 0 && x < size[1] ? { y, x } : null;
  }

  /** @param {Cell|null} cell */
  function hover(cell) {
    cursor = cell;
    onHover(cell);
  }

  /** @param {KeyboardEvent} event */
  function walk(event) {
    const step = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] }[event.key];
    if (event.key === 'Enter' && cursor) { event.preventDefault(); onPick(cursor); }
    if (!step) return;
    event.preventDefault();
    const clip = (/** @type {number} */ value, /** @type {number} */ limit) => Math.min(limit - 1, Math.max(0, value));
    hover(cursor ? { y: clip(cursor.y + step[0], size[0]), x: clip(cursor.x + step[1], size[1]) } : { y: size[0] >> 1, x: size[1] >> 1 });
  }

  element.addEventListener('pointermove', (event) => hover(cellAt(event)));
  element.addEventListener('pointerleave', () => hover(null));
  element.addEventListener('blur', () => { if (cursor) hover(null); });
  element.addEventListener('click', (event) => { const cell = cellAt(event); if (cell) onPick(cell); });
  element.addEventListener('keydown', walk);

  /** @param {MapContent} next */
  function update(next) {
    content = next;
    const { model, layer, map, data, alone, range, palette, seen, opacity, smooth, label } = next;
    const [, rows = 1, columns = 1] = layer.output_shape;
    size = [rows, columns];
    const [, height, width] = model.input.shape;
    element.style.setProperty('--ratio', String(width / height));
    element.setAttribute('aria-label', label);
    base.hidden = seen === null;
    if (seen) {
      Object.assign(base, { width: seen.width, height: seen.height });
      base.getContext('2d')?.drawImage(seen, 0, 0);
      base.classList.toggle('is-pixelated', seen.width <= PIXELATED);
    }
    plane.draw(data, alone ? 0 : map * rows * columns, rows, columns, range, palette);
    plane.canvas.classList.toggle('is-smooth', smooth);
    // From the picture alone over both (where the map is zero, the picture stays as it is) to the map alone.
    plane.canvas.style.opacity = String(seen ? Math.min(1, 2 * opacity) : 1);
    base.style.opacity = String(Math.min(1, 2 * (1 - opacity)));
    placeShare(plane.canvas, mapArea(model, layer));
  }

  /** Frames the cell that is hovered, and the pinned one with what it sees. @param {Cell|null} hovered @param {Cell|null} pinned */
  function mark(hovered, pinned) {
    markCell(hoverMark, hovered);
    markCell(pinMark, pinned);
    const cell = hovered ?? pinned;
    field.hidden = cell === null;
    if (cell && content) placeShare(field, shareOf(cellField(content.model, content.layer, cell.y, cell.x), content.model));
  }

  /** @param {HTMLElement} node @param {Cell|null} cell */
  function markCell(node, cell) {
    node.hidden = cell === null;
    if (!cell || !content) return;
    const area = mapArea(content.model, content.layer);
    const [height, width] = [area.height / size[0], area.width / size[1]];
    placeShare(node, { top: area.top + cell.y * height, left: area.left + cell.x * width, height, width });
  }

  return { element, update, mark };
}
