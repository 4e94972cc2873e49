/** The top of the unit page: which unit, what kind of layer, the way to its neighbours and to other layers. */
import { shape } from '../../core/numbers/format.js';
import { nameOf, nodeOf } from '../../core/networks/graph.js';
import { layerTitle } from '../../core/unit/address.js';
import { createCodeButton } from '../code-snippets.js';
import { h } from '../dom.js';
import { icon } from '../icons.js';
import { createLayerPicker } from '../features/layer-picker.js';
import { createUnitPicker } from '../maximize/unit-picker.js';
import { kindOf } from '../unit-panel/head.js';

/**
 * @typedef {import('../../core/unit/address.js').Subject} Subject
 * @param {import('../../core/types.js').Store} store @param {import('../../views.js').ViewContext} ctx
 * @param {{chooseStage: (stage: string) => void, chooseLayer: (layer: string) => void, chooseChannel: (channel: number) => void, maximize: () => void,
 *   question: () => import('../../core/snippets.js').Question|null}} events
 */
export function createUnitHead(store, ctx, events) {
  const { t } = ctx;
  const [layer, unit] = [h('span', { class: 'unit-layer' }), h('span', { class: 'unit-channel' })];
  const title = h('h2', { class: 'unit-title', tabindex: -1, 'aria-live': 'polite' }, layer, ' ', unit);
  const kicker = h('p', { class: 'unit-kicker' });
  const layers = createLayerPicker(ctx, events.chooseStage, events.chooseLayer);
  const units = createUnitPicker(ctx, t('unit.unit'), events.chooseChannel);
  const maximize = h('button', { class: 'tool tool-text', type: 'button', title: t('unit.maximize.about'), on: { click: events.maximize } }, icon('trace'), h('span', {}, t('view.maximize')));
  const code = createCodeButton(store, ctx, events.question);
  const element = h('header', { class: 'unit-head' }, kicker, title, h('div', { class: 'unit-tools' }, layers.element, units.element, maximize, code.element));

  /** @param {Subject} subject @param {string} lang */
  function update(subject, lang) {
    const { model, stage, channel, shape: [channels, height, width], label } = subject;
    const [name, number] = [layerTitle(subject), label ?? String(channel)];
    if (layer.textContent !== name) layer.textContent = name;
    if (unit.textContent !== number) unit.textContent = number;
    title.classList.toggle('is-class', label !== null);
    kicker.textContent = [model.title, kindOf({ model, stage, layer: nodeOf(model, stage.id).layer }, ctx), shape(subject.layer.output_shape)].join(' · ');
    layers.update(model, stage, subject.layer.id);
    units.update(model, { stage, layer: subject.layer.id, channel, y: 0, x: 0, channels, isMap: height * width > 1, isClass: label !== null }, channel, lang);
    units.element.title = nameOf(stage);
  }

  return { element, update, step: units.step, focus: () => title.focus({ preventScroll: true }) };
}
