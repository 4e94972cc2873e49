/**
 * "Find a good rate": the range test's curve, and its suggestion to take over.
 *
 * @typedef {import('../../core/types.js').Store} Store
 * @typedef {import('../../views.js').ViewContext} ViewContext
 * @typedef {import('../../core/training-draft.js').TrainingDraft} Draft
 */
import { short } from '../../core/format.js';
import { createRangeTest } from '../../core/range-test.js';
import { rounded } from '../../core/rate-scale.js';
import { createCurveChart } from '../curve-chart.js';
import { h } from '../dom.js';

/** @param {Store} store @param {ViewContext} ctx @param {Draft} draft @param {(rate: number) => void} take */
export function createRangeFinder(store, { t, api, training }, draft, take) {
  const test = createRangeTest(api, show);
  const button = h('button', { class: 'text-button', type: 'button', on: { click: start } }, t('train.range.find'));
  const words = h('p', { class: 'range-words', role: 'status' });
  const readout = h('span', { class: 'range-readout' });
  const chart = createCurveChart((text) => { readout.textContent = text; });
  const takeIt = h('button', { class: 'button', type: 'button', hidden: true, on: { click: () => { const { suggested } = test.get(); if (suggested !== null) take(rounded(suggested)); } } });
  const element = h('div', { class: 'range-finder', hidden: true }, words, h('div', { class: 'range-head' }, h('span', { class: 'choice-about' }, t('train.range.curve')), readout), chart.element, h('div', { class: 'range-take' }, takeIt));

  async function start() {
    await test.start(draft.get());
    void training.list();
  }

  /** @param {import('../../core/range-test.js').RangeTest} state */
  function show({ phase, points, suggested, problem }) {
    const { lang } = store.get();
    element.hidden = phase === 'idle';
    button.disabled = ['sending', 'busy', 'running'].includes(phase);
    words.textContent = phase === 'failed' ? t('train.range.failed', { detail: problem }) : phase === 'done' && suggested === null ? t('train.range.none') : t(`train.range.${phase}`);
    takeIt.hidden = suggested === null;
    takeIt.textContent = suggested === null ? '' : t('train.range.take', { rate: short(rounded(suggested), lang) });
    chart.element.hidden = points.length < 2;
    if (points.length < 2) return;
    const losses = points.map(({ loss }) => loss);
    const lowest = Math.min(...losses);
    const highest = Math.min(Math.max(...losses), losses[0] + 1.5 * (losses[0] - lowest + 0.1)); // what explodes would flatten the rest
    chart.show({
      xs: points.map(({ rate }) => Math.log10(rate)), present: Math.log10(suggested ?? points[points.length - 1].rate), name: t('train.range.curve'),
      lines: [{ label: '', kind: 'first', values: losses.map((loss) => Math.min(1, (loss - lowest) / (highest - lowest || 1))) }],
      formatX: (x) => short(Number((10 ** x).toPrecision(2)), lang), formatY: (y) => short(Number((lowest + y * (highest - lowest)).toPrecision(2)), lang),
    });
  }

  return { element, button, update() {}, destroy: test.destroy };
}
