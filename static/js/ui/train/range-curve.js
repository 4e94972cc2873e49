/**
 * The learning rate range test (Smith 2017) as a curve: the loss over the learning rate, which is drawn by its logarithm;
 * the suggested rate is marked, a click takes another one.
 *
 * @typedef {{rates: number[], losses: (number|null)[], suggested: number|null}} RangeData
 * @typedef {import('../../core/types.js').Context} Context
 */
import { nearestRow } from '../../core/train/curves.js';
import { short } from '../../core/numbers/format.js';
import { rounded } from '../../core/train/rate-scale.js';
import { rateText } from '../../core/train/words.js';
import { h } from '../dom.js';
import { createPlot } from './plot.js';

/** A loss this many times the first one is cut off: there the network is lost already. */
const CUT = 3;

/** As it is taken over. @param {number} rate @param {string} lang */
const suggestedText = (rate, lang) => rateText(rounded(rate), lang);

/** @param {import('../../core/types.js').Store} store @param {Context} ctx @param {{take: (rate: number) => void}} parts  take: the suggested rate, or one that the reader clicks at. */
export function createRangeCurve(store, { t }, { take }) {
  const readout = h('p', { class: 'range-readout', role: 'status' });
  const button = h('button', { class: 'button', type: 'button', hidden: true, on: { click: () => { if (data?.suggested) take(rounded(data.suggested)); } } });
  /** @type {RangeData|null} */
  let data = null;
  const plot = createPlot({ hover: (rate) => { plot.point(rate); tell(rate); }, choose: (rate) => take(rounded(rate)) }, 'plot-range');
  const element = h('section', { class: 'range-curve', 'aria-label': t('curves.range') }, h('h3', {}, t('curves.range')), plot.element, readout, h('div', { class: 'range-take' }, button));

  /** @param {number|null} rate */
  function tell(rate) {
    const { lang } = store.get();
    if (!data || data.rates.length === 0) readout.textContent = t('curves.range.waiting');
    else if (rate !== null) readout.textContent = readingAt(data, rate, lang);
    else readout.textContent = data.suggested === null ? t('curves.range.about') : t('curves.range.suggested', { rate: suggestedText(data.suggested, lang) });
  }

  /** @param {RangeData} shown @param {number} rate @param {string} lang */
  function readingAt({ rates, losses }, rate, lang) {
    const row = nearestRow(rates.map(Math.log), Math.log(rate));
    const loss = losses[row];
    return t('curves.range.at', { rate: short(rates[row], lang), loss: loss === null ? '–' : short(loss, lang) });
  }

  /** @param {RangeData} next */
  function show(next) {
    data = next;
    const { lang } = store.get();
    const first = next.losses.find((loss) => loss !== null) ?? 1;
    const [low, high] = [next.rates[0] ?? 1e-6, next.rates.at(-1) ?? 1];
    plot.show({
      xs: next.rates, lines: [{ values: next.losses, colour: '--accent', width: 2 }], xLog: true, xRange: [low, Math.max(high, low * 10)],
      yRange: (least, most) => [Math.max(0, least - 0.05 * first), Math.min(most, CUT * first) * 1.05],
      marks: next.suggested === null ? [] : [{ x: next.suggested, kind: 'note', label: suggestedText(next.suggested, lang) }],
      formatX: (rate) => short(rate, lang), formatY: (loss) => short(loss, lang),
      name: next.suggested === null ? t('curves.range') : t('curves.range.suggested', { rate: suggestedText(next.suggested, lang) }),
    });
    button.hidden = next.suggested === null;
    button.textContent = next.suggested === null ? '' : t('train.range.take', { rate: suggestedText(next.suggested, lang) });
    tell(null);
  }

  const stop = store.on(['theme'], plot.redraw);
  tell(null);
  return { element, show, destroy() { stop(); plot.destroy(); } };
}
