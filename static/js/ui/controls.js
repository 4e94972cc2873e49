/** Small controls that several widgets share: icon button, segmented choice, switch, menu item. */
import { h, uid } from './dom.js';
import { icon } from './icons.js';

/**
 * A button that shows an icon, its name for screen readers and as a tooltip.
 * @param {import('./icons.js').IconName} name
 * @param {string} label
 * @param {(event: MouseEvent) => void} [click]
 * @param {import('./dom.js').Props} [props]
 */
export function iconButton(name, label, click = () => {}, props = {}) {
  return h('button', { class: 'tool', type: 'button', 'aria-label': label, title: label, ...props, on: { click } }, icon(name));
}

/**
 * One choice of a few, all visible: radio buttons that look like a segmented control.
 * @template {string} V
 * @param {string} legend
 * @param {{value: V, label: string, title?: string}[]} options
 * @param {(value: V) => void} change
 * @returns {{element: HTMLElement, show: (value: V) => void}}
 */
export function segmented(legend, options, change) {
  const name = uid('segment');
  const inputs = options.map(({ value }) => h('input', { type: 'radio', name, value, class: 'segment-input', on: { change: () => change(value) } }));
  const labels = options.map(({ label, title }, i) => h('label', { class: 'segment', title }, inputs[i], h('span', {}, label)));
  const element = h('div', { class: 'segmented', role: 'radiogroup', 'aria-label': legend }, ...labels);
  return { element, show: (value) => inputs.forEach((input) => { input.checked = input.value === value; }) };
}

/**
 * @param {string} label
 * @param {(on: boolean) => void} change
 * @returns {{element: HTMLElement, show: (on: boolean) => void}}
 */
export function toggle(label, change) {
  const input = h('input', { type: 'checkbox', role: 'switch', class: 'switch-input', on: { change: () => change(input.checked) } });
  const element = h('label', { class: 'switch' }, input, h('span', { class: 'switch-track' }), h('span', {}, label));
  return { element, show: (on) => { input.checked = on; } };
}

/**
 * A button that stays pressed.
 * @param {import('./icons.js').IconName} name
 * @param {string} label
 * @param {string} title
 * @param {(on: boolean) => void} change
 */
export function pressButton(name, label, title, change) {
  const element = h('button', {
    class: 'tool tool-text', type: 'button', 'aria-pressed': 'false', title,
    on: { click: () => { if (element.getAttribute('aria-disabled') !== 'true') change(element.getAttribute('aria-pressed') !== 'true'); } },
  }, icon(name), h('span', {}, label));
  return { element, show: (/** @type {boolean} */ on) => element.setAttribute('aria-pressed', String(on)) };
}

/**
 * A native select with a visible short name before it.
 * @template {string} V
 * @param {string} label
 * @param {{value: V, label: string}[]} options
 * @param {(value: V) => void} change
 */
export function select(label, options, change) {
  const input = h('select', { class: 'select', on: { change: () => change(/** @type {V} */ (input.value)) } },
    ...options.map((option) => h('option', { value: option.value }, option.label)));
  const element = h('label', { class: 'select-field', title: label }, h('span', { class: 'select-label' }, label), input);
  return { element, show: (/** @type {V} */ value) => { input.value = value; } };
}

/** An entry of a menu panel. @param {string} label @param {() => void} click @param {import('./icons.js').IconName} [name] */
export function menuItem(label, click, name) {
  return h('button', { class: 'menu-item', type: 'button', on: { click } }, name && icon(name), h('span', {}, label));
}
