/**
 * How it is made: objective, second unit of a pair, method, fast or fine; and behind a button what rarely matters.
 *
 * @typedef {import('../../core/types.js').Store} Store
 * @typedef {import('../../views.js').ViewContext} ViewContext
 * @typedef {import('../../core/maximize/control.js').MaximizeControl} Control
 * @typedef {import('../../core/maximize/request.js').Choice} Choice
 */
import { METHODS, OBJECTIVES, otherOf, PRESETS, takesPair } from '../../core/maximize/request.js';
import { segmented } from '../controls.js';
import { h } from '../dom.js';
import { createAdvanced } from './advanced.js';
import { createChoice } from './choice.js';
import { createUnitPicker } from './unit-picker.js';

/** @param {Store} store @param {ViewContext} ctx @param {Control} control */
export function createChoices(store, ctx, control) {
  const { t } = ctx;
  const described = (/** @type {string} */ space, /** @type {readonly string[]} */ values) => values.map((value) => ({ value, label: t(`${space}.${value}`), about: t(`${space}.${value}.about`) }));
  const objective = createChoice(t('maximize.objective'), described('maximize.objective', OBJECTIVES), (value) => control.choose({ objective: /** @type {Choice['objective']} */ (value) }));
  const method = createChoice(t('maximize.method'), described('maximize.method', METHODS), (value) => control.choose({ method: /** @type {Choice['method']} */ (value) }));
  const preset = segmented(t('maximize.preset'), PRESETS.map((value) => ({ value, label: t(`maximize.preset.${value}`), title: t(`maximize.preset.${value}.about`) })), (value) => control.choose({ preset: value }));
  const other = createUnitPicker(ctx, t('maximize.other'), (channel) => control.choose({ other: channel }));
  const pair = h('span', { class: 'maximize-pair' }, h('span', {}, t('maximize.with')), other.element);
  const advanced = createAdvanced(store, ctx, control);
  const element = h('div', { class: 'maximize-choices' }, objective.element, pair, method.element, preset.element, h('span', { class: 'spacer' }), advanced.element);

  function update() {
    const { model, maximize, lang } = store.get();
    const subject = control.subject();
    if (!model || !subject) return;
    objective.show(maximize.objective);
    method.show(maximize.method);
    preset.show(maximize.preset);
    pair.hidden = !takesPair(maximize);
    other.update(model, subject, otherOf(maximize, subject), lang);
    advanced.update();
  }

  return { element, update };
}

