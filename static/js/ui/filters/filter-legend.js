/** What the colours of weights mean: one scale about zero for the whole layer. */
import { colourOf } from '../../core/colormap.js';
import { short } from '../../core/format.js';
import { h } from '../dom.js';
import { limitOf } from './kernel-paint.js';

const STOPS = 17;

/** @param {import('../../core/types.js').Translate} t */
export function createFilterLegend(t) {
  const gradient = h('span', { class: 'legend-gradient', role: 'img' });
  const ends = [0, 1, 2].map(() => h('span', { class: 'num' }));
  const words = h('span', { class: 'filter-note' });
  const element = h('div', { class: 'filter-legend' }, h('div', { class: 'filter-scale' }, gradient, h('div', { class: 'legend-ends' }, ...ends)), words);

  /** @param {import('../../core/filters.js').Filters} filters @param {import('../../core/types.js').Palette} palette @param {string} lang */
  function show(filters, palette, lang) {
    const limit = limitOf(filters);
    const isColour = filters.form === 'colour';
    const range = { lo: -limit, hi: limit, signed: true };
    const stops = Array.from({ length: STOPS }, (_, i) => `rgb(${colourOf(-limit + (2 * limit * i) / (STOPS - 1), range, palette).join(' ')})`);
    gradient.style.backgroundImage = isColour ? 'linear-gradient(to right, #000, #808080, #fff)' : `linear-gradient(to right, ${stops.join(', ')})`;
    [-limit, 0, limit].forEach((value, i) => { ends[i].textContent = short(value, lang); });
    gradient.setAttribute('aria-label', t('filters.legend', { limit: short(limit, lang) }));
    words.textContent = t(isColour ? 'filters.legend.colour' : 'filters.legend.signed');
  }

  return { element, show };
}
