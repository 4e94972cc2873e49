/**
 * What lies over the middle of a view: the weights to get where the present network has none, else the layers on their way.
 *
 * @typedef {import('../core/types.js').Store} Store
 * @typedef {import('../views.js').ViewContext} ViewContext
 */
import { hasWeights } from '../core/session.js';
import { createArrival } from './arrival.js';
import { iconButton } from './controls.js';
import { h } from './dom.js';
import { createWeights } from './weights.js';

/** @param {Store} store @param {ViewContext} ctx */
function createNoWeights(store, ctx) {
  const { t } = ctx;
  const weights = createWeights(store, ctx);
  const title = h('h2', { class: 'no-weights-title' });
  const open = h('button', { class: 'button no-weights-open', type: 'button', hidden: true, on: { click: () => fold(false) } }, t('weights.open'));
  const card = h('section', { class: 'no-weights-card', 'aria-label': t('weights.title') },
    h('div', { class: 'section-head' }, title, iconButton('close', t('weights.close'), () => fold(true))),
    h('p', { class: 'no-weights-words' }, t('weights.none')), weights.element);
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
      if (model) title.textContent = t('weights.none.title', { model: model.title });
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
