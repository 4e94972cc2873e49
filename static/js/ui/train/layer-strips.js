/**
 * A measure of every layer over the run: a strip a layer, a cell a moment, the darker the larger. What was looked at is
 * there; the rest is asked for, one moment after the other, when the reader wants it.
 *
 * @typedef {import('../../core/train/learning-types.js').LayersLearning} LayersLearning
 * @typedef {import('../../core/train/layers.js').Measure} Measure
 * @typedef {import('../../core/types.js').Store} Store
 * @typedef {import('../../core/types.js').Context} Context
 */
import { isAbort } from '../../core/api.js';
import { checkpointPath } from '../../core/train/checkpoint-feed.js';
import { count, percent, short } from '../../core/numbers/format.js';
import { MEASURES, overRun, spread, strength } from '../../core/train/layers.js';
import { patiently } from '../../core/patience.js';
import { momentsOf } from '../../core/train/timeline.js';
import { segmented } from '../controls.js';
import { h } from '../dom.js';

/** @param {Store} store @param {Context} ctx */
export function createLayerStrips(store, { t, api }) {
  /** @type {Map<number, LayersLearning>} */
  let known = new Map();
  /** @type {Measure} */
  let measure = 'gradient';
  let control = new AbortController();
  let busy = false;

  const choice = segmented(t('analysis.layers.measure'), MEASURES.map((value) => ({ value, label: t(`analysis.layers.${value}`) })), (value) => { measure = value; render(); });
  const all = h('button', { class: 'button', type: 'button', on: { click: () => void (busy ? control.abort() : askAll()) } });
  const words = h('span', { class: 'analysis-hint', role: 'status' });
  const strips = h('div', { class: 'strips', on: { click: go } });
  const element = h('section', { class: 'layer-run', 'aria-label': t('analysis.layers.run') },
    h('h3', {}, t('analysis.layers.run')), h('div', { class: 'analysis-bar' }, choice.element, all, words), strips);
  choice.show(measure);

  /** @param {number} value @param {string} lang */
  const text = (value, lang) => (measure === 'dead' || measure === 'saturated' ? percent(value, lang) : short(value, lang));

  function render() {
    const { lang, moment } = store.get();
    const layers = [...known.values()].at(-1)?.layers.map(({ layer }) => layer) ?? [];
    const rows = layers.map((layer) => ({ layer, cells: overRun(known, layer, measure) }));
    const most = Math.max(0, ...rows.flatMap(({ cells }) => cells.map(({ value }) => value ?? 0)));
    strips.replaceChildren(...rows.map(({ layer, cells }) => {
      const marks = cells.map(({ step, value }) => {
        const cell = h('span', { class: 'strip-cell', data: { step: String(step), tip: t('analysis.layers.cell', { layer, step: count(step, lang), value: value === null ? '–' : text(value, lang) }), ...(step === moment && { chosen: 'true' }) } });
        cell.style.setProperty('--strength', `${Math.round(strength(value, measure, most) * 100)}%`);
        return cell;
      });
      const name = cells.map(({ step, value }) => `${count(step, lang)}: ${value === null ? '–' : text(value, lang)}`).join(', ');
      return h('div', { class: 'strip' }, h('span', { class: 'strip-name' }, layer), h('span', { class: 'strip-cells', role: 'img', 'aria-label': `${layer}. ${name}` }, ...marks));
    }));
    all.textContent = t(busy ? 'analysis.layers.stop' : 'analysis.layers.all');
  }

  /** A click goes to the moment. @param {MouseEvent} event */
  function go(event) {
    const cell = /** @type {HTMLElement} */ (event.target).closest('.strip-cell');
    if (cell instanceof HTMLElement) store.set({ moment: Number(cell.dataset.step) });
  }

  async function askAll() {
    const { trainingData } = store.get();
    if (!trainingData) return;
    control = new AbortController();
    const { signal } = control;
    busy = true;
    const steps = spread(momentsOf(trainingData));
    try {
      for (const [i, step] of steps.entries()) {
        words.textContent = t('analysis.layers.asking', { done: i, all: steps.length });
        render();
        if (!known.has(step)) known.set(step, await patiently(() => api.json(checkpointPath(trainingData.id, step, 'layers'), { signal }), { signal }));
      }
      words.textContent = '';
    } catch (error) {
      words.textContent = isAbort(error) || signal.aborted ? '' : t('analysis.layers.failed');
    } finally {
      if (!signal.aborted || control.signal === signal) busy = false;
      render();
    }
  }

  const stops = [
    store.on(['training'], () => { control.abort(); known = new Map(); render(); }),
    store.on(['moment', 'lang'], render),
  ];
  render();
  return {
    element,
    /** What was looked at. @param {LayersLearning} learning */
    add(learning) { known.set(learning.step, learning); render(); },
    destroy() { stops.forEach((stop) => stop()); control.abort(); },
  };
}
