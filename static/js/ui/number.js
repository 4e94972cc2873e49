/** Numbers on the page: three significant digits to read, all digits in the tooltip on hover and focus. */
import { fullNumber, signedShort } from '../core/unit/text.js';
import { short } from '../core/numbers/format.js';
import { h } from './dom.js';

/**
 * @param {number} value
 * @param {string} lang
 * @param {{signed?: boolean, text?: string, focusable?: boolean}} [options]  `text` replaces the short form.
 */
export function numberElement(value, lang, { signed = false, text, focusable = false } = {}) {
  const shown = text ?? (signed ? signedShort(value, lang) : short(value, lang));
  return h('data', { class: 'num', value, data: { full: fullNumber(value) }, tabindex: focusable ? 0 : null }, shown);
}

/** Writes a value into an element that numberElement made. @param {HTMLElement} node @param {number} value @param {string} text */
export function setNumber(node, value, text) {
  if (node.textContent !== text) node.textContent = text;
  node.dataset.full = fullNumber(value);
  node.setAttribute('value', String(value));
}
