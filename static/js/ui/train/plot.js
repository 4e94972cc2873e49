/**
 * A line chart (uPlot) in the page's own look: it takes colours from the theme, fills its place, marks single x, and tells
 * which x the pointer is at. Words and readings are its owner's.
 *
 * @typedef {object} PlotLine
 * @property {(number|null)[]} values
 * @property {string} colour    A token: '--accent'.
 * @property {number} [width]
 * @property {number[]} [dash]
 * @property {number} [alpha]
 * @property {boolean} [points]  A dot at each value: they are few.
 *
 * @typedef {object} Mark
 * @property {number} x
 * @property {'moment'|'change'|'note'} kind
 * @property {string} [label]
 *
 * @typedef {object} PlotData
 * @property {number[]} xs  Rising.
 * @property {PlotLine[]} lines
 * @property {[number, number]} xRange
 * @property {(low: number, high: number) => [number, number]} [yRange]  From what is drawn; absent: from zero.
 * @property {boolean} [xLog]
 * @property {boolean} [yLog]
 * @property {Mark[]} [marks]
 * @property {(x: number) => string} formatX
 * @property {(y: number) => string} formatY
 * @property {string} name  What a screen reader says.
 */
import uPlot from 'uplot';
import { eachFrame, h } from '../dom.js';

const FONT = '11px';
const NO_MOUSE = Object.fromEntries(['mousedown', 'mouseup', 'click', 'dblclick', 'mousemove', 'mouseleave', 'mouseenter'].map((name) => [name, () => null]));

/** A token's colour in the present theme. @param {string} token */
const colour = (token) => getComputedStyle(document.documentElement).getPropertyValue(token).trim();

/** So many lines fit into a chart; so few are all kept. */
const [MOST_LINES, FEW_LINES] = [6, 4];

/** Of a logarithmic scale's lines those to draw: powers of ten, every so many of them where there are many. @param {number[]} splits @returns {(number|null)[]} */
function logLines(splits) {
  if (splits.length <= FEW_LINES) return splits;
  const powers = splits.map((value) => Math.log10(value));
  const isWhole = (/** @type {number} */ power) => Math.abs(power - Math.round(power)) < 1e-6;
  const each = Math.ceil(powers.filter(isWhole).length / MOST_LINES);
  return splits.map((value, i) => (isWhole(powers[i]) && Math.round(powers[i]) % each === 0 ? value : null));
}

/** What makes another chart necessary. @param {PlotData} data */
function shapeOf({ lines, xLog, yLog }) {
  return JSON.stringify([xLog, yLog, lines.map((line) => ({ ...line, values: null }))]);
}

/** @param {number|null} low @param {number|null} high @param {PlotData} data @returns {[number, number]} */
function yLimits(low, high, { yLog, yRange }) {
  if (low === null || high === null) return yLog ? [0.1, 1] : [0, 1];
  if (yLog) return /** @type {[number, number]} */ (uPlot.rangeLog(low, high, 10, false));
  return yRange ? yRange(low, high) : [Math.min(0, low), high > 0 ? high * 1.05 : 1];
}

/** @param {() => PlotData} data @param {'x'|'y'} side @param {string} family @returns {uPlot.Axis} */
function axis(data, side, family) {
  const format = () => (side === 'x' ? data().formatX : data().formatY);
  return {
    stroke: () => colour('--muted'),
    font: `${FONT} ${family}`,
    size: side === 'x' ? 24 : 52,
    gap: 4,
    space: side === 'x' ? 72 : 28,
    grid: { stroke: () => colour('--line'), width: 1, show: side === 'y', filter: (_, splits) => (data().yLog ? logLines(splits) : splits) },
    ...(side === 'y' && data().yLog && { filter: (/** @type {uPlot} */ _, /** @type {number[]} */ splits) => logLines(splits) }),
    ticks: { stroke: () => colour('--line'), width: 1, size: 4, show: side === 'x' },
    values: (_, splits) => splits.map((value) => (value === null ? '' : format()(value))),
  };
}

/** @param {PlotLine} line @returns {uPlot.Series} */
function series({ colour: token, width = 1.5, dash, alpha = 1, points = false }) {
  return {
    stroke: () => colour(token), width, dash, alpha, spanGaps: true,
    points: { show: points, size: 5, fill: () => colour(token), stroke: () => colour(token) },
  };
}

/** @param {() => PlotData} data @param {{width: number, height: number}} size @param {string} family @returns {uPlot.Options} */
function options(data, size, family) {
  const { lines, xLog, yLog } = data();
  return {
    ...size, padding: [8, 20, 0, 0], legend: { show: false }, series: [{}, ...lines.map(series)],
    scales: {
      x: { time: false, distr: xLog ? 3 : 1, range: () => data().xRange },
      y: { distr: yLog ? 3 : 1, range: (_, low, high) => yLimits(low, high, data()) },
    },
    axes: [axis(data, 'x', family), axis(data, 'y', family)],
    cursor: { y: false, drag: { x: false, y: false }, bind: NO_MOUSE, points: { size: 7 } },
    hooks: { draw: [(chart) => drawMarks(chart, data().marks ?? [], family)] },
  };
}

