/**
 * What rarely matters: steps, size, beginning, number of pictures, transformations, precision, one position of a map.
 *
 * @typedef {import('../../core/types.js').Store} Store
 * @typedef {import('../../views.js').ViewContext} ViewContext
 * @typedef {import('../../core/maximize/control.js').MaximizeControl} Control
 */
import { pictureCount, PRECISIONS, STANDARD } from '../../core/maximize/request.js';
import { segmented, toggle } from '../controls.js';
import { h, uid } from '../dom.js';
import { icon } from '../icons.js';
import { attachPopover } from '../popover.js';

/** The keys that stand here. */
const KEYS = /** @type {const} */ (['steps', 'size', 'seed', 'transforms', 'precision', 'aim', 'count']);
const NUMBERS = /** @type {const} */ ([['steps', 1, 4096], ['size', 8, 512], ['seed', 0, 2 ** 31 - 1], ['count', 2, 16]]);

/** @param {Store} store @param {ViewContext} ctx @param {Control} control */
export function createAdvanced(store, { t }, control) {
  const fields = NUMBERS.map(([key, least, most]) => {
    const input = h('input', { class: 'field-input', type: 'number', min: least, max: most, id: uid('maximize'), inputmode: 'numeric', on: { change: () => {
      const value = Math.round(Number(input.value));
      const isEmpty = input.value === '' || !Number.isFinite(value);
      control.choose({ [key]: isEmpty ? STANDARD[key] : Math.max(least, Math.min(most, value)) });
    } } });
    return { key, input, element: row(t(`maximize.field.${key}`), t(`maximize.field.${key}.about`), input) };
  });
  const transforms = toggle(t('maximize.transforms'), (on) => control.choose({ transforms: on }));
  const precision = segmented(t('maximize.precision'), PRECISIONS.map((value) => ({ value, label: t(`maximize.precision.${value}`) })), (value) => control.choose({ precision: value }));
  const aim = segmented(t('maximize.aim'), /** @type {const} */ (['channel', 'neuron']).map((value) => ({ value, label: t(`maximize.aim.${value}`) })), (value) => control.choose({ aim: value }));
  const aimRow = row(t('maximize.aim'), t('maximize.aim.about'), aim.element);
  const reset = h('button', { class: 'text-button', type: 'button', on: { click: () => control.choose(Object.fromEntries(KEYS.map((key) => [key, STANDARD[key]]))) } }, t('maximize.reset'));
  const panel = h('div', { class: 'advanced' }, ...fields.map(({ element }) => element), row('', t('maximize.transforms.about'), transforms.element),
    row(t('maximize.precision'), t('maximize.precision.about'), precision.element), aimRow, reset);
  const button = h('button', { class: 'tool tool-text', type: 'button', title: t('maximize.advanced.about') }, icon('sliders'), h('span', {}, t('maximize.advanced')));
  const popover = attachPopover(button, panel, { class: 'advanced-popover', label: t('maximize.advanced') });

  return {
    element: h('span', { class: 'has-popover' }, button, popover.panel),
    update() {
      const { maximize } = store.get();
      const subject = control.subject();
      const asked = control.run().answer?.request;
      for (const { key, input, element } of fields) {
        if (document.activeElement !== input) input.value = String(maximize[key] ?? (key === 'count' ? pictureCount(maximize) : ''));
        input.placeholder = String(asked?.[key] ?? t('maximize.auto'));
        element.hidden = key === 'count' && !['diversity', 'interpolation'].includes(maximize.objective);
      }
      transforms.show(maximize.transforms);
      precision.show(maximize.precision);
      aim.show(maximize.aim);
      aimRow.hidden = !subject?.isMap;
      const isChanged = KEYS.some((key) => maximize[key] !== STANDARD[key]);
      button.setAttribute('aria-pressed', String(isChanged));
      reset.hidden = !isChanged;
    },
  };
}

/** @param {string} name @param {string} about @param {HTMLElement} control */
function row(name, about, control) {
  const label = control instanceof HTMLInputElement ? h('label', { for: control.id }, name) : h('span', {}, name);
  return h('div', { class: 'advanced-row' }, name ? label : null, control, h('p', { class: 'choice-about' }, about));
}
