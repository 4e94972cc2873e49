/**
 * A small picture of numbers, one cell a term of the sum. Cells answer to pointer and click;
 * zero padding is hatched; cells of small windows carry their numbers.
 *
 * @typedef {import('../../core/unit/patch.js').Picture} Picture
 * @typedef {import('../../core/types.js').Range} Range
 * @typedef {import('../../core/types.js').Palette} Palette
 *
 * @typedef {object} PatchData
 * @property {Picture} picture
 * @property {(term: number) => number} valueOf
 * @property {Range} range
 * @property {Palette} palette
 * @property {(value: number) => string} format
 */
import { paint } from '../../core/numbers/colormap.js';
import { GAP } from '../../core/unit/patch.js';
import { h } from '../dom.js';

/** Windows up to this wide show their numbers; in smaller cells they would not fit. */
const NUMBERED = 2;
/** CSS pixels that three windows beside their sum, or three pictures alone, have each. */
const WIDTH = { window: 72, alone: 96 };
/** Maps this wide stand alone. */
const ALONE = 20;

/** CSS pixels of a cell. @param {Picture} picture */
function cellSize({ channel, width }) {
  const room = channel !== null && width < ALONE ? WIDTH.window : WIDTH.alone;
  return Math.max(1, Math.floor(room / width));
}

/** CSS pixels of a picture from top to bottom. @param {Picture} picture */
export function pictureHeight(picture) {
  return cellSize(picture) * picture.height;
}

/**
 * @param {{onHover: (term: number) => void, onPick: (term: number) => void}} events  A term's index, -1 for none.
 */
export function createPatchGrid({ onHover, onPick }) {
  const canvas = h('canvas', { class: 'patch-cells' });
  const numbers = h('div', { class: 'patch-numbers', 'aria-hidden': 'true' });
  const mark = h('div', { class: 'patch-mark', hidden: true });
  const root = h('div', { class: 'patch', role: 'img' }, canvas, numbers, mark);
  const context = /** @type {CanvasRenderingContext2D} */ (canvas.getContext('2d'));
  /** @type {Picture|null} */
  let picture = null;
  /** @type {ImageData|null} */
  let image = null;
  let flat = new Float32Array(0);

  /** @param {MouseEvent} event */
  function termAt(event) {
    if (!picture) return -1;
    const area = canvas.getBoundingClientRect();
    const column = Math.floor(((event.clientX - area.left) / area.width) * picture.width);
    const row = Math.floor(((event.clientY - area.top) / area.height) * picture.height);
    const inside = column >= 0 && column < picture.width && row >= 0 && row < picture.height;
    return inside ? Math.max(-1, picture.cells[row * picture.width + column]) : -1;
  }

  root.addEventListener('pointermove', (event) => onHover(termAt(event)));
  root.addEventListener('pointerleave', () => onHover(-1));
  root.addEventListener('click', (event) => {
    const term = termAt(event);
    if (term >= 0) onPick(term);
  });

  /** @param {Picture} next */
  function resize(next) {
    picture = next;
    canvas.width = next.width;
    canvas.height = next.height;
    image = context.createImageData(next.width, next.height);
    flat = new Float32Array(next.cells.length);
    root.style.width = `${cellSize(next) * next.width}px`;
    root.classList.toggle('has-gaps', next.cells.includes(GAP));
    root.style.setProperty('--columns', String(next.width));
    root.style.setProperty('--rows', String(next.height));
    const hasNumbers = next.width <= NUMBERED && next.height <= NUMBERED;
    numbers.replaceChildren(...(hasNumbers ? Array.from(next.cells, () => h('span')) : []));
  }

  /** @param {PatchData} data */
  function update({ picture: next, valueOf, range, palette, format }) {
    if (next !== picture || !image) resize(next);
    const pixels = /** @type {ImageData} */ (image);
    next.cells.forEach((term, i) => { flat[i] = term < 0 ? 0 : valueOf(term); });
    paint(flat, range, palette, pixels.data);
    next.cells.forEach((term, i) => { if (term < 0) pixels.data[i * 4 + 3] = 0; });
    context.putImageData(pixels, 0, 0);
    label(next, pixels.data, format);
  }

  /** @param {Picture} from @param {Uint8ClampedArray} rgba @param {(value: number) => string} format */
  function label({ cells }, rgba, format) {
    Array.from(numbers.children).forEach((span, i) => {
      span.textContent = cells[i] < 0 ? '' : format(flat[i]);
      const luminance = 0.299 * rgba[i * 4] + 0.587 * rgba[i * 4 + 1] + 0.114 * rgba[i * 4 + 2];
      span.classList.toggle('on-light', luminance > 128);
    });
  }

  /** Frames the cell of a term; -1 for none. @param {number} term */
  function highlight(term) {
    const at = picture && term >= 0 ? picture.cells.indexOf(term) : -1;
    mark.hidden = at < 0;
    if (!picture || at < 0) return;
    mark.style.setProperty('--column', String(at % picture.width));
    mark.style.setProperty('--row', String(Math.floor(at / picture.width)));
  }

  return { element: root, update, highlight };
}
