/** A small picture of a drawing: one canvas pixel a cell, ink in the theme's text colour. */
import { h } from '../dom.js';

/** @param {number} width @param {number} height @param {import('../dom.js').Props} [props] */
export function digitCanvas(width = 28, height = 28, props = {}) {
  return h('canvas', { class: 'digit', width, height, 'aria-hidden': 'true', ...props });
}

/**
 * Shows `ink`, 0 (paper) … 255; the colour is the canvas's own CSS colour.
 * @param {HTMLCanvasElement} canvas @param {ArrayLike<number>} ink
 */
export function showDigit(canvas, ink) {
  const context = canvas.getContext('2d');
  if (!context) return;
  const image = context.createImageData(canvas.width, canvas.height);
  for (let i = 0; i < ink.length; i++) image.data[i * 4 + 3] = ink[i];
  context.putImageData(image, 0, 0);
  context.globalCompositeOperation = 'source-in';
  context.fillStyle = getComputedStyle(canvas).color;
  context.fillRect(0, 0, canvas.width, canvas.height);
  context.globalCompositeOperation = 'source-over';
}
