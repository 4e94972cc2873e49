/** One of several choices behind a button: each with its name and a line of explanation. */
import { h } from '../dom.js';
import { icon } from '../icons.js';
import { attachPopover } from '../popover.js';

/**
 * @template {string} V
 * @param {string} label
 * @param {{value: V, label: string, about: string}[]} options
 * @param {(value: V) => void} change
 * @returns {{element: HTMLElement, show: (value: V, disabled?: V[]) => void}}
 */
export function createChoice(label, options, change) {
  const name = h('span', { class: 'choice-name' });
  const button = h('button', { class: 'tool choice-button', type: 'button' }, h('span', { class: 'visually-hidden' }, `${label}: `), name, icon('chevron'));
  const list = h('div', { class: 'choice-list' });
  const popover = attachPopover(button, () => [list], { class: 'choice-popover', label });
  const entries = options.map(({ value, label: title, about }) => h('button', {
    class: 'choice-entry', type: 'button', data: { value }, on: { click: () => { popover.close(); change(value); } },
  }, h('span', { class: 'choice-entry-name' }, title), h('span', { class: 'choice-about' }, about)));
  list.append(...entries);
  list.addEventListener('keydown', (event) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (!step) return;
    event.preventDefault();
    const open = entries.filter((entry) => !entry.disabled);
    open[(open.indexOf(/** @type {HTMLButtonElement} */ (document.activeElement)) + step + open.length) % open.length].focus();
  });
  const element = h('span', { class: 'has-popover choice' }, button, popover.panel);

  return {
    element,
    show(value, disabled = []) {
      const chosen = options.find((option) => option.value === value);
      name.textContent = chosen?.label ?? '';
      button.title = `${label}: ${chosen?.about ?? ''}`;
      entries.forEach((entry, i) => {
        entry.setAttribute('aria-pressed', String(options[i].value === value));
        entry.disabled = disabled.includes(options[i].value);
      });
    },
  };
}
