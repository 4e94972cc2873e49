/** Fields of the playground's form: one choice of a list, and a slider, each with its name before it. */
import { h } from '../../dom.js';

/**
 * A native select over numbers or names; a value that is not in the list is added to it.
 * @template {string|number} V
 * @param {string} label @param {readonly V[]} values @param {(value: V) => string} format @param {(value: V) => void} change @param {string} [tip]
 */
export function choiceField(label, values, format, change, tip) {
  const option = (/** @type {V} */ value) => h('option', { value: String(value) }, format(value));
  const input = h('select', { class: 'select', on: { change: () => change(known[input.selectedIndex]) } }, ...values.map(option));
  let known = [...values];
  return {
    element: h('label', { class: 'points-field', data: tip ? { tip } : {} }, h('span', {}, label), input),
    input,
    /** @param {V} value */
    show(value) {
      if (!known.includes(value)) {
        known = [...known, value];
        input.append(option(value));
      }
      input.selectedIndex = known.indexOf(value);
    },
  };
}

/**
 * @param {string} label @param {{min: number, max: number, step: number}} range @param {(value: number) => string} format @param {(value: number) => void} change
 */
export function sliderField(label, range, format, change) {
  const shown = h('output', { class: 'num' });
  const input = h('input', { class: 'range', type: 'range', ...range, on: { input: () => { shown.textContent = format(input.valueAsNumber); }, change: () => change(input.valueAsNumber) } });
  return {
    element: h('label', { class: 'points-field points-slider' }, h('span', {}, label), input, shown),
    input,
    /** @param {number} value */
    show(value) {
      input.value = String(value);
      shown.textContent = format(value);
    },
  };
}

/** @param {string} label @param {{min: number, max: number, step: number}} range @param {(value: number) => void} change @param {string} [tip] */
export function numberField(label, range, change, tip) {
  const input = h('input', { class: 'points-number', type: 'number', ...range, on: { change: () => { if (input.validity.valid && input.value !== '') change(input.valueAsNumber); } } });
  return {
    element: h('label', { class: 'points-field', data: tip ? { tip } : {} }, h('span', {}, label), input),
    input,
    /** @param {number} value */
    show(value) { if (document.activeElement !== input) input.value = String(value); },
  };
}
