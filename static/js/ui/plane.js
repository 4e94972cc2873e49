/**
 * A canvas with one texel a value; CSS scales it without smoothing. The fastest way to show a map.
 *
 * @typedef {import('../core/types.js').Range} Range
 * @typedef {import('../core/types.js').Palette} Palette
 */
import { paint } from '../core/numbers/colormap.js';
import { h } from './dom.js';

/** @param {string} [name]  A class beside `plane`. */
export function createPlane(name = '') {
  const canvas = h('canvas', { class: `plane ${name}`.trim(), width: 1, height: 1 });
  const context = /** @type {CanvasRenderingContext2D} */ (canvas.getContext('2d'));
  let image = context.createImageData(1, 1);

  /**
   * Draws height × width values from `start` on.
   * @param {Float32Array} data @param {number} start @param {number} height @param {number} width
   * @param {Range} range @param {Palette} palette
   */
  function draw(data, start, height, width, range, palette) {
    if (image.width !== width || image.height !== height) {
      canvas.width = width;
      canvas.height = height;
      image = context.createImageData(width, height);
    }
    paint(data.subarray(start, start + height * width), range, palette, image.data);
    context.putImageData(image, 0, 0);
  }

  return { canvas, draw };
}
