/** The strip under the header that says, for as long as it is so, that the weights are random. */
import { h } from '../dom.js';
import { icon } from '../icons.js';

/**
 * @param {import('../../core/types.js').Store} store
 * @param {import('../../core/types.js').Translate} t
 * @param {() => void} choose  Opens the weights.
 * @returns {import('../../core/types.js').Widget}
 */
export function createRandomLabel(store, t, choose) {
  const element = h('p', { class: 'random-label', role: 'status' }, icon('warning'), h('strong', {}, t('weights.random.label')),
    h('span', { class: 'random-words' }, t('weights.random.words')),
    h('button', { class: 'text-button', type: 'button', on: { click: choose } }, t('weights.random.choose')));

  const show = () => {
    const random = store.get().model?.weights.source === 'random';
    element.hidden = !random;
    document.documentElement.dataset.weights = random ? 'random' : 'real';
  };
  const stop = store.on(['model'], show);
  show();
  return { element, destroy: stop };
}
