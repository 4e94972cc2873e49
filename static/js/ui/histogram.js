/** How a layer's values are spread, and their minimum, maximum, mean, standard deviation and share of zeros. */
import { percent, short } from '../core/format.js';
import { histogram, summary } from '../core/stats.js';
import { h, s } from './dom.js';
import { numberElement, setNumber } from './number.js';

/** @typedef {import('../core/types.js').Context} Context */

const BINS = 32;
const WIDTH = 192;
const HEIGHT = 64;

/** @param {Context} ctx */
export function createHistogram(ctx) {
  const bars = Array.from({ length: BINS }, (_, i) => s('rect', { x: (i * WIDTH) / BINS + 0.5, width: WIDTH / BINS - 1, y: 0, height: 0 }));
  const zero = s('line', { class: 'histogram-zero', y1: 0, y2: HEIGHT });
  const plot = s('svg', { class: 'histogram', viewBox: `0 0 ${WIDTH} ${HEIGHT}`, role: 'img', 'aria-label': ctx.t('maps.histogram', { count: 0, min: 0, max: 0 }), preserveAspectRatio: 'none' }, ...bars, zero);
  const numbers = ['min', 'max', 'mean', 'std', 'zeros'].map((key) => ({ key, value: numberElement(0, 'en') }));
  const list = h('dl', { class: 'stats' }, ...numbers.map(({ key, value }) => h('div', {}, h('dt', {}, ctx.t(`maps.${key}`)), h('dd', {}, value))));
  const element = h('div', { class: 'spread' }, plot, list);

  /** @param {Float32Array} values @param {string} lang */
  function update(values, lang) {
    const { counts } = histogram(values, BINS);
    const { min, max, mean, std, zeroFraction } = summary(values);
    const most = Math.sqrt(Math.max(1, ...counts));
    bars.forEach((bar, i) => {
      const height = (Math.sqrt(counts[i]) / most) * HEIGHT;
      bar.setAttribute('y', (HEIGHT - height).toFixed(1));
      bar.setAttribute('height', height.toFixed(1));
    });
    const at = max > min ? (-min / (max - min)) * WIDTH : 0;
    zero.setAttribute('visibility', min < 0 && max > 0 ? 'visible' : 'hidden');
    zero.setAttribute('x1', at.toFixed(1));
    zero.setAttribute('x2', at.toFixed(1));
    [min, max, mean, std].forEach((value, i) => setNumber(numbers[i].value, value, short(value, lang)));
    setNumber(numbers[4].value, zeroFraction, percent(zeroFraction, lang));
    plot.setAttribute('aria-label', ctx.t('maps.histogram', { min: short(min, lang), max: short(max, lang), count: values.length }));
  }

  return { element, update };
}
