/** The dialog with the keys, opened by `?`. */
import { h } from '../dom.js';
import { iconButton } from '../controls.js';

/** The keys by where they work: the heading's word, and rows of keys and what they do. @type {[string, [string[], string][]][]} */
const GROUPS = [
  ['keys.everywhere', [
    [['?'], 'keys.help'], [['Esc'], 'keys.escape'], [['[', ']'], 'keys.maps'], [['C'], 'keys.centre'],
  ]],
  ['keys.group.pad', [
    [['D'], 'keys.pad'], [['←', '↑', '↓', '→'], 'keys.arrows'], [['Space'], 'keys.pen'], [['Backspace'], 'keys.clear'],
    [['Ctrl', 'Z'], 'keys.undo'], [['Ctrl', 'Shift', 'Z'], 'keys.redo'],
  ]],
  ['view.train', [
    [['P'], 'keys.train.pause'], [['.'], 'keys.train.step'], [['←', '→'], 'keys.train.moment'], [['Home', 'End'], 'keys.train.ends'],
  ]],
  ['view.network', [
    [['1', '2'], 'keys.projection'], [['R'], 'keys.reset'], [['T'], 'keys.trace'], [['O'], 'keys.outgoing'], [['E'], 'keys.edges'],
    [['Page ↑', 'Page ↓'], 'keys.layers'], [['Enter'], 'keys.pin'], [['+', '−'], 'keys.zoom'],
  ]],
  ['view.maximize', [
    [['[', ']'], 'keys.maximize.unit'], [['←', '↑', '↓', '→'], 'keys.maximize.sheet'], [['Enter'], 'keys.maximize.open'], [['Esc'], 'keys.maximize.stop'],
  ]],
];

/** @param {import('../../core/types.js').Translate} t */
export function createHelp(t) {
  const close = iconButton('close', t('help.close'), () => dialog.close());
  const row = (/** @type {[string[], string]} */ [keys, words]) => h('div', { class: 'key-row' }, h('dt', {}, ...keys.map((key) => h('kbd', {}, key))), h('dd', {}, t(words)));
  const groups = GROUPS.map(([title, rows]) => h('section', { class: 'key-group' }, h('h3', { class: 'section-title' }, t(title)), h('dl', { class: 'keys' }, ...rows.map(row))));
  const dialog = h('dialog', { class: 'help', 'aria-label': t('help.title'), on: {
    click: (event) => { if (event.target === dialog) dialog.close(); },
  } }, h('div', { class: 'help-body' },
    h('div', { class: 'section-head' }, h('h2', { class: 'help-title' }, t('help.title')), close), h('div', { class: 'key-groups' }, ...groups), h('p', { class: 'help-note' }, t('help.mouse'))));
  return { element: dialog, open: () => dialog.showModal() };
}
