/** Train: a form to begin with, then a network as it learns: its curves, its answers, its moments. */
import { followPresent } from '../core/train/present.js';
import { createFrame } from '../ui/train/frame.js';
import { createTooltip } from '../ui/tooltip.js';

/** @type {import('../views.js').View} */
export const trainView = { id: 'train', mount };

/** The picture of the largest canvas in sight, as a file. @param {HTMLElement} board @returns {Promise<Blob>} */
function exportPng(board) {
  const sheets = /** @type {HTMLCanvasElement[]} */ ([...board.querySelectorAll('.stage-side canvas')]).filter((canvas) => canvas.checkVisibility());
  const largest = sheets.sort((a, b) => b.width * b.height - a.width * a.height)[0];
  return new Promise((resolve, reject) => {
    if (!largest) return reject(new Error('There is no picture to save yet.'));
    largest.toBlob((blob) => (blob ? resolve(blob) : reject(new Error('The picture could not be made.'))), 'image/png');
  });
}

/** @param {HTMLElement} host @param {import('../core/types.js').Store} store @param {import('../views.js').ViewContext} ctx */
function mount(host, store, ctx) {
  const frame = createFrame(store, ctx);
  const present = followPresent(store, ctx);
  const tooltip = createTooltip(store, ctx);
  host.replaceChildren(frame.element, tooltip.element);
  void ctx.training.list();
  return {
    exportPng: () => exportPng(frame.element),
    keys: frame.keys,
    unmount: () => { present.destroy(); frame.destroy(); tooltip.destroy(); },
  };
}
