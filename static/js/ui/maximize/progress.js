/**
 * How far it is: pause, stop, once more, a bar, the steps; and the curve of the score under it.
 *
 * @typedef {import('../../core/types.js').Store} Store
 * @typedef {import('../../views.js').ViewContext} ViewContext
 * @typedef {import('../../core/maximize/control.js').MaximizeControl} Control
 * @typedef {import('../../core/maximize/run.js').Run} Run
 */
import { count, short } from '../../core/numbers/format.js';
import { isGoing } from '../../core/maximize/run.js';
import { iconButton } from '../controls.js';
import { createCurveChart, OTHER_MODE } from '../curve-chart.js';
import { h } from '../dom.js';
import { icon } from '../icons.js';

/** Points of a curve that is drawn; more are not seen. */
const MOST_POINTS = 160;

/** What differs from 0 by less than a hundredth of the range is 0 on its axis. @param {number} value @param {number} range */
function rounded(value, range) {
  return Math.abs(value) < range / 100 ? 0 : value;
}

/** @param {Store} store @param {ViewContext} ctx @param {Control} control */
export function createProgress(store, { t }, control) {
  const pause = iconButton('pause', t('maximize.pause'), press);
  const stop = iconButton('stop', t('maximize.cancel'), control.cancel);
  const again = h('button', { class: 'tool tool-text maximize-again', type: 'button', title: t('maximize.again.about'), on: { click: control.again } }, icon('again'), h('span', {}, t('maximize.again')));
  const bar = h('progress', { class: 'maximize-done', max: 1, value: 0, 'aria-label': t('maximize.progress') });
  const words = h('span', { class: 'maximize-steps' });
  const spoken = h('p', { class: 'visually-hidden', role: 'status' });
  const readout = h('span', { class: 'maximize-readout' });
  const chart = createCurveChart((text) => { readout.textContent = text; });
  const curve = h('div', { class: 'maximize-curve' }, h('div', { class: 'maximize-curve-head' }, h('span', {}, t('maximize.curve')), readout), chart.element);
  const element = h('div', { class: 'maximize-progress' }, h('div', { class: 'maximize-row' }, pause, stop, again, bar, words), curve, spoken);
  let said = '';

  function press() {
    const { phase } = control.run();
    if (phase === 'cancelled') control.start();
    else void (phase === 'paused' ? control.resume() : control.pause());
  }

  /** Says the beginning and the end, not every step. @param {Run} run */
  function say({ phase }) {
    const key = { sending: 'maximize.said.started', paused: 'maximize.said.paused', done: 'maximize.said.done', cancelled: 'maximize.cancelled' }[/** @type {string} */ (phase)];
    if (!key || key === said) return;
    said = key;
    spoken.textContent = t(key);
  }

  /** @param {Run} run @param {string} lang */
  function stepText(run, lang) {
    if (run.phase === 'paused') return t('maximize.paused', { step: count(run.step, lang), steps: count(run.steps ?? 0, lang) });
    if (isGoing(run)) return run.steps ? t('maximize.step', { step: count(run.step, lang), steps: count(run.steps, lang) }) : '';
    if (run.phase === 'cancelled') return t('maximize.stopped', { step: count(run.step, lang) });
    if (run.phase !== 'done' || !run.answer) return '';
    const { seconds } = run.answer;
    const steps = count(run.answer.pictures[0]?.steps ?? run.step, lang);
    return seconds === null ? t('maximize.steps', { steps }) : t('maximize.steps_seconds', { steps, seconds: short(seconds, lang) });
  }

  /** @param {'pause'|'resume'|'start'} does */
  function showPause(does) {
    if (pause.dataset.does === does) return;
    pause.dataset.does = does;
    pause.replaceChildren(icon(does === 'pause' ? 'pause' : 'play'));
    pause.title = t({ pause: 'maximize.pause', resume: 'maximize.resume', start: 'maximize.start' }[does]);
    pause.setAttribute('aria-label', pause.title);
  }

  /** @param {Run} run @param {number} index @param {string} lang */
  function drawCurve({ curve: all, steps }, index, lang) {
    curve.classList.toggle('is-waiting', all.length < 2);
    if (all.length < 2) return;
    const every = Math.ceil(all.length / MOST_POINTS);
    const points = all.filter((_, i) => i % every === 0 || i === all.length - 1);
    const values = points.flatMap(([, scores]) => scores).filter(Number.isFinite);
    const [lo, most] = [Math.min(0, ...values), Math.max(0, ...values)];
    const hi = most > lo ? most : lo + 1;
    const tick = new Intl.NumberFormat(lang, { maximumSignificantDigits: 2 });
    const lines = points[0][1].map((_, i) => ({
      label: '', kind: i === index ? 'first' : OTHER_MODE, values: points.map(([, scores]) => ((scores[i] ?? lo) - lo) / (hi - lo)),
    })).sort((a, b) => Number(a.kind === 'first') - Number(b.kind === 'first'));
    chart.show({
      xs: points.map(([step]) => step), lines, present: points[points.length - 1][0], name: t('maximize.curve.label', { lo: short(values[0], lang), hi: short(hi, lang), steps: steps ?? 0 }),
      formatX: (x) => count(x, lang), formatY: (y) => tick.format(rounded(lo + y * (hi - lo), hi - lo)).replace('-', '−'),
    });
  }

  return {
    element,
    /** @param {number} index  The picture whose curve stands out. */
    update(index) {
      const run = control.run();
      const { lang } = store.get();
      const going = isGoing(run);
      const isPaused = run.phase === 'paused';
      stop.hidden = !going;
      pause.hidden = !going && run.phase !== 'cancelled';
      showPause(isPaused ? 'resume' : run.phase === 'cancelled' ? 'start' : 'pause');
      pause.disabled = going && !['running', 'paused'].includes(run.phase);
      again.hidden = going || run.phase === 'idle';
      bar.hidden = !going;
      if (run.steps) bar.value = run.step / run.steps;
      else bar.removeAttribute('value');
      words.textContent = stepText(run, lang);
      say(run);
      drawCurve(run, index, lang);
    },
  };
}