/** @param {uPlot} chart @param {Mark[]} marks @param {string} family */
function drawMarks(chart, marks, family) {
  const { ctx: pen, bbox } = chart;
  const density = uPlot.pxRatio;
  pen.save();
  for (const { x, kind, label } of marks) {
    const left = Math.round(chart.valToPos(x, 'x', true));
    if (left < bbox.left - 1 || left > bbox.left + bbox.width + 1) continue;
    pen.strokeStyle = pen.fillStyle = colour(kind === 'moment' ? '--text' : kind === 'note' ? '--accent' : '--line-strong');
    pen.lineWidth = density * (kind === 'moment' ? 1.5 : 1);
    pen.setLineDash(kind === 'change' ? [3 * density, 3 * density] : []);
    pen.beginPath();
    pen.moveTo(left, bbox.top);
    pen.lineTo(left, bbox.top + bbox.height);
    pen.stroke();
    if (label) writeMark(pen, label, left, bbox, density, family);
  }
  pen.restore();
}

/** A mark's name at its top, on the side where there is room. @param {CanvasRenderingContext2D} pen @param {string} label @param {number} left @param {uPlot.BBox} bbox @param {number} density @param {string} family */
function writeMark(pen, label, left, bbox, density, family) {
  pen.font = `${11 * density}px ${family}`;
  const isRight = left + pen.measureText(label).width + 8 * density < bbox.left + bbox.width;
  pen.textAlign = isRight ? 'left' : 'right';
  pen.textBaseline = 'top';
  pen.fillStyle = colour('--muted');
  pen.fillText(label, left + (isRight ? 4 : -4) * density, bbox.top + 2 * density);
}

/**
 * @param {{hover?: (x: number|null) => void, choose?: (x: number) => void}} [heard]  choose: a click or a drag.
 * @param {string} [name]  A class beside `plot`.
 */
export function createPlot({ hover = () => {}, choose } = {}, name = '') {
  const element = h('div', { class: `plot ${choose ? 'plot-choose' : ''} ${name}`, role: 'img' });
  /** @type {PlotData|null} */
  let data = null;
  /** @type {uPlot|null} */
  let chart = null;
  let shape = '';
  /** @type {number|null} */
  let pointed = null;

  const current = () => /** @type {PlotData} */ (data);
  const room = () => ({ width: element.clientWidth, height: element.clientHeight });
  const values = () => /** @type {uPlot.AlignedData} */ ([current().xs, ...current().lines.map((line) => line.values)]);

  /** A chart of the present shape. */
  function build() {
    chart?.destroy();
    shape = shapeOf(current());
    chart = new uPlot(options(current, room(), getComputedStyle(element).fontFamily), values(), element);
    listen(chart);
  }

  /** @param {uPlot} built */
  function listen(built) {
    const { over } = built;
    const xOf = (/** @type {PointerEvent} */ event) => built.posToVal(event.clientX - over.getBoundingClientRect().left, 'x');
    over.addEventListener('pointerdown', (event) => {
      if (!choose || event.button !== 0) return;
      over.setPointerCapture(event.pointerId);
      choose(xOf(event));
    });
    over.addEventListener('pointermove', (event) => {
      hover(xOf(event));
      if (choose && over.hasPointerCapture(event.pointerId)) choose(xOf(event));
    });
    over.addEventListener('pointerleave', () => hover(null));
  }

  function clear() {
    chart?.destroy();
    chart = null;
  }

  const paint = eachFrame(() => {
    const { width, height } = room();
    if (!data || width < 40 || height < 40) return;
    if (data.xs.length === 0) return clear(); // uPlot does not find the scales of what comes later
    element.setAttribute('aria-label', data.name);
    if (!chart || shape !== shapeOf(data)) build();
    else {
      if (chart.width !== width || chart.height !== height) chart.setSize({ width, height });
      chart.setData(values());
    }
    place();
  });

  /** The line under the pointer, on this chart. */
  function place() {
    if (!chart || !data) return;
    const left = pointed === null || data.xs.length === 0 ? -10 : chart.valToPos(pointed, 'x');
    chart.setCursor({ left, top: left < 0 ? -10 : 0 });
  }

  const watcher = new ResizeObserver(paint);
  watcher.observe(element);
  return {
    element,
    /** @param {PlotData} next */
    show(next) { data = next; paint(); },
    /** Marks the place under the pointer; null: none. @param {number|null} x */
    point(x) { pointed = x; place(); },
    /** The theme has changed. */
    redraw: paint,
    destroy() { watcher.disconnect(); paint.cancel(); clear(); },
  };
}
