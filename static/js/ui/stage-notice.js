/**
 * What lies over the middle of a view: the weights to get where the present network has none, else the layers on their way.
 *
 * @typedef {import('../core/types.js').Store} Store
 * @typedef {import('../views.js').ViewContext} ViewContext
 */
import { aboutNetwork, shippedKin } from '../core/networks/list.js';
import { presentTraining } from '../core/train/follow-network.js';
import { hasWeights } from '../core/session.js';
import { silenceText } from '../core/train/words.js';
import { createArrival } from './input/arrival.js';
import { iconButton } from './controls.js';
import { h } from './dom.js';
import { createWeights } from './weights/weights.js';

/** The network of the same family that needs no download, and what it is. @param {Store} store @param {ViewContext} ctx */
function createKin(store, { t, session }) {
  const button = h('button', { class: 'button', type: 'button' });
  const words = h('p', { class: 'weights-note' });
  const element = h('div', { class: 'no-weights-kin' }, button, words);

  /** @param {import('../core/types.js').Model} model */
  function show(model) {
    const kin = shippedKin(store.get().models, model);
    element.hidden = kin === null;
    if (!kin) return;
    button.textContent = t('weights.ours', { model: kin.title });
    button.onclick = () => void session.choose(kin.id);
    words.textContent = aboutNetwork(t, kin);
  }

  return { element, show };
}

/** @param {Store} store @param {ViewContext} ctx */
function createNoWeights(store, ctx) {
  const { t } = ctx;
  const weights = createWeights(store, ctx);
  const kin = createKin(store, ctx);
  const title = h('h2', { class: 'no-weights-title' });
  const words = h('p', { class: 'no-weights-words', role: 'status' });
  const open = h('button', { class: 'button no-weights-open', type: 'button', hidden: true, on: { click: () => fold(false) } }, t('weights.open'));
  const card = h('section', { class: 'no-weights-card', 'aria-label': t('weights.title') },
    h('div', { class: 'section-head' }, title, iconButton('close', t('weights.close'), () => fold(true))),
    words, kin.element, weights.element);
  const element = h('div', { class: 'no-weights' }, card, open);

  let listed = '';

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
      const isComing = presentTraining(store.get())?.state === 'queued'; // nothing need be fetched
      words.textContent = isComing ? silenceText(store.get(), t) : t('weights.none');
      weights.element.hidden = isComing;
      kin.show(model);
      if (!isComing) return;
      kin.element.hidden = true;
      if (listed !== model.id) void ctx.training.list(); // what is before it
      listed = model.id;
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

  const stop = store.on(['model', 'trainingData', 'trainings'], show);
  function show() {
    const { model } = store.get();
    if (model && model.id !== shown) noWeights.unfold();
    shown = model?.id ?? '';
    noWeights.show(model);
  }
  show();
  return { element, destroy() { stop(); noWeights.destroy(); arrival.destroy(); } };
}
