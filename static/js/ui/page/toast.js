/** Short notes at the edge of the page, read out politely; an error stays a little longer. */
import { h } from '../dom.js';

const SHOWN_FOR = { note: 3000, error: 7000 };

/** @param {HTMLElement} host @returns {(text: string, kind?: 'note'|'error') => void} */
export function createToasts(host) {
  return (text, kind = 'note') => {
    if ([...host.children].some((toast) => toast.textContent === text)) return;
    const toast = h('p', { class: `toast toast-${kind}` }, text);
    host.append(toast);
    setTimeout(() => toast.remove(), SHOWN_FOR[kind]);
  };
}
