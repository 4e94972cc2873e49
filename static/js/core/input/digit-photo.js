/** A photograph or scan of a digit, read as a drawing: 28×28 bytes, white ink (255) on black (0), row by row. */
import { FULL, SIDE } from './image.js';

/** Luminance 0…255 of RGBA over white paper. @param {Uint8ClampedArray} rgba */
function luminance(rgba) {
  const out = new Float32Array(rgba.length / 4);
  for (let i = 0; i < out.length; i++) {
    const [r, g, b, a] = rgba.subarray(i * 4, i * 4 + 4);
    out[i] = FULL + ((0.299 * r + 0.587 * g + 0.114 * b - FULL) * a) / FULL;
  }
  return out;
}

/** The brightness of the paper: the median along the border. @param {Float32Array} grey @param {number} width @param {number} height */
function paperOf(grey, width, height) {
  const border = [];
  for (let x = 0; x < width; x++) border.push(grey[x], grey[(height - 1) * width + x]);
  for (let y = 0; y < height; y++) border.push(grey[y * width], grey[y * width + width - 1]);
  return border.sort((a, b) => a - b)[border.length >> 1];
}

/** Ink 0…255 of a picture, whichever of ink and paper is the darker. @param {Float32Array} grey @param {number} width @param {number} height */
function inkOf(grey, width, height) {
  const paper = paperOf(grey, width, height);
  const strongest = grey.reduce((most, value) => Math.max(most, Math.abs(value - paper)), 0);
  if (strongest < 16) return new Float32Array(grey.length);
  return grey.map((value) => Math.max(0, Math.min(FULL, (Math.abs(value - paper) / strongest - 0.15) * 1.25 * FULL)));
}

/** Smallest box around what is inked, or null. @param {Float32Array} ink @param {number} width @param {number} height */
function inkBox(ink, width, height) {
  let [top, left, bottom, right] = [height, width, 0, 0];
  for (let i = 0; i < ink.length; i++) {
    if (ink[i] < FULL / 3) continue;
    const y = Math.floor(i / width);
    const x = i % width;
    [top, left, bottom, right] = [Math.min(top, y), Math.min(left, x), Math.max(bottom, y + 1), Math.max(right, x + 1)];
  }
  return bottom > 0 ? { top, left, height: bottom - top, width: right - left } : null;
}

/** Mean of a rectangle of a picture, parts of pixels counted as parts. @param {Float32Array} from @param {number} width @param {number} height @param {number[]} box  top, left, bottom, right */
function meanOf(from, width, height, [top, left, bottom, right]) {
  let sum = 0;
  for (let y = Math.max(0, Math.floor(top)); y < Math.min(height, bottom); y++) {
    for (let x = Math.max(0, Math.floor(left)); x < Math.min(width, right); x++) {
      const share = (Math.min(y + 1, bottom) - Math.max(y, top)) * (Math.min(x + 1, right) - Math.max(x, left));
      sum += share * from[y * width + x];
    }
  }
  return sum / ((bottom - top) * (right - left));
}

/**
 * A photograph or scan of one digit as a drawing: grey, ink white, cropped, the longer side 20 pixels, in the middle.
 * A picture that is 28×28 with dark paper already is a drawing and stays as it is.
 * @param {Uint8ClampedArray} rgba @param {number} width @param {number} height
 * @returns {Uint8Array|null}  Null if there is no ink.
 */
export function fromPicture(rgba, width, height) {
  const grey = luminance(rgba);
  if (width === SIDE && height === SIDE && paperOf(grey, width, height) < 64) return Uint8Array.from(grey, Math.round);
  const ink = inkOf(grey, width, height);
  const box = inkBox(ink, width, height);
  if (!box) return null;
  const step = Math.max(box.width, box.height) / 20;
  const top = box.top + box.height / 2 - (SIDE / 2) * step;
  const left = box.left + box.width / 2 - (SIDE / 2) * step;
  return Uint8Array.from({ length: SIDE * SIDE }, (_, i) => {
    const y = top + Math.floor(i / SIDE) * step;
    const x = left + (i % SIDE) * step;
    return Math.round(meanOf(ink, width, height, [y, x, y + step, x + step]));
  });
}
