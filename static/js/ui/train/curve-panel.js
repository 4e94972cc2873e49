/**
 * One chart of the curves with its heading: what it shows, the lines' names with the values at the marked place.
 *
 * @typedef {import('../../core/train/curve-panels.js').CurveLine} CurveLine
 * @typedef {import('../../core/train/curve-panels.js').PanelId} PanelId
 * @typedef {import('../../core/types.js').Context} Context
 */
import { shareRange } from '../../core/train/curve-panels.js';
import { lastKnown, nearestRow } from '../../core/train/curves.js';
import { accuracy, compact, percent, short } from '../../core/numbers/format.js';
import { h, s } from '../dom.js';
import { term } from '../popover.js';
import { createPlot } from './plot.js';

/** A short stroke as the line is drawn. @param {Pick<CurveLine, 'width'|'dash'|'colour'>} line */
export function swatch({ width, dash, colour }) {
  const stroke = s('line', { x1: 0, y1: 5, x2: 18, y2: 5, 'stroke-width': width + 0.5, 'stroke-dasharray': dash?.join(' ') });
  stroke.style.stroke = `var(${colour})`;
  return s('svg', { class: 'curve-swatch', viewBox: '0 0 18 10', width: 18, height: 10, 'aria-hidden': 'true' }, stroke);
}

/** @param {PanelId} id @param {boolean} log @param {string} lang @returns {{axis: (value: number) => string, value: (value: number) => string}} */
function formats(id, log, lang) {
  if (id === 'accuracy' && !log) return { axis: (value) => percent(value, lang), value: (value) => accuracy(value, lang) };
  if (id === 'accuracy') return { axis: (value) => `${short(value * 100, lang)} %`, value: (value) => accuracy(value, lang) };
  if (id === 'speed') return { axis: (value) => compact(value, lang), value: (value) => compact(value, lang) };
  return { axis: (value) => short(value, lang), value: (value) => short(value, lang) };
}

/**
 * @param {{id: PanelId, isLarge: boolean, canLog: boolean}} panel @param {Context} ctx
 * @param {{hover: (x: number|null) => void, choose: (x: number) => void}} heard
 */
export function createCurvePanel({ id, isLarge, canLog }, { t }, heard) {
  const plot = createPlot(heard, isLarge ? 'plot-large' : 'plot-small');
  const name = term(t(`curves.${id}`), t(`curves.${id}.about`));
  const unit = h('small', {});
  const legend = h('dl', { class: 'curve-legend' });
  const element = h('section', { class: `curve-panel ${isLarge ? 'curve-panel-large' : ''}`, data: { panel: id } },
    h('div', { class: 'curve-head' }, h('h3', {}, name, unit), legend), plot.element);
  /** @type {{line: CurveLine, value: HTMLElement}[]} */
  let entries = [];
  let built = '';

  /** @param {CurveLine[]} lines @param {string[]} runs  Titles, where there are two. */
  function buildLegend(lines, runs) {
    const key = JSON.stringify([lines.map(({ run, column, colour }) => [run, column, colour]), runs]);
    entries = lines.map((line, i) => ({ line, value: built === key ? entries[i].value : h('dd', { class: 'num' }) }));
    if (built === key) return;
    built = key;
    legend.replaceChildren(...entries.map(({ line, value }) => h('div', {}, h('dt', {}, swatch(line), ...wordsOf(line, runs)), value)));
  }

  /** The run's title is for those who do not see the stroke: it stands once above all charts. @param {CurveLine} line @param {string[]} runs */
  function wordsOf(line, runs) {
    const split = isLarge ? t(line.isTest ? 'curves.test' : 'curves.train') : '';
    return [runs.length > 1 && h('span', { class: 'visually-hidden' }, runs[line.run]), split];
  }

  /** @param {CurveLine} line @param {string[]} runs */
  function wordsFor({ run, isTest }, runs) {
    const split = isLarge ? t(isTest ? 'curves.test' : 'curves.train') : '';
    return runs.length > 1 ? [runs[run], split].filter(Boolean).join(' · ') : split;
  }

  /**
   * @param {object} shown
   * @param {number[]} shown.xs @param {CurveLine[]} shown.lines @param {[number, number]} shown.xRange @param {boolean} shown.log
   * @param {import('./plot.js').Mark[]} shown.marks @param {string[]} shown.runs @param {number} shown.reading  The x that the legend speaks of.
   * @param {(x: number) => string} shown.formatX @param {string} shown.lang
   */
  function show({ xs, lines, xRange, log, marks, runs, reading, formatX, lang }) {
    const isLog = log && canLog;
    const format = formats(id, isLog, lang);
    unit.textContent = isLog && id === 'accuracy' ? t('curves.accuracy.error') : '';
    const main = lines.filter(({ isRaw }) => !isRaw);
    buildLegend(main, runs);
    read(xs, main, reading, format.value);
    plot.show({
      xs, lines, xRange, marks, formatX, formatY: format.axis, yLog: isLog,
      ...(id === 'accuracy' && { yRange: (/** @type {number} */ low) => shareRange(low) }),
      name: nameOf(xs, main, runs, format.value),
    });
  }

  /** Writes the values at x. @param {number[]} xs @param {CurveLine[]} lines @param {number} x @param {(value: number) => string} format */
  function read(xs, lines, x, format) {
    const row = nearestRow(xs, x);
    lines.forEach(({ values }, i) => {
      const value = lastKnown(values, row);
      entries[i].value.textContent = value === null ? '–' : format(value);
    });
  }

  /** @param {number[]} xs @param {CurveLine[]} lines @param {string[]} runs @param {(value: number) => string} format */
  function nameOf(xs, lines, runs, format) {
    const parts = lines.map((line) => {
      const value = lastKnown(line.values, xs.length - 1);
      return `${wordsFor(line, runs)} ${value === null ? '–' : format(value)}`.trim();
    });
    return `${t(`curves.${id}`)}: ${parts.join(', ') || t('curves.none.short')}`;
  }

  return { element, show, point: plot.point, redraw: plot.redraw, destroy: plot.destroy };
}
