/** The dialog with the weights of the present network. */
import { iconButton } from '../controls.js';
import { h } from '../dom.js';
import { createWeights } from './weights.js';

/**
 * @param {import('../../core/types.js').Store} store
 * @param {import('../../views.js').ViewContext} ctx
 */
export function createWeightsDialog(store, ctx) {
  const { t } = ctx;
  const title = h('h2', { class: 'dialog-title' });
  /** @type {import('../../core/types.js').Widget|null} */
  let weights = null;
  const place = h('div', {});
  const element = h('dialog', { class: 'dialog weights-dialog', 'aria-label': t('weights.title'), on: {
    click: (event) => { if (event.target === element) element.close(); },
    close: forget,
  } }, h('div', { class: 'section-head' }, title, iconButton('close', t('help.close'), () => element.close())), place);

  function forget() {
    weights?.destroy();
    weights = null;
    place.replaceChildren();
  }

  function open() {
    forget();
    title.textContent = t('weights.of', { model: store.get().model?.title ?? '' });
    weights = createWeights(store, ctx);
    place.append(weights.element);
    element.showModal();
  }

  return { element, open, destroy: forget };
}
