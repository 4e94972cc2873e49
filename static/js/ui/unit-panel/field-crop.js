/** What a unit of a photograph network sees: the photograph as the network got it with the unit's receptive field, and that part enlarged. */
import { receptiveField } from '../../core/unit/field.js';
import { inputPixels } from '../../core/input/photo-pixels.js';
import { h } from '../dom.js';

/**
 * @typedef {import('../../core/types.js').Context} Context
 * @typedef {import('../../core/types.js').Tensor} Tensor
 * @typedef {import('../../core/unit/view.js').UnitView} UnitView
 */

/** Fields up to this wide are shown pixel by pixel. */
const PIXELATED = 64;

/** @param {Context} ctx */
export function createFieldCrop(ctx) {
  const whole = h('canvas', { class: 'field-photo', width: 1, height: 1 });
  const part = h('canvas', { class: 'field-part', width: 1, height: 1 });
  const box = h('div', { class: 'receptive-box' });
  const [title, caption] = [h('h3', {}), h('figcaption', {})];
  const picture = h('div', { class: 'field-whole', role: 'img' }, whole, box);
  const element = h('section', { class: 'field' }, title, h('div', { class: 'field-row' }, h('figure', {}, picture, caption), part));
  /** @type {Tensor|null} */
  let drawn = null;

  /** @param {Tensor} tensor @param {UnitView} view */
  function draw(tensor, { model }) {
    if (tensor === drawn) return;
    drawn = tensor;
    const [, height, width] = tensor.shape;
    Object.assign(whole, { width, height });
    whole.getContext('2d')?.putImageData(new ImageData(inputPixels(tensor.data, model.input), width, height), 0, 0);
  }

  /** @param {UnitView} view */
  function update(view) {
    const { model, frame, unit, form } = view;
    const tensor = frame.tensors.get(model.stages[0].output);
    element.hidden = !tensor || tensor.shape[0] !== 3;
    if (!tensor || element.hidden) return;
    draw(tensor, view);
    const field = receptiveField(model, unit);
    const [height, width] = [field.bottom - field.top, field.right - field.left];
    frameBox(box, field, tensor.shape);
    Object.assign(part, { width, height });
    part.getContext('2d')?.drawImage(whole, field.left, field.top, width, height, 0, 0, width, height);
    part.classList.toggle('is-pixelated', Math.max(height, width) <= PIXELATED);
    title.textContent = ctx.t('panel.field');
    caption.textContent = form === 'input' ? '' : ctx.t('panel.sees', { height, width });
    picture.setAttribute('aria-label', ctx.t('panel.sees.label', { ...field, height, width }));
  }

  return { element, update };
}

/** @param {HTMLElement} box @param {import('../../core/unit/field.js').Box} field @param {number[]} shape */
function frameBox(box, { top, left, bottom, right }, [, height, width]) {
  box.style.top = `${(100 * top) / height}%`;
  box.style.left = `${(100 * left) / width}%`;
  box.style.height = `${(100 * (bottom - top)) / height}%`;
  box.style.width = `${(100 * (right - left)) / width}%`;
}
