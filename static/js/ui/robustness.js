/**
 * How robust is the answer? Sliders move, turn, scale, spoil and thicken the drawing before it is sent; for the slider
 * last touched, a curve shows the probabilities over its whole range, and how they would be with the other preprocessing.
 *
 * @typedef {import('../core/types.js').Store} Store
 * @typedef {import('../core/types.js').State} State
 * @typedef {import('../core/robustness.js').Slider} Slider
 */
import { isAbort } from '../core/api.js';
import { percent, signed } from '../core/format.js';
import { sweep } from '../core/image.js';
import { createLatest } from '../core/latest.js';
import { byClass, leadingClasses, SLIDERS, sweepValues } from '../core/robustness.js';
import { neutralTransform } from '../core/store.js';
import { createCurveChart, OTHER_MODE } from './curve-chart.js';
import { eachFrame, h } from './dom.js';
import { term } from './popover.js';

const PAUSE = 120;
const LINES = 3;
const KINDS = ['first', 'second', 'third'];

/** A slider's value in its unit. @param {Slider['key']} key @param {number} value @param {string} lang */
function valueText(key, value, lang) {
  if (key === 'rotate') return `${signed(value, lang)}°`;
  if (key === 'scale') return `× ${value.toLocaleString(lang, { maximumFractionDigits: 2 })}`;
  if (key === 'noise') return percent(value, lang);
  return `${signed(value, lang)} px`;
}

/** @param {Slider} slider @param {string} name @param {(key: Slider['key'], value: number) => void} change */
function createSlider({ key, min, max, step }, name, change) {
  const input = h('input', { type: 'range', class: 'range', min, max, step, 'aria-label': name, on: {
    input: () => change(key, Number(input.value)),
    focus: () => change(key, Number(input.value)),
    dblclick: () => change(key, neutralTransform()[key]),
  } });
  const output = h('output', { class: 'slider-value' });
  const element = h('label', { class: 'slider', data: { key } }, h('span', { class: 'slider-name' }, name), input, output);
  return { key, input, output, element };
}

/**
 * @param {Store} store
 * @param {import('../core/types.js').Context & {notify: (text: string, kind?: 'note'|'error') => void}} ctx
 */
export function createRobustness(store, { api, t, notify }) {
  let active = SLIDERS[2];
  const readout = h('p', { class: 'chart-readout', 'aria-hidden': 'true' });
  const chart = createCurveChart((text) => { readout.textContent = text; });
  const sliders = SLIDERS.map((slider) => createSlider(slider, t(`robust.${slider.key}`), (key, value) => {
    active = slider;
    store.set({ transform: { ...store.get().transform, [key]: value } });
    refresh();
  }));
  const reset = h('button', { class: 'text-button', type: 'button', on: { click: () => store.set({ transform: neutralTransform() }) } }, t('robust.reset'));
  const caption = h('p', { class: 'chart-caption' });
  const element = h('details', { class: 'robust', on: { toggle: () => refresh() } },
    h('summary', { class: 'section-title' }, t('robust.title')),
    h('div', { class: 'robust-body' },
      ...sliders.map((slider) => slider.element),
      h('div', { class: 'section-head' }, term(t('robust.term'), t('robust.meaning')), reset),
      caption, chart.element, readout));

  /** @param {State} state @param {AbortSignal} signal */
  async function ask({ model, ink, transform, preprocess, lang }, signal) {
    if (!model) return;
    const slider = active;
    const xs = sweepValues(slider);
    const pixels = sweep(ink, transform, slider.key, xs);
    const other = preprocess === 'center' ? 'none' : 'center';
    const answers = await Promise.all([preprocess, other].map((mode) =>
      api.predictions(model.id, pixels, { top: model.classes.length, preprocess: mode, signal })));
    const [curves, others] = answers.map((predictions) => byClass(predictions, model.classes.length));
    const winner = store.get().frame?.prediction.top[0].class ?? 0;
    const leading = leadingClasses(curves, winner, LINES);
    caption.textContent = t(`robust.caption_${preprocess}`, { digit: model.classes[winner], slider: t(`robust.${slider.key}`) });
    chart.show({
      xs, present: transform[slider.key], name: caption.textContent,
      formatX: (x) => valueText(slider.key, x, lang), formatY: (y) => percent(y, lang),
      lines: [
        { label: model.classes[winner], kind: OTHER_MODE, values: others[winner] },
        ...leading.map((index, place) => ({ label: model.classes[index], kind: KINDS[place], values: curves[index] })).reverse(),
      ],
    });
  }

  const latest = createLatest(async (/** @type {State} */ state, signal) => {
    await ask(state, signal).catch((error) => {
      if (!isAbort(error)) notify(t('robust.failed'), 'error');
    });
  }, PAUSE);

  function paint() {
    const { transform, lang } = store.get();
    for (const { key, input, output, element: row } of sliders) {
      input.value = String(transform[key]);
      output.textContent = valueText(key, transform[key], lang);
      input.setAttribute('aria-valuetext', output.textContent);
      row.dataset.active = String(key === active.key);
    }
  }

  const schedule = eachFrame(paint);
  function refresh() {
    schedule();
    if (element.open) latest.push(store.get());
  }
  const stop = store.on(['ink', 'transform', 'model', 'preprocess'], refresh);
  element.open = innerHeight >= 1000;
  refresh();
  return { element, destroy() { stop(); latest.cancel(); schedule.cancel(); } };
}
