/**
 * The top of the panel: which unit, what kind of layer, its value, and the pixels it sees.
 *
 * @typedef {import('../../core/types.js').Store} Store
 * @typedef {import('../../core/types.js').Context} Context
 * @typedef {import('../../core/types.js').Palette} Palette
 * @typedef {import('../../core/unit/view.js').UnitView} UnitView
 */
import { nameOf } from '../../core/networks/graph.js';
import { shape, short } from '../../core/numbers/format.js';
import { isLarge } from '../../core/session.js';
import { isSpatial, unitAddress } from '../../core/unit/text.js';
import { operation } from './arithmetic.js';
import { iconButton } from '../controls.js';
import { h } from '../dom.js';
import { setNumber } from '../number.js';
import { createReceptive } from './receptive.js';

/** @param {Store} store @param {Context} ctx */
export function createPanelHead(store, ctx) {
  const title = h('h2', { tabindex: -1, 'aria-live': 'polite' });
  const kind = h('p', { class: 'panel-kind' });
  const value = h('data', { class: 'panel-value num', tabindex: 0 });
  const address = h('p', { class: 'panel-address' });
  const receptive = createReceptive(ctx);
  const close = iconButton('close', ctx.t('panel.close'), () => store.set({ pinned: null }), { class: 'tool panel-close' });
  const element = h('header', { class: 'panel-head' },
    h('div', { class: 'panel-title' }, title, kind, value, address), receptive.element, close);

  /** @param {UnitView} view @param {Palette} palette @param {string} lang */
  function update(view, palette, lang) {
    const { stage, unit, output, exact, model } = view;
    const place = placeOf(view);
    if (title.textContent !== nameOf(stage) + place) title.replaceChildren(h('span', {}, nameOf(stage)), h('small', {}, place));
    kind.textContent = `${kindOf(view, ctx)} · ${shape(stage.shape)}`;
    setNumber(value, output, (exact ? '' : '≈ ') + short(output, lang));
    value.classList.toggle('is-negative', output < 0);
    address.textContent = unitAddress(model, unit);
    receptive.element.hidden = isLarge(model);
    if (!isLarge(model)) receptive.update(view, palette);
  }

  /** @param {UnitView} view */
  function placeOf({ stage, unit, isOutput, model }) {
    if (isOutput) return ctx.t('panel.place.class', { label: model.classes[unit.channel] ?? unit.channel });
    if (stage.inputs.length === 0 && stage.shape[0] === 3) return ctx.t('panel.place.colour', { colour: ctx.t(`colour.${model.input.channels[unit.channel] ?? ''}`), y: unit.y, x: unit.x });
    if (!isSpatial(stage.shape)) return ctx.t('panel.place.unit', { channel: unit.channel });
    return ctx.t(stage.shape[0] === 1 ? 'panel.place.pixel' : 'panel.place.map', { channel: unit.channel, y: unit.y, x: unit.x });
  }

  return { element, update, focus: () => title.focus({ preventScroll: true }) };
}

/** "Convolution 5 × 5 → ReLU". @param {Pick<UnitView, 'layer'|'stage'|'model'>} view @param {Pick<Context, 't'>} ctx */
export function kindOf({ layer, stage, model }, { t }) {
  const size = layer.kernel_size ? ` ${shape(layer.kernel_size)}` : '';
  const later = stage.layers.filter((id) => id !== layer.id).map((id) => model.layers.find((other) => other.id === id)?.type ?? '');
  const steps = later.filter((type) => type !== 'Dropout' && type !== 'Flatten' && type !== '').map((type) => operation(type, t));
  return [layer.role === 'input' ? t('op.input') : operation(layer.type, t) + size, ...steps].join(' → ');
}
