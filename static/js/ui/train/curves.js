/**
 * The curves of the shown training as they grow: loss, accuracy, learning rate, gradient, speed over one axis; beside those
 * of a second run where one is chosen. A click or a drag goes to the moment nearest to it.
 *
 * @typedef {import('../../core/types.js').Store} Store
 * @typedef {import('../../core/types.js').Context} Context
 * @typedef {import('../../core/types.js').Widget} Widget
 * @typedef {import('../../core/train/types.js').Training} Training
 * @typedef {import('../../core/train/types.js').TrainingMetrics} TrainingMetrics
 * @typedef {import('../../core/train/compared-run.js').Compared} Compared
 */
import { createComparedRun } from '../../core/train/compared-run.js';
import { isFilled, linesOf, PANELS } from '../../core/train/curve-panels.js';
import { aligned, horizon, insight, isWild, nearestMoment, nearestRow, onAxis, rangeCurve, stepOnAxis, tableOf } from '../../core/train/curves.js';
import { count, epochText, short } from '../../core/numbers/format.js';
import { stopBeside } from '../../core/train/timeline.js';
import { isActive, isRangeTest, NO_METRICS } from '../../core/train/follow.js';
import { openForm } from '../../core/train/request.js';
import { isWorseThanGuessing, titleText } from '../../core/train/words.js';
import { eachFrame, h } from '../dom.js';
import { createCompareTable } from './compare.js';
import { createCurvePanel, swatch } from './curve-panel.js';
import { createCurveTable } from './curve-table.js';
import { createCurveTools } from './curve-tools.js';
import { createRangeCurve } from './range-curve.js';

/** The table is written at most so often while it grows, in ms. */
const TABLE_PAUSE = 1000;

