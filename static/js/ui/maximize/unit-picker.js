/**
 * Which unit: a number with arrows and a board of all channels; a class by its name, with a search.
 *
 * @typedef {import('../../core/types.js').Context} Context
 * @typedef {import('../../core/types.js').Model} Model
 * @typedef {import('../../core/maximize/request.js').Subject} Subject
 */
import { count } from '../../core/numbers/format.js';
import { channelName } from '../../core/maximize/text.js';
import { iconButton } from '../controls.js';
import { h } from '../dom.js';
import { icon } from '../icons.js';
import { attachPopover } from '../popover.js';

/** @param {Context} ctx @param {string} label @param {(channel: number) => void} choose */
export function createUnitPicker({ t }, label, choose) {
  const field = h('input', { class: 'field-input unit-number', type: 'number', min: 0, inputmode: 'numeric', 'aria-label': label, on: { change: take } });
  const name = h('span', { class: 'unit-name' });
  const button = h('button', { class: 'tool unit-button', type: 'button' }, name, icon('chevron'));
  const search = h('input', { class: 'field-input', type: 'search', placeholder: t('maximize.unit.search'), 'aria-label': t('maximize.unit.search'), autocomplete: 'off', on: { input: fill } });
  const board = h('div', { class: 'unit-board' });
  const popover = attachPopover(button, open, { class: 'unit-popover', label: t('maximize.unit.all') });
  const [before, next] = [iconButton('chevron', t('maximize.unit.before'), () => step(-1), { class: 'tool unit-step is-before' }),
    iconButton('chevron', t('maximize.unit.next'), () => step(1), { class: 'tool unit-step is-next' })];
  const element = h('div', { class: 'unit-picker', role: 'group', 'aria-label': label }, before, field, h('span', { class: 'has-popover' }, button, popover.panel), next);
  /** @type {{model: Model, subject: Subject, channel: number, lang: string}|null} */
  let shown = null;

  /** @param {number} by */
  function step(by) {
    if (shown) choose((shown.channel + by + shown.subject.channels) % shown.subject.channels);
  }

  function take() {
    const value = Math.round(Number(field.value));
    if (!shown || field.value === '' || !Number.isFinite(value)) return show();
    choose(Math.max(0, Math.min(shown.subject.channels - 1, value)));
  }

  function open() {
    search.value = '';
    fill();
    return shown?.subject.isClass ? [search, board] : [board];
  }

  function fill() {
    if (!shown) return;
    const { model, subject, channel: present } = shown;
    const words = search.value.trim().toLowerCase();
    const all = Array.from({ length: subject.channels }, (_, channel) => channel);
    const found = subject.isClass ? all.filter((channel) => channelName(model, subject, channel).toLowerCase().includes(words)) : all;
    board.classList.toggle('is-list', subject.isClass && subject.channels > 10);
    board.replaceChildren(...found.map((channel) => h('button', {
      class: 'unit-entry', type: 'button', 'aria-current': channel === present ? 'true' : null, on: { click: () => { popover.close(); choose(channel); } },
    }, channelName(model, subject, channel))), ...(found.length ? [] : [h('p', { class: 'hint' }, t('maximize.unit.none'))]));
  }

  popover.panel.addEventListener('toggle', () => board.querySelector('[aria-current]')?.scrollIntoView({ block: 'center' }));
  search.addEventListener('keydown', (event) => { if (event.key === 'Enter') board.querySelector('button')?.click(); });
  board.addEventListener('keydown', (event) => walk(event, board));

  function show() {
    if (!shown) return;
    const { model, subject, channel, lang } = shown;
    field.hidden = subject.isClass;
    field.max = String(subject.channels - 1);
    if (document.activeElement !== field || field.value === '') field.value = String(channel);
    name.textContent = subject.isClass ? channelName(model, subject, channel) : t('maximize.unit.of', { count: count(subject.channels, lang) });
    button.title = t('maximize.unit.all');
    button.setAttribute('aria-label', subject.isClass ? `${label}: ${name.textContent}` : `${name.textContent} · ${t('maximize.unit.all')}`);
  }

  return {
    element, step,
    /** @param {Model} model @param {Subject} subject @param {number} channel @param {string} lang */
    update(model, subject, channel, lang) {
      const isNew = shown?.channel !== channel || shown.subject.layer !== subject.layer;
      shown = { model, subject, channel, lang };
      if (isNew) field.value = String(channel);
      show();
    },
  };
}

/** Arrow keys walk over a board of buttons. @param {KeyboardEvent} event @param {HTMLElement} board */
function walk(event, board) {
  const entries = /** @type {HTMLElement[]} */ ([...board.querySelectorAll('button')]);
  const columns = Math.max(1, entries.findIndex((entry) => entry.offsetTop > entries[0].offsetTop));
  const step = { ArrowRight: 1, ArrowLeft: -1, ArrowDown: columns, ArrowUp: -columns }[event.key];
  if (!step) return;
  event.preventDefault();
  entries[entries.indexOf(/** @type {HTMLElement} */ (document.activeElement)) + step]?.focus();
}
