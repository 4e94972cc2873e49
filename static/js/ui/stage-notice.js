/**
 * What lies over the middle of a view: the weights to get where the present network has none, else the layers on their way.
 *
 * @typedef {import('../core/types.js').Store} Store
 * @typedef {import('../views.js').ViewContext} ViewContext
 */
import { shippedKin } from '../core/network-list.js';
import { hasWeights } from '../core/session.js';
import { createArrival } from './arrival.js';
import { iconButton } from './controls.js';
import { h } from './dom.js';
import { createWeights } from './weights.js';

/** @param {Store} store @param {ViewContext} ctx */
function createNoWeights(store, ctx) {
  const { t, session } = ctx;
  const weights = createWeights(store, ctx);
  const kin = h('button', { class: 'button no-weights-kin', type: 'button', hidden: true });
  const title = h('h2', { class: 'no-weights-title' });
  const open = h('button', { class: 'button no-weights-open', type: 'button', hidden: true, on: { click: () => fold(false) } }, t('weights.open'));
  const card = h('section', { class: 'no-weights-card', 'aria-label': t('weights.title') },
    h('div', { class: 'section-head' }, title, iconButton('close', t('weights.close'), () => fold(true))),
    h('p', { class: 'no-weights-words' }, t('weights.none')), kin, weights.element);
  const element = h('div', { class: 'no-weights' }, card, open);

  /** @param {boolean} folded */
  function fold(folded) {
    card.hidden = folded;
    open.hidden = !folded;
  }

  return {
    element,
    /** @param {import('../core/types.js').Model|null} model */
    show(model) {
      element.hidden = !model || hasWeights(model);
      if (!model) return;
      title.textContent = t('weights.none.title', { model: model.title });
      const ours = shippedKin(store.get().models, model);
      kin.hidden = ours === null;
      if (!ours) return;
      kin.textContent = t('weights.ours', { model: ours.title });
      kin.onclick = () => void session.choose(ours.id);
    },
    unfold: () => fold(false),
    destroy: weights.destroy,
  };
}

/**
 * @param {Store} store
 * @param {ViewContext} ctx
 * @returns {import('../core/types.js').Widget}
 */
export function createStageNotice(store, ctx) {
  const noWeights = createNoWeights(store, ctx);
  const arrival = createArrival(store, ctx);
  const element = h('div', { class: 'stage-notice' }, noWeights.element, arrival.element);
  let shown = '';

  const stop = store.on(['model'], show);
  function show() {
    const { model } = store.get();
    if (model && model.id !== shown) noWeights.unfold();
    shown = model?.id ?? '';
    noWeights.show(model);
  }
  show();
  return { element, destroy() { stop(); noWeights.destroy(); arrival.destroy(); } };
}