/** @param {Store} store @param {Context} ctx @returns {Widget} */
export function createCurves(store, ctx) {
  const { t, api } = ctx;
  /** @type {Compared|null} */
  let compared = null;
  /** @type {number|null} A step. */
  let pointed = null;
  let tableWritten = -TABLE_PAUSE;
  /** It was asked for just now: it comes into sight. */
  let tableWanted = false;
  /** @type {ReturnType<typeof setTimeout>|undefined} */
  let tableTimer;

  const schedule = eachFrame(render);
  const tools = createCurveTools(store, ctx, ({ table: isWanted = false }) => { tableWritten = -TABLE_PAUSE; tableWanted = isWanted; schedule(); });
  const heard = { hover: (/** @type {number|null} */ x) => point(x), choose: (/** @type {number} */ x) => choose(x) };
  const panels = PANELS.map((panel) => ({ panel, part: createCurvePanel(panel, ctx, heard) }));
  const position = h('output', { class: 'curve-position num' });
  const key = h('ul', { class: 'curve-key' });
  const note = h('p', { class: 'curve-note', role: 'status' });
  const changes = h('ul', { class: 'curve-changes' });
  const empty = h('p', { class: 'curve-empty' });
  const table = createCurveTable(ctx);
  const compare = createCompareTable(ctx);
  const range = createRangeCurve(store, ctx, { take: takeRate });
  const large = h('div', { class: 'curve-charts', tabindex: 0, role: 'group', 'aria-label': t('curves.keys'), on: { keydown: step } },
    ...panels.filter(({ panel }) => panel.isLarge).map(({ part }) => part.element));
  const small = h('div', { class: 'curve-small' }, ...panels.filter(({ panel }) => !panel.isLarge).map(({ part }) => part.element));
  const body = h('div', { class: 'curve-body' }, note, empty, large, small, changes, table.element, compare.element);
  const bar = h('div', { class: 'curve-bar' }, tools.element, h('div', { class: 'curve-words' }, key, position));
  const element = h('div', { class: 'curves' }, bar, body, range.element);

  /** @param {number|null} x  On the axis. */
  function point(x) {
    const { trainingData, trainingMetrics } = store.get();
    const { axis } = tools.choice;
    const steps = trainingMetrics?.steps ?? [];
    pointed = x === null || !trainingData ? null : steps[nearestRow(steps, stepOnAxis(x, trainingData, axis))] ?? null;
    const place = pointed === null || !trainingData ? null : onAxis(pointed, trainingData, axis);
    panels.forEach(({ part }) => part.point(place));
    schedule();
  }

  /** @param {number} x */
  function choose(x) {
    const { trainingData } = store.get();
    if (trainingData?.checkpoints.length) store.set({ moment: nearestMoment(trainingData, stepOnAxis(x, trainingData, tools.choice.axis)) });
  }

  /** Arrow keys go from moment to moment. @param {KeyboardEvent} event */
  function step(event) {
    const by = { ArrowLeft: -1, ArrowRight: 1, PageUp: -10, PageDown: 10 }[event.key];
    const { trainingData, moment } = store.get();
    if (by === undefined || event.target !== large || !trainingData?.checkpoints.length) return;
    event.preventDefault();
    store.set({ moment: stopBeside(trainingData, moment, by) });
  }

  /** The form with the choices of the range test, and this rate. @param {number} rate */
  function takeRate(rate) {
    const { trainingData } = store.get();
    if (trainingData) openForm(store, trainingData, ({ schedule: _, epochs: __, ...draft }) => ({ ...draft, optimizer: { ...draft.optimizer, learning_rate: rate } }));
  }

  function render() {
    const { trainingData: training, trainingMetrics: metrics } = store.get();
    const isRange = training !== null && isRangeTest(training);
    range.element.hidden = !isRange;
    body.hidden = bar.hidden = isRange;
    position.hidden = key.hidden = !training;
    if (!training) showEmpty(t('curves.waiting'));
    else if (isRange) range.show({ ...rangeCurve(metrics ?? NO_METRICS), suggested: training.suggested_rate });
    else show(training, metrics ?? NO_METRICS);
  }

  /** @param {string} text  '': there is something to show. */
  function showEmpty(text) {
    empty.hidden = text === '';
    large.hidden = small.hidden = text !== '';
    if (empty.textContent !== text) empty.textContent = text;
  }

  /** @param {Training} training @param {TrainingMetrics} metrics */
  function show(training, metrics) {
    const { lang } = store.get();
    const { axis } = tools.choice;
    const runs = [{ data: training, metrics }, ...(compared ? [compared] : [])];
    const tables = aligned(runs.map((run) => tableOf(run.metrics, run.data, axis)));
    showEmpty(tables[0].xs.length ? '' : t(`curves.${reasonOf(training)}`));
    const log = tools.isLog(tables.some(({ columns }) => isWild(columns.loss)));
    const reading = pointed ?? store.get().moment ?? training.step;
    const xRange = /** @type {[number, number]} */ ([0, Math.max(...runs.map(({ data }) => onAxis(horizon(data), data, axis)))]);
    const shown = {
      xs: tables[0].xs, xRange, log, runs: runs.length > 1 ? runs.map(({ data }) => titleText(data, t)) : [], lang,
      reading: pointed === null && store.get().moment === null ? Infinity : onAxis(reading, training, axis),
      formatX: (/** @type {number} */ x) => short(x, lang),
    };
    for (const { panel, part } of panels) {
      part.element.hidden = !isFilled(panel, tables);
      if (!part.element.hidden) part.show({ ...shown, reading: Number.isFinite(shown.reading) ? shown.reading : xRange[1], lines: linesOf(panel, tables, { log, smoothing: tools.choice.smoothing }), marks: marksFor(training, panel.id === 'loss') });
    }
    small.hidden ||= panels.every(({ panel, part }) => panel.isLarge || part.element.hidden);
    showWords(training, metrics, reading);
    showKey(shown.runs);
    compare.show(training, compared?.data ?? null, lang);
    showTable(training, metrics);
  }

  /** Why there are no curves. @param {Training} training */
  function reasonOf({ state, device }) {
    if (state === 'queued') return 'queued';
    if (isActive({ state })) return 'first';
    return state === 'done' && device === null ? 'loaded' : 'ended';
  }

  /** The chosen moment, and where a hyper-parameter was changed by hand. @param {Training} training @param {boolean} isNamed @returns {import('./plot.js').Mark[]} */
  function marksFor(training, isNamed) {
    const { moment, lang } = store.get();
    const at = (/** @type {number} */ step) => onAxis(step, training, tools.choice.axis);
    const changed = training.changes.map((change) => ({ x: at(change.step), kind: /** @type {'change'} */ ('change'), ...(isNamed && { label: changeText(change, lang) }) }));
    return moment === null ? changed : [...changed, { x: at(moment), kind: 'moment' }];
  }

  /** @param {{name: string, value: number}} change @param {string} lang */
  function changeText({ name, value }, lang) {
    return t('curves.change', { name: t(`curves.change.${name}`), value: short(value, lang) });
  }

  /** Which stroke is which run, where there are two. @param {string[]} runs */
  function showKey(runs) {
    if (key.dataset.runs === runs.join('\n')) return;
    key.dataset.runs = runs.join('\n');
    key.replaceChildren(...runs.map((title, run) => h('li', {}, swatch(run ? { width: 2, dash: [5, 3], colour: '--positive' } : { width: 2, colour: '--accent' }), title)));
  }

  /** @param {Training} training @param {TrainingMetrics} metrics @param {number} reading */
  function showWords(training, metrics, reading) {
    const { moment, lang } = store.get();
    const kind = pointed !== null ? 'pointed' : moment !== null ? 'moment' : 'now';
    position.textContent = t(`curves.position.${kind}`, { step: count(reading, lang), epoch: epochText(reading / Math.max(1, training.steps_per_epoch), lang) });
    const found = insight(training, metrics);
    const isTold = training.diverged !== null || isWorseThanGuessing(training); // by the head, with its reason
    const text = found && !isTold ? t(`curves.insight.${found.key}`, { step: count(found.step, lang) }) : '';
    if (note.textContent !== text) note.textContent = text;
    const items = training.changes.map((change) => t('curves.change.at', { step: count(change.step, lang), change: changeText(change, lang) }));
    if (items.length !== changes.children.length) changes.replaceChildren(...items.map((item) => h('li', {}, item)));
  }

  /** @param {Training} training @param {TrainingMetrics} metrics */
  function showTable(training, metrics) {
    table.element.hidden = !tools.choice.table;
    if (!tools.choice.table) return;
    clearTimeout(tableTimer);
    const wait = tableWritten + TABLE_PAUSE - performance.now();
    if (wait > 0) {
      tableTimer = setTimeout(schedule, wait);
      return;
    }
    tableWritten = performance.now();
    table.show(training, metrics, store.get().lang);
    if (tableWanted) table.element.scrollIntoView({ block: 'start' });
    tableWanted = false;
  }

  const second = createComparedRun(store, api, (news) => { compared = news; schedule(); });
  const stops = [
    store.on(['trainingData', 'trainingMetrics', 'moment', 'lang'], schedule),
    store.on(['training'], () => { pointed = null; tableWritten = -TABLE_PAUSE; }),
    store.on(['theme'], () => panels.forEach(({ part }) => part.redraw())),
  ];
  schedule();
  return {
    element,
    destroy() {
      stops.forEach((stop) => stop());
      clearTimeout(tableTimer);
      schedule.cancel();
      [second, tools, range].forEach((part) => part.destroy());
      panels.forEach(({ part }) => part.destroy());
      element.remove();
    },
  };
}
