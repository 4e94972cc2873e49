/** A button with a small panel that it opens: menus, explanations. Escape and a click elsewhere close it (Popover API). */
import { h, uid } from './dom.js';

const GAP = 6;

/** Puts `panel` under (or, without room, above) `anchor`, inside the window. @param {HTMLElement} panel @param {HTMLElement} anchor */
function place(panel, anchor) {
  const at = anchor.getBoundingClientRect();
  const { offsetWidth: width, offsetHeight: height } = panel;
  const below = at.bottom + GAP;
  const top = below + height > innerHeight - GAP && at.top - GAP - height > 0 ? at.top - GAP - height : below;
  panel.style.left = `${Math.max(GAP, Math.min(at.left, innerWidth - width - GAP))}px`;
  panel.style.top = `${top}px`;
}

/**
 * @param {HTMLButtonElement} button  Gets aria-expanded and opens the panel.
 * @param {HTMLElement|(() => Node[])} content  An element, or a function asked at every opening.
 * @param {{class?: string, label?: string}} [options]
 * @returns {{panel: HTMLElement, close: () => void}}
 */
export function attachPopover(button, content, { class: name = '', label } = {}) {
  const panel = h('div', { class: `popover ${name}`, popover: 'auto', id: uid('popover'), role: label ? 'group' : null, 'aria-label': label });
  if (content instanceof HTMLElement) panel.append(content);
  button.popoverTargetElement = panel;
  button.setAttribute('aria-expanded', 'false');
  panel.addEventListener('beforetoggle', (event) => {
    if (/** @type {ToggleEvent} */ (event).newState === 'open' && typeof content === 'function') panel.replaceChildren(...content());
  });
  panel.addEventListener('toggle', (event) => {
    const open = /** @type {ToggleEvent} */ (event).newState === 'open';
    button.setAttribute('aria-expanded', String(open));
    if (!open) return;
    place(panel, button);
    panel.querySelector(/** @type {'input'} */ ('input:checked, input, button, a'))?.focus();
  });
  button.after(panel);
  return { panel, close: () => panel.hidePopover() };
}

/**
 * A button and its panel in one element.
 * @param {HTMLButtonElement} button
 * @param {HTMLElement|(() => Node[])} content
 * @param {{class?: string, label?: string}} [options]
 */
export function withPopover(button, content, options) {
  const element = h('span', { class: 'has-popover' }, button);
  return { element, ...attachPopover(button, content, options) };
}

/** A term of the field with its one-line explanation on demand. @param {string} word @param {string} meaning */
export function term(word, meaning) {
  const button = h('button', { class: 'term', type: 'button' }, word);
  return withPopover(button, h('p', { class: 'term-meaning' }, meaning)).element;
}
