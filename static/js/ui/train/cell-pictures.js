/**
 * The pictures behind a cell, a row or a column of the confusion matrix, at the chosen moment.
 *
 * @typedef {import('../../core/train/confusion.js').Cell} Cell
 * @typedef {import('../../core/train/learning-types.js').AnsweredPage} AnsweredPage
 * @typedef {import('../../core/types.js').Store} Store
 * @typedef {import('../../views.js').ViewContext} ViewContext
 */
import { checkpointPath, createCheckpointFeed } from '../../core/train/checkpoint-feed.js';
import { count } from '../../core/numbers/format.js';
import { h } from '../dom.js';
import { createMomentStatus } from './moment-status.js';
import { createPictureList } from './picture-list.js';
import { presentSplit } from './split-choice.js';

/** @param {Store} store @param {ViewContext} ctx @param {() => boolean} isShown */
export function createCellPictures(store, ctx, isShown) {
  const { t, api } = ctx;
  /** @type {Cell|null} */
  let chosen = null;

  const title = h('h2', { 'aria-live': 'polite' });
  const hint = h('p', { class: 'analysis-hint' }, t('analysis.cell.hint'));
  const about = h('p', { class: 'analysis-hint' }, t('analysis.cell.click'));
  const list = createPictureList(store, ctx);
  const status = createMomentStatus(store, ctx, 'analysis.cell.loading', () => feed.again());
  const element = h('section', { class: 'analysis-panel', 'aria-label': t('analysis.cell') }, title, hint, status.element, list.element, about);

  function what() {
    const { truth, predicted } = chosen ?? { truth: null, predicted: null };
    return `pictures?split=${presentSplit()}${truth === null ? '' : `&true=${truth}`}${predicted === null ? '' : `&predicted=${predicted}`}`;
  }

  const feed = createCheckpointFeed(store, api, {
    what,
    isShown: () => chosen !== null && isShown(),
    hear: (/** @type {import('../../core/train/checkpoint-feed.js').News<AnsweredPage>} */ news) => {
      status.show(news);
      list.element.dataset.stale = String(news.status !== 'shown');
      if (news.status === 'shown' && news.data) show(news.data, news.step);
    },
  });

  /** @param {AnsweredPage} page @param {number} step */
  function show(page, step) {
    const { trainingData } = store.get();
    if (!trainingData) return;
    title.textContent = titleOf(page.total);
    about.hidden = page.total === 0;
    list.show(page, checkpointPath(trainingData.id, step, what()));
  }

  /** @param {number|null} total */
  function titleOf(total) {
    const { trainingData, lang } = store.get();
    const name = (/** @type {number|null} */ index) => trainingData?.classes[index ?? -1] ?? '';
    const { truth, predicted } = chosen ?? { truth: null, predicted: null };
    const words = { truth: name(truth), said: name(predicted), count: total === null ? '…' : count(total, lang) };
    if (truth === null) return t('analysis.cell.column', words);
    if (predicted === null) return t('analysis.cell.row', words);
    return t(truth === predicted ? 'analysis.cell.right' : 'analysis.cell.wrong', words);
  }

  function render() {
    title.hidden = status.element.hidden = list.element.hidden = chosen === null;
    hint.hidden = chosen !== null;
    about.hidden = chosen === null;
  }

  const stop = store.on(['training'], () => { chosen = null; render(); });
  render();
  return {
    element,
    cell: () => chosen,
    /** @param {Cell} cell */
    choose(cell) {
      chosen = cell;
      title.textContent = titleOf(null);
      render();
      feed.follow();
    },
    follow: feed.follow,
    destroy() { stop(); feed.destroy(); list.destroy(); },
  };
}
