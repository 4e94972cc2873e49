/**
 * Kernels side by side on one canvas, a cell a weight: in colour where they are over a colour image, else diverging about
 * zero. A weight under the pointer tells its value.
 *
 * @typedef {import('../../core/types.js').Palette} Palette
 * @typedef {{index: number, row: number, column: number}} Place  Of a weight: which kernel, and where in it.
 * @typedef {object} Sheet
 * @property {number} count
 * @property {number} height  Of a kernel, in weights.
 * @property {number} width
 * @property {number} cell    CSS pixels a weight.
 * @property {number} gap     CSS pixels between kernels.
 * @property {number} columns Kernels a row.
 */
import { h } from '../dom.js';

/**
 * @param {object} events
 * @param {(place: Place) => string} events.tell
 * @param {(place: Place) => void} [events.pick]
 * @param {string} [events.name]
 */
export function createKernelSheet({ tell, pick, name = '' }) {
  const canvas = h('canvas', { class: `kernel-sheet ${name}`.trim(), role: 'img' });
  const pen = /** @type {CanvasRenderingContext2D} */ (canvas.getContext('2d'));
  /** @type {Sheet|null} */
  let sheet = null;

  /** @param {MouseEvent} event @returns {Place|null} */
  function placeOf(event) {
    if (!sheet) return null;
    const area = canvas.getBoundingClientRect();
    const scale = area.width / sizeOf(sheet).width;
    const [stepX, stepY] = [sheet.width * sheet.cell + sheet.gap, sheet.height * sheet.cell + sheet.gap];
    const [x, y] = [(event.clientX - area.left) / scale, (event.clientY - area.top) / scale];
    const [across, down] = [Math.floor(x / stepX), Math.floor(y / stepY)];
    const [column, row] = [Math.floor((x - across * stepX) / sheet.cell), Math.floor((y - down * stepY) / sheet.cell)];
    const index = down * sheet.columns + across;
    const isInside = across < sheet.columns && index < sheet.count && column < sheet.width && row < sheet.height && row >= 0 && column >= 0;
    return isInside ? { index, row, column } : null;
  }

  canvas.addEventListener('pointermove', (event) => {
    const place = placeOf(event);
    if (place) canvas.dataset.tip = tell(place);
    else delete canvas.dataset.tip;
  });
  if (pick) {
    canvas.classList.add('is-picked');
    canvas.addEventListener('click', (event) => { const place = placeOf(event); if (place) pick(place); });
  }

  /**
   * @param {Sheet} next
   * @param {(index: number) => Uint8ClampedArray<ArrayBuffer>} pixelsOf  height·width pixels of a kernel.
   */
  function draw(next, pixelsOf) {
    sheet = next;
    const { width, height } = sizeOf(next);
    const density = Math.max(1, Math.round(devicePixelRatio));
    canvas.width = width * density;
    canvas.height = height * density;
    canvas.style.aspectRatio = `${width} / ${height}`;
    canvas.style.width = `${width}px`;
    const stamp = new OffscreenCanvas(next.width, next.height);
    const ink = /** @type {OffscreenCanvasRenderingContext2D} */ (stamp.getContext('2d'));
    pen.imageSmoothingEnabled = false;
    pen.scale(density, density);
    for (let i = 0; i < next.count; i++) {
      ink.putImageData(new ImageData(pixelsOf(i), next.width, next.height), 0, 0);
      const [across, down] = [i % next.columns, Math.floor(i / next.columns)];
      pen.drawImage(stamp, across * (next.width * next.cell + next.gap), down * (next.height * next.cell + next.gap), next.width * next.cell, next.height * next.cell);
    }
  }

  return { element: canvas, draw };
}

/** CSS pixels of a whole sheet. @param {Sheet} sheet */
function sizeOf({ count, height, width, cell, gap, columns }) {
  const rows = Math.ceil(count / columns);
  return { width: columns * (width * cell + gap) - gap, height: Math.max(1, rows * (height * cell + gap) - gap) };
}
