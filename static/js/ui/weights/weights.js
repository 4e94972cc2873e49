/**
 * The weights of the present network: every place they can come from, in the order in which they are tried; a file of one's own;
 * and, on request only, random ones.
 *
 * @typedef {import('../../core/types.js').Store} Store
 * @typedef {import('../../core/types.js').Model} Model
 * @typedef {import('../../views.js').ViewContext} ViewContext
 */
import { isTrained } from '../../core/train/follow-network.js';
import { isLarge } from '../../core/session.js';
import { h } from '../dom.js';
import { createWeightsSource } from './source.js';
import { createWeightsUpload } from './upload.js';

/** A file that nobody gave has its button below; the checkpoints of a training lie on its timeline. @param {import('../../core/types.js').WeightsSource} source */
function isListed({ id, kind, status }) {
  return kind === 'trained' ? id === 'live' : kind !== 'file' || status === 'ready';
}

/**
 * @param {Store} store
 * @param {ViewContext} ctx
 * @returns {import('../../core/types.js').Widget}
 */
export function createWeights(store, ctx) {
  const { t, session } = ctx;
  const element = h('div', { class: 'weights' });
  /** @type {ReturnType<typeof createWeightsSource>[]} */
  let rows = [];

  function build() {
    const { model, lang } = store.get();
    if (!model) return;
    const isOwn = isTrained(model);
    const sources = model.weights.sources.filter(isListed);
    rows = sources.map((source) => createWeightsSource(model, source, ctx, lang));
    const upload = createWeightsUpload(model, ctx);
    const random = h('button', { class: 'button', type: 'button', title: t('weights.random.about'), on: { click: () => void session.chooseWeights('random') } }, t('weights.random'));
    random.hidden = model.weights.source === 'random' || !isLarge(model);
    const foot = isOwn ? [h('p', { class: 'weights-note' }, t('weights.trained'))] : [upload.button, random, h('p', { class: 'weights-note' }, t('weights.upload.about'))];
    element.replaceChildren(
      h('ol', { class: 'weights-list' }, ...rows.map((row) => row.element)),
      h('div', { class: 'weights-foot' }, ...foot), upload.element);
    showDownloads();
  }

  function showDownloads() {
    const { downloads } = store.get();
    for (const row of rows) row.show(downloads);
  }

  const stops = [store.on(['model'], build), store.on(['downloads'], showDownloads)];
  build();
  return { element, destroy: () => stops.forEach((stop) => stop()) };
}
