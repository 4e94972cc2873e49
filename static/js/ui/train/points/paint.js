/** Painting values into a canvas of its own size; CSS stretches it. */
import { paint } from '../../../core/numbers/colormap.js';

/**
 * @param {HTMLCanvasElement} canvas @param {Float32Array} values  size × size.
 * @param {import('../../../core/types.js').Range} range @param {import('../../../core/types.js').Palette} palette
 */
export function paintSquare(canvas, values, range, palette) {
  const size = Math.round(Math.sqrt(values.length));
  if (canvas.width !== size) canvas.width = canvas.height = size;
  const context = canvas.getContext('2d');
  if (!context) return;
  const image = context.createImageData(size, size);
  paint(values, range, palette, image.data);
  context.putImageData(image, 0, 0);
}
