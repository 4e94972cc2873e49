/** The maps as one picture, with their numbers and what the colours mean. */
import { colourOf, paint } from '../../core/numbers/colormap.js';
import { short } from '../../core/numbers/format.js';
import { planGrid } from '../../core/maps/grid.js';
import { hasMaps } from './sides.js';

/**
 * @typedef {import('../../core/types.js').State} State
 * @typedef {import('../../core/types.js').Range} Range
 * @typedef {import('../../core/types.js').Palette} Palette
 * @typedef {import('./sides.js').FeatureSide} FeatureSide
 */

const WIDTH = 1600;
const MARGIN = 24;
const FOOT = 56;

/** A canvas with a map, a pixel a value. @param {FeatureSide} side @param {number} map @param {Range} range @param {Palette} palette */
function mapCanvas({ tensor: { shape: [, rows = 1, columns = 1], data } }, map, range, palette) {
  const canvas = new OffscreenCanvas(columns, rows);
  const image = new ImageData(columns, rows);
  paint(data.subarray(map * rows * columns, (map + 1) * rows * columns), range, palette, image.data);
  canvas.getContext('2d')?.putImageData(image, 0, 0);
  return canvas;
}

/** @param {OffscreenCanvasRenderingContext2D} context @param {Range} range @param {Palette} palette @param {{label: string, text: string, lang: string, y: number}} look */
function drawLegend(context, range, palette, { label, text, lang, y }) {
  for (let x = 0; x < 240; x++) {
    context.fillStyle = `rgb(${colourOf(range.lo + ((range.hi - range.lo) * x) / 239, range, palette).join(' ')})`;
    context.fillRect(MARGIN + x, y, 1, 10);
  }
  context.fillStyle = text;
  context.fillText(label, MARGIN + 264, y + 10);
  context.fillText(short(range.lo, lang), MARGIN, y + 28);
  context.textAlign = 'right';
  context.fillText(short(range.hi, lang), MARGIN + 240, y + 28);
  context.textAlign = 'left';
}

/**
 * @param {State} state @param {FeatureSide|null} side
 * @param {{order: number[], rangeOf: (map: number|null) => Range, label: string}} look  Maps that are shown, in their order.
 * @returns {Promise<Blob>}
 */
export async function layerPng({ palette, lang, scale }, side, { order, rangeOf, label }) {
  if (!side || !palette) throw new Error('There are no maps yet.');
  const [, rows = 1, columns = 1] = side.tensor.shape;
  const maps = hasMaps(side) ? order : [...side.stats.min.keys()];
  const plan = planGrid(maps.length, WIDTH - 2 * MARGIN, maps.length === 1 ? 896 : Math.max(hasMaps(side) ? 64 : 12, Math.sqrt((WIDTH * WIDTH) / maps.length) - 24), rows / columns);
  const canvas = new OffscreenCanvas(WIDTH, plan.total + 2 * MARGIN + FOOT);
  const context = /** @type {OffscreenCanvasRenderingContext2D} */ (canvas.getContext('2d'));
  const style = getComputedStyle(document.documentElement);
  const text = style.getPropertyValue('--text');
  context.fillStyle = style.getPropertyValue('--bg');
  context.fillRect(0, 0, canvas.width, canvas.height);
  context.imageSmoothingEnabled = columns > plan.width;
  context.font = '12px system-ui, sans-serif';
  maps.forEach((map, at) => {
    const [x, y] = [MARGIN + (at % plan.columns) * plan.across, MARGIN + Math.floor(at / plan.columns) * plan.down];
    context.drawImage(mapCanvas(side, map, rangeOf(map), palette), x, y, plan.width, plan.height);
    context.fillStyle = text;
    if (plan.width > 24) context.fillText(String(map), x, y + plan.height + 13);
  });
  drawLegend(context, rangeOf(scale === 'map' ? maps[0] ?? null : null), palette, { label, text, lang, y: canvas.height - FOOT });
  return canvas.convertToBlob({ type: 'image/png' });
}
