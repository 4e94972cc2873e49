/** The network chooser: the present network's name, and a panel with every network, one line about each and its accuracy. */
import { accuracy, count } from '../core/format.js';
import { h, uid } from './dom.js';
import { icon } from './icons.js';
import { withPopover } from './popover.js';

/**
 * @typedef {import('../core/types.js').ModelSummary} ModelSummary
 * @typedef {import('../core/types.js').Translate} Translate
 */

/** The catalogue's words about a network, or the server's own if the catalogue lacks them. @param {Translate} t @param {ModelSummary} model */
function about(t, model) {
  const key = `network.${model.id}`;
  const words = t(key);
  return words === key ? model.about : words;
}

/** @param {ModelSummary} model @param {Translate} t @param {string} lang */
function facts({ parameters, weights }, t, lang) {
  const share = weights.accuracy.mnist_test ?? weights.accuracy.test ?? Object.values(weights.accuracy)[0];
  const size = t('chooser.parameters', { count: count(parameters, lang) });
  return share === undefined ? size : `${t('chooser.accuracy', { share: accuracy(share, lang) })} · ${size}`;
}

/**
 * @param {import('../core/types.js').Store} store
 * @param {Translate} t
 * @param {(id: string) => void} choose
 */
export function createChooser(store, t, choose) {
  const name = h('span', { class: 'chooser-name' }, '…');
  const button = h('button', { class: 'chooser', type: 'button' }, h('span', { class: 'visually-hidden' }, `${t('chooser.label')}: `), name, icon('chevron'));
  const group = uid('network');

  /** @param {ModelSummary} model @returns {Node} */
  function row(model) {
    const { model: present, lang } = store.get();
    const input = h('input', {
      type: 'radio', name: group, value: model.id, class: 'network-input', checked: model.id === present?.id,
      disabled: model.weights.status !== 'ready', on: { change: () => choose(model.id) },
    });
    return h('label', { class: 'network', on: { click: (event) => { if (event.target === input && event.detail > 0) close(); } } },
      input, h('span', { class: 'network-title' }, model.title), h('span', { class: 'network-about' }, about(t, model)),
      h('span', { class: 'network-facts' }, facts(model, t, lang)));
  }

  const { element, close } = withPopover(button,
    () => [h('div', { role: 'radiogroup', 'aria-label': t('chooser.label') }, ...store.get().models.map(row))], { class: 'chooser-panel' });

  const show = () => { name.textContent = store.get().model?.title ?? '…'; };
  const stop = store.on(['model'], show);
  show();
  return { element, destroy: stop };
}
