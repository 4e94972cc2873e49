/** The exported picture: the scene with its legend and what it shows written below. */
import { colourOf } from '../../core/numbers/colormap.js';
import { percent, short } from '../../core/numbers/format.js';
import { subject } from '../legend.js';

/**
 * @typedef {import('../../core/types.js').State} State
 * @typedef {import('../../core/types.js').Translate} Translate
 * @typedef {OffscreenCanvasRenderingContext2D} Pen
 */

const DENSITY = 2;
const STRIP = 56;
const EDGE = 16;
const BAR = { width: 168, height: 8 };

/** @param {Pen} pen @param {string} text @param {number} x @param {number} y @param {{colour: string, align?: CanvasTextAlign, bold?: boolean}} look */
function write(pen, text, x, y, { colour, align = 'left', bold = false }) {
  const { fontFamily } = getComputedStyle(document.body);
  pen.font = `${bold ? 600 : 400} 12px ${fontFamily}`;
  pen.fillStyle = colour;
  pen.textAlign = align;
  pen.fillText(text, x, y);
}

/** The gradient with its range and scale. @param {Pen} pen @param {State} state @param {Translate} t @param {{text: string, muted: string}} ink */
function drawLegend(pen, state, t, { text, muted }) {
  const shown = subject(state);
  if (!shown || !state.palette) return;
  const { lo, hi } = shown.range;
  for (let x = 0; x < BAR.width; x++) {
    pen.fillStyle = `rgb(${colourOf(lo + ((hi - lo) * x) / (BAR.width - 1), shown.range, state.palette).join(' ')})`;
    pen.fillRect(EDGE + x, 24, 1, BAR.height);
  }
  const end = EDGE + BAR.width;
  write(pen, shown.name, EDGE, 18, { colour: text });
  write(pen, short(lo, state.lang), EDGE, 46, { colour: muted });
  write(pen, short(hi, state.lang), end, 46, { colour: muted, align: 'right' });
  write(pen, `${t('legend.scale')}: ${t(`legend.scale.${state.scale}`)}`, end + EDGE, 32, { colour: muted });
}

/** Which network said what. @param {State} state @param {Translate} t */
function title({ model, frame, lang }, t) {
  const [best] = frame?.prediction.top ?? [];
  const random = model?.weights.source === 'random' && t('weights.random.label');
  return [model?.title, random, best && `${best.label}, ${t('bars.first', { share: percent(best.probability, lang) })}`].filter(Boolean).join(' · ');
}

/**
 * @param {Blob} scene  A PNG at twice the density of CSS pixels.
 * @param {State} state
 * @param {Translate} t
 */
export async function withLegend(scene, state, t) {
  const bitmap = await createImageBitmap(scene);
  const canvas = new OffscreenCanvas(bitmap.width, bitmap.height + STRIP * DENSITY);
  const pen = /** @type {Pen} */ (canvas.getContext('2d'));
  const colour = (/** @type {string} */ name) => getComputedStyle(document.documentElement).getPropertyValue(name);
  pen.fillStyle = colour('--bg');
  pen.fillRect(0, 0, canvas.width, canvas.height);
  pen.drawImage(bitmap, 0, 0);
  pen.scale(DENSITY, DENSITY);
  pen.translate(0, bitmap.height / DENSITY);
  drawLegend(pen, state, t, { text: colour('--text'), muted: colour('--muted') });
  const right = bitmap.width / DENSITY - EDGE;
  write(pen, title(state, t), right, 22, { colour: colour('--text'), align: 'right', bold: true });
  write(pen, 'ConvScope', right, 42, { colour: colour('--muted'), align: 'right' });
  bitmap.close();
  return canvas.convertToBlob({ type: 'image/png' });
}
