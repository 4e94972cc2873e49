/**
 * The worst mistakes, the surest first, as in figure 8 of LeCun, Bottou, Bengio and Haffner (1998): "4→9".
 *
 * @typedef {import('../../core/train/learning-types.js').AnsweredPage} AnsweredPage
 * @typedef {import('../../core/types.js').Store} Store
 * @typedef {import('../../views.js').ViewContext} ViewContext
 */
import { checkpointPath, createCheckpointFeed } from '../../core/train/checkpoint-feed.js';
import { count } from '../../core/numbers/format.js';
import { h } from '../dom.js';
import { createMomentStatus } from './moment-status.js';
import { createPictureList } from './picture-list.js';
import { createSplitChoice, presentSplit } from './split-choice.js';

/** @param {Store} store @param {ViewContext} ctx @param {() => boolean} isShown */
export function createMistakes(store, ctx, isShown) {
  const { t, api } = ctx;
  const list = createPictureList(store, ctx);
  const split = createSplitChoice(ctx, () => feed.follow());
  const summary = h('p', { class: 'analysis-summary' });
  const status = createMomentStatus(store, ctx, 'analysis.mistakes.loading', () => feed.again());
  const element = h('div', { class: 'analysis-pane', data: { pane: 'mistakes' } }, h('div', { class: 'analysis-bar' }, split.element, status.element), summary, list.element);
  const panel = h('section', { class: 'analysis-panel' }, h('h2', {}, t('analysis.mistakes.title')), h('p', { class: 'analysis-hint' }, t('analysis.mistakes.about')), h('p', { class: 'analysis-hint' }, t('analysis.cell.click')));

  const what = () => `mistakes?split=${presentSplit()}`;
  const feed = createCheckpointFeed(store, api, {
    what,
    isShown,
    hear: (/** @type {import('../../core/train/checkpoint-feed.js').News<AnsweredPage>} */ news) => {
      status.show(news);
      element.dataset.stale = String(news.status === 'loading' || news.status === 'waiting');
      if (news.status === 'none') summary.textContent = '';
      if (news.status === 'shown' && news.data) show(news.data, news.step);
    },
  });

  /** @param {AnsweredPage} page @param {number} step */
  function show(page, step) {
    const { trainingData, lang } = store.get();
    if (!trainingData) return;
    summary.textContent = page.total === 0 ? t('analysis.mistakes.none') : t(`analysis.mistakes.summary.${page.split}`, { count: count(page.total, lang) });
    list.show(page, checkpointPath(trainingData.id, step, what()));
  }

  return { element, panel, follow() { split.update(); feed.follow(); }, destroy() { feed.destroy(); list.destroy(); } };
}
