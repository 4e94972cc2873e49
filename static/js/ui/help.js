/** The dialog with the keys, opened by `?`. */
import { h } from './dom.js';
import { iconButton } from './controls.js';

const KEYS = /** @type {[string[], string][]} */ ([
  [['?'], 'keys.help'], [['1', '2'], 'keys.projection'], [['R'], 'keys.reset'], [['T'], 'keys.trace'], [['O'], 'keys.outgoing'],
  [['E'], 'keys.edges'], [['C'], 'keys.centre'], [['D'], 'keys.pad'], [['Backspace'], 'keys.clear'],
  [['Ctrl', 'Z'], 'keys.undo'], [['Ctrl', 'Shift', 'Z'], 'keys.redo'],
  [['←', '↑', '↓', '→'], 'keys.arrows'], [['Space'], 'keys.pen'],
  [['Page ↑', 'Page ↓'], 'keys.layers'], [['[', ']'], 'keys.maps'], [['Enter'], 'keys.pin'], [['+', '−'], 'keys.zoom'], [['Esc'], 'keys.escape'],
]);

/** @param {import('../core/types.js').Translate} t */
export function createHelp(t) {
  const close = iconButton('close', t('help.close'), () => dialog.close());
  const rows = KEYS.map(([keys, words]) => h('div', { class: 'key-row' },
    h('dt', {}, ...keys.map((key) => h('kbd', {}, key))), h('dd', {}, t(words))));
  const dialog = h('dialog', { class: 'help', 'aria-label': t('help.title'), on: {
    click: (event) => { if (event.target === dialog) dialog.close(); },
  } }, h('div', { class: 'help-body' },
    h('div', { class: 'section-head' }, h('h2', { class: 'help-title' }, t('help.title')), close), h('dl', { class: 'keys' }, ...rows), h('p', { class: 'help-note' }, t('help.mouse'))));
  return { element: dialog, open: () => dialog.showModal() };
}
