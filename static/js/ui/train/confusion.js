/**
 * Which classes are taken for which at the chosen moment, the classes' own numbers, and the pictures behind a cell.
 *
 * @typedef {import('../../core/train/learning-types.js').Confusion} Confusion
 * @typedef {import('../../core/train/confusion.js').Cell} Cell
 * @typedef {import('../../core/types.js').Store} Store
 * @typedef {import('../../views.js').ViewContext} ViewContext
 */
import { createCheckpointFeed } from '../../core/train/checkpoint-feed.js';
import { commonMistakes, totals, unanswered } from '../../core/train/confusion.js';
import { accuracy, count } from '../../core/numbers/format.js';
import { segmented } from '../controls.js';
import { h } from '../dom.js';
import { createCellPictures } from './cell-pictures.js';
import { createClassTable } from './class-table.js';
import { createConfusionGrid } from './confusion-grid.js';
import { createMomentStatus } from './moment-status.js';
import { createSplitChoice, presentSplit } from './split-choice.js';

/** Pairs that are named above the matrix. */
const NAMED = 3;

/** @param {Store} store @param {ViewContext} ctx @param {() => boolean} isShown */
export function createConfusion(store, ctx, isShown) {
  const { t, api } = ctx;
  /** @type {Confusion|null} */
  let data = null;
  let asShares = false;

  const pictures = createCellPictures(store, ctx, isShown);
  /** @param {Cell} cell */
  const choose = (cell) => { pictures.choose(cell); render(); };
  const grid = createConfusionGrid(ctx, choose);
  const classes = createClassTable(ctx, (truth) => choose({ truth, predicted: null }));
  const split = createSplitChoice(ctx, () => { feed.follow(); pictures.follow(); });
  const unit = segmented(t('analysis.confusion.unit'), [{ value: 'count', label: t('analysis.confusion.counts') }, { value: 'share', label: '%', title: t('analysis.confusion.shares') }], (value) => {
    asShares = value === 'share';
    render();
  });
  const summary = h('p', { class: 'analysis-summary' });
  const status = createMomentStatus(store, ctx, 'analysis.confusion.loading', () => feed.again());
  const body = h('div', { class: 'confusion-body' }, h('div', { class: 'confusion-box' }, grid.element), classes.element);
  const element = h('div', { class: 'analysis-pane', data: { pane: 'confusion' } }, h('div', { class: 'analysis-bar' }, split.element, unit.element, status.element), summary, body);
  unit.show('count');

  const feed = createCheckpointFeed(store, api, {
    what: () => `confusion?split=${presentSplit()}`,
    isShown,
    hear: (/** @type {import('../../core/train/checkpoint-feed.js').News<Confusion>} */ news) => {
      if ('data' in news) data = news.data;
      else if (news.status === 'none') data = null;
      status.show(news);
      element.dataset.stale = String(news.status === 'loading' || news.status === 'waiting');
      render();
    },
  });

  function render() {
    const { lang, trainingData } = store.get();
    const shown = data ?? unanswered(trainingData?.classes ?? [], presentSplit());
    grid.show(shown, asShares, pictures.cell(), lang);
    classes.show(shown, lang);
    summary.hidden = data === null;
    if (!data) return;
    const { all, wrong } = totals(data.matrix);
    const links = commonMistakes(data.matrix, NAMED).map((pair) => h('button', { class: 'link-button', type: 'button', on: { click: () => choose(pair) } },
      `${data?.classes[pair.truth]} → ${data?.classes[pair.predicted]} (${count(pair.count, lang)})`));
    summary.replaceChildren(t('analysis.confusion.summary', { right: count(all - wrong, lang), all: count(all, lang), share: accuracy(data.accuracy, lang) }),
      ...(links.length ? [' ', t('analysis.confusion.most'), ' ', ...links.flatMap((link, i) => (i ? [', ', link] : [link]))] : []));
  }

  const stop = store.on(['lang'], render);
  return {
    element,
    panel: pictures.element,
    follow() { split.update(); feed.follow(); pictures.follow(); },
    destroy() { stop(); feed.destroy(); pictures.destroy(); },
  };
}
