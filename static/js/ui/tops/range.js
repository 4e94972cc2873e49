/** What the unit did on all pictures of the set: largest value, largest mean over a map, share of zeros, and the histogram. */
import { percent, short } from '../../core/numbers/format.js';
import { setText } from '../../core/maximize/text.js';
import { h } from '../dom.js';
import { createHistogramPlot } from '../histogram.js';
import { numberElement, setNumber } from '../number.js';

const NUMBERS = /** @type {const} */ (['largest', 'largest_mean', 'mean', 'zero_share']);

/** @param {import('../../core/types.js').Context} ctx */
export function createTopsRange(ctx) {
  const { t } = ctx;
  const plot = createHistogramPlot(ctx);
  const title = h('h3', { class: 'section-title' });
  const ends = [0, 1].map(() => h('span', { class: 'num' }));
  const numbers = NUMBERS.map(() => numberElement(0, 'en'));
  const list = h('dl', { class: 'stats tops-stats' }, ...NUMBERS.map((key, i) => h('div', { title: t(`tops.${key}.about`) }, h('dt', {}, t(`tops.${key}`)), h('dd', {}, numbers[i]))));
  const element = h('div', { class: 'tops-range' }, title, plot.element, h('div', { class: 'tops-ends' }, ...ends), list);

  /** @param {import('../../core/unit/tops.js').UnitTops} tops @param {string} lang */
  function show({ set, pictures, range, histogram: { counts, edges } }, lang) {
    title.textContent = t('tops.range', { set: setText(t, { set, pictures }, lang) });
    plot.draw(counts, edges, lang, range.smallest, range.largest);
    [edges[0], edges[edges.length - 1]].forEach((edge, i) => { ends[i].textContent = short(edge, lang); });
    NUMBERS.forEach((key, i) => setNumber(numbers[i], range[key], key === 'zero_share' ? percent(range[key], lang) : short(range[key], lang)));
  }

  return { element, show };
}
