/** The input as the network got it, with the box of pixels that a unit sees. */
import { stageRange } from '../../core/numbers/colormap.js';
import { receptiveField } from '../../core/unit/field.js';
import { createPlane } from '../plane.js';
import { h } from '../dom.js';

/**
 * @typedef {import('../../core/types.js').Context} Context
 * @typedef {import('../../core/types.js').Palette} Palette
 * @typedef {import('../../core/unit/view.js').UnitView} UnitView
 */

/** @param {Context} ctx */
export function createReceptive(ctx) {
  const plane = createPlane();
  const box = h('div', { class: 'receptive-box' });
  const caption = h('figcaption', {});
  const element = h('figure', { class: 'receptive' }, h('div', { class: 'receptive-image', role: 'img' }, plane.canvas, box), caption);

  /** @param {UnitView} view @param {Palette} palette */
  function update({ model, frame, unit }, palette) {
    const stage = model.stages[0];
    const tensor = frame.tensors.get(stage.output);
    if (!tensor) return;
    const [, height, width] = stage.shape;
    plane.draw(tensor.data, 0, height, width, stageRange(model, stage, tensor, null, 'fixed'), palette);
    const field = receptiveField(model, unit);
    box.style.top = `${(100 * field.top) / height}%`;
    box.style.left = `${(100 * field.left) / width}%`;
    box.style.height = `${(100 * (field.bottom - field.top)) / height}%`;
    box.style.width = `${(100 * (field.right - field.left)) / width}%`;
    const size = { height: field.bottom - field.top, width: field.right - field.left };
    caption.textContent = unit.stage === stage.id ? '' : ctx.t('panel.sees', size);
    element.firstElementChild?.setAttribute('aria-label', ctx.t('panel.sees.label', { ...field, ...size }));
  }

  return { element, update };
}
