/** How values are spread: a histogram, and with it the minimum, maximum, mean, standard deviation and share of zeros of a layer. */
import { count, percent, short } from '../core/numbers/format.js';
import { histogram, summary } from '../core/numbers/stats.js';
import { h, s } from './dom.js';
import { numberElement, setNumber } from './number.js';

/** @typedef {import('../core/types.js').Context} Context */

const BINS = 32;
const WIDTH = 192;
const HEIGHT = 64;

/**
 * Bars of counts over equal intervals, heights by square root so that the rare stay visible; a bar under the pointer tells its count.
 * @param {Context} ctx
 */
export function createHistogramPlot(ctx) {
  const zero = s('line', { class: 'histogram-zero', y1: 0, y2: HEIGHT });
  const plot = s('svg', { class: 'histogram', viewBox: `0 0 ${WIDTH} ${HEIGHT}`, role: 'img', 'aria-label': ctx.t('maps.histogram', { count: 0, min: 0, max: 0 }), preserveAspectRatio: 'none' });
  const element = h('div', { class: 'histogram-box', on: { pointermove: tell } }, plot);
  let shown = { counts: [0], edges: [0, 0], lang: 'en' };
  /** @type {SVGRectElement[]} */
  let bars = [];

  /** @param {PointerEvent} event */
  function tell(event) {
    const { counts, edges, lang } = shown;
    const area = plot.getBoundingClientRect();
    const at = Math.max(0, Math.min(counts.length - 1, Math.floor(((event.clientX - area.left) / area.width) * counts.length)));
    element.dataset.tip = ctx.t('maps.bar', { from: short(edges[at], lang), to: short(edges[at + 1], lang), count: count(counts[at], lang) });
  }

  /** As many bars as there are counts. @param {number} wanted */
  function barsFor(wanted) {
    if (bars.length !== wanted) {
      bars = Array.from({ length: wanted }, (_, i) => s('rect', { x: ((i * WIDTH) / wanted + 0.5).toFixed(2), width: Math.max(0.5, WIDTH / wanted - 1).toFixed(2) }));
      plot.replaceChildren(...bars, zero);
    }
    return bars;
  }

  /**
   * @param {number[]} counts @param {number[]} edges  One more than counts. @param {string} lang
   * @param {number} [min]  The smallest value, where it is not the first edge. @param {number} [max]
   */
  function draw(counts, edges, lang, min = edges[0], max = edges[counts.length]) {
    shown = { counts, edges, lang };
    const most = Math.sqrt(Math.max(1, ...counts));
    barsFor(counts.length).forEach((bar, i) => {
      const height = (Math.sqrt(counts[i]) / most) * HEIGHT;
      bar.setAttribute('y', (HEIGHT - height).toFixed(1));
      bar.setAttribute('height', height.toFixed(1));
    });
    const at = max > min ? ((-min / (max - min)) * WIDTH).toFixed(1) : '0';
    zero.setAttribute('visibility', min < 0 && max > 0 ? 'visible' : 'hidden');
    zero.setAttribute('x1', at);
    zero.setAttribute('x2', at);
    const all = counts.reduce((sum, number) => sum + number, 0);
    plot.setAttribute('aria-label', ctx.t('maps.histogram', { min: short(min, lang), max: short(max, lang), count: all }));
  }

  return { element, draw };
}

/** @param {Context} ctx */
export function createHistogram(ctx) {
  const plot = createHistogramPlot(ctx);
  const numbers = ['min', 'max', 'mean', 'std', 'zeros'].map((key) => ({ key, value: numberElement(0, 'en') }));
  const list = h('dl', { class: 'stats' }, ...numbers.map(({ key, value }) => h('div', {}, h('dt', {}, ctx.t(`maps.${key}`)), h('dd', {}, value))));
  const element = h('div', { class: 'spread' }, plot.element, list);

  /** @param {Float32Array} values @param {string} lang */
  function update(values, lang) {
    const { counts, edges } = histogram(values, BINS);
    const { min, max, mean, std, zeroFraction } = summary(values);
    plot.draw(counts, edges, lang, min, max);
    [min, max, mean, std].forEach((value, i) => setNumber(numbers[i].value, value, short(value, lang)));
    setNumber(numbers[4].value, zeroFraction, percent(zeroFraction, lang));
  }

  return { element, update };
}
