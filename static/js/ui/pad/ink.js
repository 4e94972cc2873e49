/**
 * The drawing as layers of ink: exact 28×28 bytes at the bottom (a sample, a restored URL, a photograph), strokes above,
 * on a canvas twenty times as fine. `bytes()` reduces it by area averaging; cells that no stroke touched keep their exact byte.
 */
import { areaAverage, enlarge, SIDE } from '../../core/input/image.js';

export const CELL = 20;
const WIDTH = SIDE * CELL;

/**
 * @typedef {{x: number, y: number, width: number}} Point  In cells, 0…28.
 * @typedef {{tool: 'pencil'|'eraser', points: Point[]}} Stroke
 */

/** @param {number} width */
function canvasContext(width) {
  const canvas = document.createElement('canvas');
  canvas.width = canvas.height = width;
  const context = canvas.getContext('2d', { willReadFrequently: true });
  if (!context) throw new Error('This browser gives no canvas.');
  return context;
}

/** The cells from point `a` to `b` may touch, as a rectangle of whole cells. @param {Point} a @param {Point} b */
function touchedCells(a, b) {
  const reach = Math.max(a.width, b.width) / 2 + 1;
  const clip = (/** @type {number} */ value) => Math.max(0, Math.min(SIDE, value));
  return {
    left: clip(Math.floor(Math.min(a.x, b.x) - reach)), right: clip(Math.ceil(Math.max(a.x, b.x) + reach)),
    top: clip(Math.floor(Math.min(a.y, b.y) - reach)), bottom: clip(Math.ceil(Math.max(a.y, b.y) + reach)),
  };
}

/** One drawing: its exact base, its strokes, and both as pixels. */
export class Ink {
  #context = canvasContext(WIDTH);
  /** @type {Uint8Array} */ #base = new Uint8Array(SIDE * SIDE);
  /** @type {Uint8Array} */ #baseReduced = new Uint8Array(SIDE * SIDE);
  /** @type {Uint8Array} */ #bytes = new Uint8Array(SIDE * SIDE);

  /** The strokes as a canvas, ink in the alpha channel. */
  get canvas() {
    return this.#context.canvas;
  }

  /** 28×28, white ink on black; a copy. */
  bytes() {
    return this.#bytes.slice();
  }

  /** Starts from exact bytes. @param {Uint8Array} bytes */
  load(bytes) {
    this.#base = bytes.slice();
    this.#bytes = bytes.slice();
    this.#context.putImageData(new ImageData(enlarge(bytes, CELL), WIDTH, WIDTH), 0, 0);
    this.#baseReduced = areaAverage(this.#context.getImageData(0, 0, WIDTH, WIDTH).data, SIDE, SIDE, CELL);
  }

  /** Draws the newest piece of a stroke: a smooth curve through the middles of its last points. @param {Stroke} stroke */
  extend(stroke) {
    const points = stroke.points.slice(-3);
    const [a, b, c] = points.length === 3 ? points : [points[0], points[0], points[points.length - 1]];
    const context = this.#context;
    context.globalCompositeOperation = stroke.tool === 'eraser' ? 'destination-out' : 'source-over';
    context.lineCap = context.lineJoin = 'round';
    context.lineWidth = c.width * CELL;
    context.beginPath();
    context.moveTo(((a.x + b.x) / 2) * CELL, ((a.y + b.y) / 2) * CELL);
    context.quadraticCurveTo(b.x * CELL, b.y * CELL, ((b.x + c.x) / 2) * CELL, ((b.y + c.y) / 2) * CELL);
    context.lineTo(c.x * CELL, c.y * CELL);
    context.stroke();
    this.#reduce(touchedCells(a, b));
    this.#reduce(touchedCells(b, c));
  }

  /** @param {{left: number, right: number, top: number, bottom: number}} cells */
  #reduce({ left, right, top, bottom }) {
    const [columns, rows] = [right - left, bottom - top];
    if (columns <= 0 || rows <= 0) return;
    const pixels = this.#context.getImageData(left * CELL, top * CELL, columns * CELL, rows * CELL);
    const means = areaAverage(pixels.data, columns, rows, CELL);
    means.forEach((mean, i) => {
      const at = (top + Math.floor(i / columns)) * SIDE + left + (i % columns);
      this.#bytes[at] = mean === this.#baseReduced[at] ? this.#base[at] : mean;
    });
  }
}
