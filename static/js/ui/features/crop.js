/** Parts of the picture that the network sees. */

/** Pictures up to this wide are shown pixel by pixel. */
export const PIXELATED = 64;

/**
 * Puts a part of the seen picture on a canvas of the part's own size.
 * @param {HTMLCanvasElement} canvas @param {HTMLCanvasElement} seen @param {import('../../core/unit/field.js').Box} box
 */
export function drawCrop(canvas, seen, { top, left, bottom, right }) {
  const [height, width] = [bottom - top, right - left];
  Object.assign(canvas, { width, height });
  canvas.getContext('2d')?.drawImage(seen, left, top, width, height, 0, 0, width, height);
  canvas.classList.toggle('is-pixelated', Math.max(height, width) <= PIXELATED);
}
