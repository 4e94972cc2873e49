/** What the colours of weights mean, and whether all filters share one scale. */
import { colourOf } from '../../core/numbers/colormap.js';
import { short } from '../../core/numbers/format.js';
import { segmented } from '../controls.js';
import { h } from '../dom.js';

const STOPS = 17;

/** @param {import('../../core/types.js').Translate} t @param {(scale: import('./kernel-paint.js').Scale) => void} change */
export function createFilterLegend(t, change) {
  const gradient = h('span', { class: 'legend-gradient', role: 'img' });
  const ends = [0, 1, 2].map(() => h('span', { class: 'num' }));
  const choice = segmented(t('filters.scale.choice'), /** @type {const} */ (['filter', 'layer']).map((value) => ({ value, label: t(`filters.scale.${value}`), title: t(`filters.scale.${value}.about`) })), change);
  const element = h('div', { class: 'filter-legend' }, h('div', { class: 'filter-scale' }, gradient, h('div', { class: 'legend-ends' }, ...ends)), choice.element);

  /**
   * @param {import('../../core/filters/kernels.js').Filters} filters @param {import('./kernel-paint.js').Scale} scale
   * @param {number|null} limit  Null where each filter has a scale of its own.
   * @param {import('../../core/types.js').Palette} palette @param {string} lang
   */
  function show(filters, scale, limit, palette, lang) {
    choice.show(scale);
    const isColour = filters.form === 'colour';
    const range = { lo: -1, hi: 1, signed: true };
    const stops = Array.from({ length: STOPS }, (_, i) => `rgb(${colourOf(-1 + (2 * i) / (STOPS - 1), range, palette).join(' ')})`);
    gradient.style.backgroundImage = isColour ? 'linear-gradient(to right, #000, #808080, #fff)' : `linear-gradient(to right, ${stops.join(', ')})`;
    const most = limit === null ? t('filters.legend.own') : short(limit, lang);
    [`−${most}`, '0', most].forEach((text, i) => { ends[i].textContent = text; });
    gradient.setAttribute('aria-label', t('filters.legend', { limit: most }));
  }

  return { element, show };
}
