/** The form's rows: a name, a control, a line of explanation on demand, and what is wrong with it in words. */
import { h, uid } from '../dom.js';

/**
 * @param {string} name @param {HTMLElement} control @param {{about?: string, wide?: boolean}} [options]
 * @returns {{element: HTMLElement, problem: (words: string[]) => void}}
 */
export function row(name, control, { about, wide = false } = {}) {
  const input = control.matches('input, select') ? control : control.querySelector('input, select');
  if (input && !input.id) input.id = uid('train');
  const label = input && !control.matches('.segmented, .choice') ? h('label', { class: 'setup-label', for: input.id }, name) : h('span', { class: 'setup-label' }, name);
  const words = h('p', { class: 'setup-problem', role: 'alert', hidden: true });
  const element = h('div', { class: wide ? 'setup-row is-wide' : 'setup-row' }, label, control, about ? h('p', { class: 'choice-about' }, about) : null, words);
  return {
    element,
    problem(found) {
      words.hidden = found.length === 0;
      words.textContent = found.join(' ');
      input?.setAttribute('aria-invalid', String(found.length > 0));
    },
  };
}

/** A number as one types it in the page's language: 0.004 or 0,004. @param {number} value */
function typed(value) {
  const text = String(value);
  return (1.5).toLocaleString(document.documentElement.lang).includes(',') ? text.replace('.', ',') : text;
}

/** @param {string} text */
function numberOf(text) {
  return Number(text.trim().replace(',', '.').replace('−', '-'));
}

/** A number as text in the reader's way; kept while it is being typed. @param {{least: number, most: number, whole?: boolean, optional?: boolean, placeholder?: string, label?: string}} options @param {(value: number|null) => void} change */
export function numberInput({ least, most, whole = false, optional = false, placeholder = '', label }, change) {
  const input = h('input', { class: 'field-input setup-number', type: 'text', inputmode: whole ? 'numeric' : 'decimal', autocomplete: 'off', placeholder, 'aria-label': label, on: { change: take, keydown: step } });
  let shown = '';

  function take() {
    const value = input.value.trim() === '' ? null : numberOf(input.value);
    if ((value === null && !optional) || (value !== null && !Number.isFinite(value))) { input.value = shown; return; }
    change(value === null ? null : Math.max(least, Math.min(most, whole ? Math.round(value) : value)));
  }
  /** Arrow keys: one up or down, or a fifth where numbers are small. @param {KeyboardEvent} event */
  function step(event) {
    const way = { ArrowUp: 1, ArrowDown: -1 }[event.key];
    const value = numberOf(input.value);
    if (!way || !Number.isFinite(value)) return;
    event.preventDefault();
    const next = whole ? value + way : Number((value * (way > 0 ? 1.25 : 0.8)).toPrecision(2));
    input.value = typed(Math.max(least, Math.min(most, next)));
    take();
  }
  return {
    element: input,
    /** @param {number|null|undefined} value */
    show(value) {
      shown = value === null || value === undefined ? '' : typed(value);
      if (document.activeElement !== input || numberOf(input.value) === value) input.value = shown;
    },
  };
}

/** A slider with its value beside it. @param {{least: number, most: number, step: number, label: string, format: (value: number) => string}} options @param {(value: number) => void} change */
export function slider({ least, most, step, label, format }, change) {
  const input = h('input', { class: 'range', type: 'range', min: least, max: most, step, 'aria-label': label, on: { input: () => { tell(Number(input.value)); change(Number(input.value)); } } });
  const value = h('output', { class: 'setup-value' });
  const tell = (/** @type {number} */ number) => { value.textContent = format(number); input.setAttribute('aria-valuetext', format(number)); };
  return {
    element: h('span', { class: 'setup-slider' }, input, value),
    /** @param {number} number */
    show(number) { input.value = String(number); tell(number); },
  };
}

/** A part of the form that is opened by a click; its heading says what it holds now. @param {string} id @param {string} title @param {HTMLElement[]} content */
export function part(id, title, content) {
  const says = h('span', { class: 'setup-says' });
  const mark = h('span', { class: 'setup-mark', hidden: true });
  const element = h('details', { class: 'setup-part', data: { part: id } },
    h('summary', {}, h('span', { class: 'setup-name' }, title), says, mark), h('div', { class: 'setup-body' }, ...content));
  return {
    element,
    /** @param {string} text @param {string} [problem]  Not empty: something in it cannot be. */
    say(text, problem = '') {
      says.textContent = text;
      mark.hidden = !problem;
      mark.textContent = problem;
    },
  };
}
