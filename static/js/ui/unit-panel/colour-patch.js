/** The patch of the photograph that a unit of the first layer reads, in its colours, beside the kernel in its colours. */
import { magnitude } from '../../core/unit/arithmetic.js';
import { short } from '../../core/numbers/format.js';
import { colourOrder, inputPixels, kernelPixels } from '../../core/input/photo-pixels.js';
import { h } from '../dom.js';

/**
 * @typedef {import('../../core/types.js').Context} Context
 * @typedef {import('../../core/unit/view.js').UnitView} UnitView
 */

/** @param {Context} ctx */
export function createColourPatch(ctx) {
  const patch = h('canvas', { class: 'colour-cells', role: 'img', width: 1, height: 1 });
  const kernel = h('canvas', { class: 'colour-cells', role: 'img', width: 1, height: 1 });
  const note = h('small', {});
  const element = h('section', { class: 'colour-patch', hidden: true }, h('h3', {}, ctx.t('panel.colour')),
    h('div', { class: 'colour-row' },
      h('figure', {}, patch, h('figcaption', {}, ctx.t('panel.colour.patch'))), h('span', { class: 'picture-sign' }, '×'),
      h('figure', {}, kernel, h('figcaption', {}, ctx.t('panel.kernel'), note))));

  /** @param {UnitView} view @param {string} lang */
  function update(view, lang) {
    const { model, terms, layout: { kind, pictures } } = view;
    const order = colourOrder(model.input);
    element.hidden = order === null || kind !== 'windows' || pictures.length !== 3 || pictures[0].stage !== model.stages[0].id;
    if (element.hidden || !order) return;
    const { width, height } = pictures[0];
    const planes = (/** @type {'input'|'weight'} */ key) => Float32Array.from(pictures.flatMap(({ cells }) => [...cells]), (term) => (term < 0 ? NaN : terms[term][key]));
    const weights = planes('weight').map((value) => (Number.isNaN(value) ? 0 : value));
    const limit = magnitude(weights);
    paint(patch, width, height, inputPixels(planes('input'), model.input), pictures[0].cells);
    paint(kernel, width, height, kernelPixels(weights, 0, width * height, limit, order), pictures[0].cells);
    note.textContent = ` ±${short(limit, lang)}`;
    patch.setAttribute('aria-label', ctx.t('panel.colour.patch'));
    kernel.setAttribute('aria-label', ctx.t('panel.kernel'));
  }

  return { element, update };
}

/** Cells in the padding stay clear. @param {HTMLCanvasElement} canvas @param {number} width @param {number} height @param {Uint8ClampedArray<ArrayBuffer>} rgba @param {Int32Array} cells */
function paint(canvas, width, height, rgba, cells) {
  Object.assign(canvas, { width, height });
  cells.forEach((term, i) => { if (term < 0) rgba[4 * i + 3] = 0; });
  canvas.getContext('2d')?.putImageData(new ImageData(rgba, width, height), 0, 0);
}
