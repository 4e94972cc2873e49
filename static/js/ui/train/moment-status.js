/**
 * Which moment is shown, and what is waited for: the line above each analysis.
 *
 * @typedef {import('../../core/types.js').Store} Store
 * @typedef {import('../../core/types.js').Context} Context
 */
import { count, short } from '../../core/numbers/format.js';
import { h } from '../dom.js';

/** @param {Store} store @param {Context} ctx @param {string} waiting  Key of what is done while one waits: 'analysis.confusion.loading'. @param {() => void} again */
export function createMomentStatus(store, { t }, waiting, again) {
  const words = h('span', {});
  const retry = h('button', { class: 'text-button', type: 'button', hidden: true, on: { click: again } }, t('analysis.again'));
  const element = h('p', { class: 'moment-status', role: 'status' }, words, ' ', retry);

  /** "Step 400 · epoch 2". @param {number} step */
  function place(step) {
    const { trainingData, lang } = store.get();
    return { step: count(step, lang), epoch: short(step / Math.max(1, trainingData?.steps_per_epoch ?? 1), lang) };
  }

  /** @param {import('../../core/train/checkpoint-feed.js').News<any>} news */
  function textOf(news) {
    if (news.status === 'none') return t('analysis.none');
    const at = place(news.step);
    if (news.status === 'loading') return t(waiting, at);
    if (news.status === 'waiting') return t('analysis.busy', { ...at, seconds: Math.ceil(news.seconds) });
    if (news.status === 'failed') return t('analysis.failed', { ...at, problem: news.problem });
    return t(store.get().moment === null ? 'analysis.at.newest' : 'analysis.at.moment', at);
  }

  return {
    element,
    /** @param {import('../../core/train/checkpoint-feed.js').News<any>} news */
    show(news) {
      words.textContent = textOf(news);
      element.dataset.status = news.status;
      retry.hidden = news.status !== 'failed';
    },
  };
}
