/**
 * How robust is the answer? Sliders move, turn, scale, spoil and thicken the drawing before it is sent; for the slider
 * last touched, a curve shows the probabilities over its whole range, and how they would be with the other preprocessing.
 *
 * @typedef {import('../../core/types.js').Store} Store
 * @typedef {import('../../core/types.js').State} State
 * @typedef {import('../../core/types.js').Translate} Translate
 * @typedef {import('../../core/input/robustness.js').Slider} Slider
 */
import { isAbort } from '../../core/api.js';
import { percent, signed } from '../../core/numbers/format.js';
import { createLatest } from '../../core/latest.js';
import { askCurves, leadingClasses, SLIDERS } from '../../core/input/robustness.js';
import { neutralTransform } from '../../core/store.js';
import { createCurveChart, OTHER_MODE } from '../curve-chart.js';
import { eachFrame, h } from '../dom.js';
import { term } from '../popover.js';

const PAUSE = 120;
const KINDS = ['first', 'second', 'third'];
/** The slider whose curve is shown first: turning a digit changes the answer soonest. */
const FIRST = SLIDERS[2];
/** Windows as high as this show the sliders without being asked. */
const ROOMY = 1000;

/** A slider's value in its unit. @param {Slider['key']} key @param {number} value @param {string} lang */
function valueText(key, value, lang) {
  if (key === 'rotate') return `${signed(value, lang)}°`;
  if (key === 'scale') return `× ${value.toLocaleString(lang, { maximumFractionDigits: 2 })}`;
  if (key === 'noise') return percent(value, lang);
  return `${signed(value, lang)} px`;
}

/** @param {Slider} slider @param {string} name @param {(value: number) => void} change  Also when the slider gets the focus. */
function createSlider({ key, min, max, step }, name, change) {
  const input = h('input', { type: 'range', class: 'range', min, max, step, 'aria-label': name, on: {
    input: () => change(Number(input.value)),
    focus: () => change(Number(input.value)),
    dblclick: () => change(neutralTransform()[key]),
  } });
  const output = h('output', { class: 'slider-value' });
  const element = h('label', { class: 'slider', data: { key } }, h('span', { class: 'slider-name' }, name), input, output);
  return {
    element,
    /** @param {import('../../core/types.js').Transform} transform @param {Slider} active @param {string} lang */
    show(transform, active, lang) {
      input.value = String(transform[key]);
      output.textContent = valueText(key, transform[key], lang);
      input.setAttribute('aria-valuetext', output.textContent);
      element.dataset.active = String(key === active.key);
    },
  };
}

/**
 * What the chart shows of the curves.
 * @param {Awaited<ReturnType<typeof askCurves>>} curves @param {State} state @param {Slider['key']} key @param {string[]} classes
 */
function chartLines({ xs, present, other }, { frame, transform, lang }, key, classes) {
  const winner = frame?.prediction.top[0].class ?? 0;
  const leading = leadingClasses(present, winner, KINDS.length);
  return {
    xs, present: transform[key],
    formatX: (/** @type {number} */ x) => valueText(key, x, lang),
    formatY: (/** @type {number} */ y) => percent(y, lang),
    lines: [
      { label: classes[winner], kind: OTHER_MODE, values: other[winner] },
      ...leading.map((index, place) => ({ label: classes[index], kind: KINDS[place], values: present[index] })).reverse(),
    ],
  };
}

/** The chart with its caption and the values under the pointer. @param {Translate} t */
function createChartPart(t) {
  const readout = h('p', { class: 'chart-readout', 'aria-hidden': 'true' });
  const caption = h('p', { class: 'chart-caption' });
  const chart = createCurveChart((text) => { readout.textContent = text; });
  return {
    elements: [caption, chart.element, readout],
    /** @param {Awaited<ReturnType<typeof askCurves>>} curves @param {State} state @param {Slider['key']} key @param {string[]} classes */
    show(curves, state, key, classes) {
      const data = chartLines(curves, state, key, classes);
      const name = t(`robust.caption_${state.preprocess}`, { digit: data.lines[0].label, slider: t(`robust.${key}`) });
      caption.textContent = name;
      chart.show({ ...data, name });
    },
  };
}

/**
 * @param {Store} store
 * @param {import('../../core/types.js').Context & {notify: (text: string, kind?: 'note'|'error') => void}} ctx
 */
export function createRobustness(store, { api, t, notify }) {
  let active = FIRST;
  const chart = createChartPart(t);
  const sliders = SLIDERS.map((slider) => createSlider(slider, t(`robust.${slider.key}`), (value) => {
    active = slider;
    store.set({ transform: { ...store.get().transform, [slider.key]: value } });
    refresh();
  }));
  const reset = h('button', { class: 'text-button', type: 'button', on: { click: () => store.set({ transform: neutralTransform() }) } }, t('robust.reset'));
  const element = h('details', { class: 'robust', on: { toggle: () => refresh() } },
    h('summary', { class: 'section-title' }, t('robust.title')),
    h('div', { class: 'robust-body' },
      ...sliders.map((slider) => slider.element),
      h('div', { class: 'section-head' }, term(t('robust.term'), t('robust.meaning')), reset),
      ...chart.elements));

  const latest = createLatest(async (/** @type {State} */ state, signal) => {
    const [slider, { model }] = [active, state];
    if (!model) return;
    const curves = await askCurves(api, { ...state, model }, slider, signal).catch((error) => {
      if (!isAbort(error)) notify(t('robust.failed'), 'error');
    });
    if (curves) chart.show(curves, state, slider.key, model.classes);
  }, PAUSE);

  const schedule = eachFrame(() => {
    const { transform, lang } = store.get();
    for (const slider of sliders) slider.show(transform, active, lang);
  });
  function refresh() {
    schedule();
    if (element.open) latest.push(store.get());
  }
  const stop = store.on(['ink', 'transform', 'model', 'preprocess', 'weights'], refresh);
  element.open = innerHeight >= ROOMY;
  refresh();
  return { element, destroy() { stop(); latest.cancel(); schedule.cancel(); } };
}
