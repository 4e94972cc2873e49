/**
 * How each layer learns at the chosen moment, what that means in a sentence, and how it was over the run.
 *
 * @typedef {import('../../core/train/learning-types.js').LayersLearning} LayersLearning
 * @typedef {import('../../core/train/layers.js').Verdict} Verdict
 * @typedef {import('../../core/types.js').Store} Store
 * @typedef {import('../../views.js').ViewContext} ViewContext
 */
import { createCheckpointFeed } from '../../core/train/checkpoint-feed.js';
import { percent, short } from '../../core/numbers/format.js';
import { verdicts } from '../../core/train/layers.js';
import { h } from '../dom.js';
import { fadeScrollEdges } from '../scroll-edges.js';
import { createLayerRows } from './layer-rows.js';
import { createLayerStrips } from './layer-strips.js';
import { createMomentStatus } from './moment-status.js';

/** Layers that a sentence names. */
const NAMED = 4;

/** @param {Store} store @param {ViewContext} ctx @param {() => boolean} isShown */
export function createLayers(store, ctx, isShown) {
  const { t, api } = ctx;
  /** @type {LayersLearning|null} */
  let data = null;
  const rows = createLayerRows(ctx);
  const strips = createLayerStrips(store, ctx);
  const words = h('ul', { class: 'verdicts' });
  const status = createMomentStatus(store, ctx, 'analysis.layers.loading', () => feed.again());
  const table = h('div', { class: 'layers-scroll', tabindex: 0, role: 'region', 'aria-label': t('analysis.layers.table') }, rows.element);
  const unfade = fadeScrollEdges(table);
  const body = h('div', { class: 'layers-body' }, words, table, strips.element);
  const element = h('div', { class: 'analysis-pane', data: { pane: 'layers' } }, h('div', { class: 'analysis-bar' }, status.element), body);
  const panel = h('section', { class: 'analysis-panel' }, h('h2', {}, t('analysis.layers.title')),
    ...['vanishing', 'exploding', 'dead', 'saturated'].map((key) => h('p', { class: 'analysis-hint' }, t(`analysis.layers.${key}.remedy`))));

  const feed = createCheckpointFeed(store, api, {
    what: () => 'layers',
    isShown,
    hear: (/** @type {import('../../core/train/checkpoint-feed.js').News<LayersLearning>} */ news) => {
      status.show(news);
      element.dataset.stale = String(news.status === 'loading' || news.status === 'waiting');
      if (news.status === 'none') data = null;
      if (news.status === 'shown' && news.data) {
        data = news.data;
        strips.add(data);
      }
      render();
    },
  });

  function render() {
    body.hidden = data === null;
    if (!data) return;
    const { lang } = store.get();
    rows.show(data.layers, lang);
    words.replaceChildren(...verdicts(data).map((verdict) => h('li', { data: { verdict: verdict.key } }, sentence(verdict, lang))));
  }

  /** @param {Verdict} verdict @param {string} lang */
  function sentence({ key, layers, value }, lang) {
    const names = layers.slice(0, NAMED).join(', ') + (layers.length > NAMED ? ' …' : '');
    const ratio = key === 'vanishing' && value > 0 ? Math.round(1 / value) : value;
    return t(`analysis.verdict.${key}`, { layers: names, first: layers[0] ?? '', last: layers[1] ?? '', share: percent(Math.min(1, value), lang), ratio: short(ratio, lang) });
  }

  const stop = store.on(['lang'], render);
  return { element, panel, follow: feed.follow, destroy() { stop(); unfade(); feed.destroy(); strips.destroy(); } };
}
