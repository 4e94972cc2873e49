/**
 * How the accuracy falls when the test pictures are changed: noise, rotation, shift, scale. A second run beside the shown one
 * adds its own curves, as it is at its end.
 *
 * @typedef {import('../../core/train/learning-types.js').Robustness} Robustness
 * @typedef {import('../../core/types.js').Store} Store
 * @typedef {import('../../views.js').ViewContext} ViewContext
 */
import { isAbort } from '../../core/api.js';
import { createCheckpointFeed } from '../../core/train/checkpoint-feed.js';
import { nearestRow } from '../../core/train/curves.js';
import { percent, short, signed } from '../../core/numbers/format.js';
import { patiently } from '../../core/patience.js';
import { titleText } from '../../core/train/words.js';
import { h } from '../dom.js';
import { createMomentStatus } from './moment-status.js';
import { createPlot } from './plot.js';

/** An answer costs seconds of the processor that trains: a moment must be wanted for so many seconds … */
const REST = 0.5;
/** … and while a training runs, what was found out stays for so many ms. */
const CALM = 30_000;
const KINDS = ['rotation', 'shift', 'scale', 'noise'];

/** A strength in its unit. @param {string} kind @param {number} value @param {string} lang */
function strengthText(kind, value, lang) {
  if (kind === 'rotation') return `${signed(value, lang)}°`;
  if (kind === 'shift') return `${signed(value, lang)} px`;
  return kind === 'scale' ? `× ${short(value, lang)}` : short(value, lang);
}

/** @param {string} kind @param {Store} store @param {ViewContext} ctx */
function createRobustnessPlot(kind, store, { t }) {
  const readout = h('output', { class: 'num' });
  /** @type {{own: Robustness, other: Robustness|null}|null} */
  let data = null;
  const plot = createPlot({ hover: (x) => { plot.point(x); read(x); } }, 'plot-robustness');
  const element = h('section', { class: 'curve-panel' }, h('div', { class: 'curve-head' }, h('h3', {}, t(`analysis.robustness.${kind}`)), readout), plot.element);

  /** @param {number|null} x */
  function read(x) {
    const own = data?.own.curves[kind];
    const { lang } = store.get();
    if (!own || x === null) readout.textContent = '';
    else {
      const row = nearestRow(own.values, x);
      const other = data?.other?.curves[kind]?.accuracy[row];
      readout.textContent = `${strengthText(kind, own.values[row], lang)}: ${percent(own.accuracy[row], lang)}${other === undefined ? '' : ` · ${percent(other, lang)}`}`;
    }
  }

  /** @param {Robustness} own @param {Robustness|null} other */
  function show(own, other) {
    data = { own, other };
    const curve = own.curves[kind];
    element.hidden = !curve;
    if (!curve) return;
    const { lang } = store.get();
    const { values, accuracy } = curve;
    const beside = other?.curves[kind];
    const isLike = beside && beside.values.join() === values.join();
    plot.show({
      xs: values, xRange: [values[0], values[values.length - 1]], yRange: () => [0, 1],
      lines: [{ values: accuracy, colour: '--accent', width: 2, points: true }, ...(isLike ? [{ values: beside.accuracy, colour: '--positive', width: 2, dash: [5, 3], points: true }] : [])],
      formatX: (x) => strengthText(kind, x, lang), formatY: (y) => percent(y, lang),
      name: t('analysis.robustness.name', { kind: t(`analysis.robustness.${kind}`), values: values.map((value, i) => `${strengthText(kind, value, lang)} ${percent(accuracy[i], lang)}`).join(', ') }),
    });
  }

  return { element, show, redraw: plot.redraw, destroy: plot.destroy };
}

/** @param {Store} store @param {ViewContext} ctx @param {() => boolean} isShown */
export function createRobustness(store, ctx, isShown) {
  const { t, api } = ctx;
  const plots = KINDS.map((kind) => createRobustnessPlot(kind, store, ctx));
  const legend = h('p', { class: 'analysis-summary', hidden: true });
  const status = createMomentStatus(store, ctx, 'analysis.robustness.loading', () => feed.again());
  const body = h('div', { class: 'robustness-plots' }, ...plots.map(({ element }) => element));
  const element = h('div', { class: 'analysis-pane', data: { pane: 'robustness' } }, h('div', { class: 'analysis-bar' }, status.element), legend, body);
  const panel = h('section', { class: 'analysis-panel' }, h('h2', {}, t('analysis.robustness.title')), h('p', { class: 'analysis-hint' }, t('analysis.robustness.about')));
  /** @type {Robustness|null} */
  let own = null;
  /** @type {Robustness|null} */
  let other = null;
  let otherOf = '';
  let control = new AbortController();

  const feed = createCheckpointFeed(store, api, {
    what: () => 'robustness', isShown, rest: REST, calm: CALM,
    hear: (/** @type {import('../../core/train/checkpoint-feed.js').News<Robustness>} */ news) => {
      status.show(news);
      element.dataset.stale = String(news.status === 'loading' || news.status === 'waiting');
      if (news.status === 'shown') own = news.data;
      if (news.status === 'none') own = null;
      render();
    },
  });

  function render() {
    body.hidden = own === null;
    const { trainings, compared, trainingData } = store.get();
    const beside = trainings.find(({ id }) => id === compared);
    legend.hidden = other === null;
    legend.textContent = other === null ? '' : t('analysis.robustness.beside', { own: trainingData ? titleText(trainingData, t) : '', other: beside ? titleText(beside, t) : '' });
    if (own) for (const plot of plots) plot.show(own, other);
  }

  /** The second run's curves, at its end. */
  async function followOther() {
    const { compared, training } = store.get();
    const wanted = compared && compared !== training ? compared : '';
    if (!isShown() || wanted === otherOf) return;
    control.abort();
    control = new AbortController();
    const { signal } = control;
    otherOf = wanted;
    other = null;
    try {
      if (wanted) other = await patiently(() => api.json(`/trainings/${encodeURIComponent(wanted)}/checkpoints/latest/robustness`, { signal }), { signal });
    } catch (error) {
      if (isAbort(error) || signal.aborted) return;
      ctx.notify(t('analysis.robustness.other_failed'), 'error');
    }
    if (!signal.aborted) render();
  }

  const stops = [
    store.on(['theme'], () => plots.forEach((plot) => plot.redraw())),
    store.on(['lang'], render),
    store.on(['compared', 'training', 'trainTab'], () => void followOther()),
  ];
  return {
    element, panel,
    follow() { feed.follow(); void followOther(); },
    destroy() { stops.forEach((stop) => stop()); control.abort(); feed.destroy(); plots.forEach((plot) => plot.destroy()); },
  };
}
