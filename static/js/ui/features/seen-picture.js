/**
 * What the network sees, as a canvas of the input's own size: the server's picture of a pass, or the drawing.
 *
 * @typedef {import('../../core/types.js').Model} Model
 * @typedef {import('../../core/types.js').Tensor} Tensor
 */
import { h } from '../dom.js';

/** @param {() => void} onArrival  Another picture stands on the canvas. */
export function createSeenPicture(onArrival) {
  const canvas = h('canvas', { width: 1, height: 1 });
  /** @type {unknown} What stands there, or is on its way. */
  let shown = null;
  let ready = false;
  let shownTheme = '';

  /** @param {Model} model */
  function resize({ input: { shape } }) {
    Object.assign(canvas, { height: shape[1], width: shape[2] });
    return /** @type {CanvasRenderingContext2D} */ (canvas.getContext('2d'));
  }

  return {
    canvas,
    isReady: () => ready,
    /** @param {Model} model @param {string} url */
    showPass(model, url) {
      if (shown === url) return;
      shown = url;
      ready = false;
      const image = new Image();
      image.src = url;
      image.decode().then(() => {
        if (shown !== url) return;
        resize(model).drawImage(image, 0, 0, canvas.width, canvas.height);
        ready = true;
        onArrival();
      }, () => {});
    },
    /** A drawing, its ink in the text's colour. @param {Model} model @param {Tensor} tensor @param {'light'|'dark'} theme */
    showDrawing(model, tensor, theme) {
      if (shown === tensor && shownTheme === theme) return;
      shown = tensor;
      shownTheme = theme;
      const context = resize(model);
      const { mean, std } = model.input;
      const image = context.createImageData(canvas.width, canvas.height);
      const ink = theme === 'dark' ? (/** @type {number} */ value) => value : (/** @type {number} */ value) => 255 - value;
      for (let i = 0; i < canvas.width * canvas.height; i++) {
        const grey = ink(255 * (tensor.data[i] * (std[0] ?? 1) + (mean[0] ?? 0)));
        image.data.set([grey, grey, grey, 255], 4 * i);
      }
      context.putImageData(image, 0, 0);
      ready = true;
    },
  };
}
