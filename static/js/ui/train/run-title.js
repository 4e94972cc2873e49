/** The name of a training; a click makes it a field. */
import { iconButton } from '../controls.js';
import { h } from '../dom.js';

/** @param {import('../../views.js').ViewContext} ctx @param {(title: string) => void} rename */
export function createRunTitle({ t }, rename) {
  const words = h('h2', { class: 'run-title' });
  const input = h('input', { class: 'field-input run-name', type: 'text', maxlength: 120, 'aria-label': t('train.rename'), hidden: true, on: { blur: () => leave(true), keydown: press } });
  const pencil = iconButton('pencil', t('train.rename'), edit);
  const element = h('div', { class: 'run-titles' }, words, input, pencil);

  function edit() {
    input.value = words.textContent ?? '';
    showField(true);
    input.select();
  }
  /** @param {boolean} take */
  function leave(take) {
    if (input.hidden) return;
    const text = input.value.trim();
    showField(false);
    if (take && text && text !== words.textContent) {
      words.textContent = text;
      rename(text);
    }
  }
  /** @param {KeyboardEvent} event */
  function press(event) {
    if (event.key !== 'Enter' && event.key !== 'Escape') return;
    event.preventDefault();
    event.stopPropagation();
    leave(event.key === 'Enter');
    pencil.focus();
  }
  /** @param {boolean} on */
  function showField(on) {
    input.hidden = !on;
    words.hidden = on;
    pencil.hidden = on;
  }
  return { element, show: (/** @type {string} */ title) => { if (input.hidden) words.textContent = title; pencil.hidden = !title || !input.hidden; } };
}
