/**
 * A small line chart of probabilities over one slider: axes, one line a class, a marker at the present value,
 * and the values under the pointer.
 *
 * @typedef {{label: string, kind: string, values: number[]}} Line  kind: a class name for its look.
 * @typedef {{xs: number[], lines: Line[], present: number, formatX: (x: number) => string, formatY: (y: number) => string, name: string}} ChartData
 */
import { h, s } from './dom.js';

/** The kind of the dashed line: the same class with the other preprocessing. */
export const OTHER_MODE = 'other-mode';
const WIDTH = 288;
const HEIGHT = 132;
const EDGE = { left: 34, right: 14, top: 8, bottom: 20 };

/** @param {number[]} xs */
function scales(xs) {
  const [first, last] = [xs[0], xs[xs.length - 1]];
  return {
    x: (/** @type {number} */ value) => EDGE.left + ((value - first) / (last - first)) * (WIDTH - EDGE.left - EDGE.right),
    y: (/** @type {number} */ value) => HEIGHT - EDGE.bottom - value * (HEIGHT - EDGE.top - EDGE.bottom),
  };
}

/** @param {ChartData} data @param {ReturnType<typeof scales>} to */
function axes({ xs, formatX, formatY }, to) {
  const right = WIDTH - EDGE.right;
  const ticks = [xs[0], (xs[0] + xs[xs.length - 1]) / 2, xs[xs.length - 1]];
  return [
    ...[0, 0.5, 1].flatMap((y) => [
      s('line', { class: 'chart-grid', x1: EDGE.left, x2: right, y1: to.y(y), y2: to.y(y) }),
      s('text', { class: 'chart-tick', x: EDGE.left - 6, y: to.y(y) + 3.5, 'text-anchor': 'end' }, formatY(y)),
    ]),
    ...ticks.map((x, i) => s('text', {
      class: 'chart-tick', x: to.x(x), y: HEIGHT - 5, 'text-anchor': ['start', 'middle', 'end'][i],
    }, formatX(x))),
  ];
}

/** Where a line stands clearest of the others: the best place for its name. @param {Line} line @param {Line[]} lines @param {number} avoid  A point to keep away from. */
function clearest(line, lines, avoid) {
  const margin = line.values.map((value, i) => {
    const others = lines.filter((other) => other !== line).map((other) => Math.abs(value - other.values[i]));
    return Math.abs(i - avoid) < 2 || value < 0.1 ? 0 : Math.min(1, ...others);
  });
  return margin.indexOf(Math.max(...margin));
}

/** @param {ChartData} data @param {ReturnType<typeof scales>} to */
function curves({ xs, lines, present }, to) {
  const avoid = xs.findIndex((x) => x >= present);
  const shapes = lines.map(({ kind, values }) => s('polyline', {
    class: `chart-line ${kind}`, points: values.map((value, i) => `${to.x(xs[i]).toFixed(1)},${to.y(value).toFixed(1)}`).join(' '),
  }));
  const labels = lines.filter(({ kind }) => kind !== OTHER_MODE).map((line) => {
    const at = clearest(line, lines, avoid);
    const y = to.y(line.values[at]);
    return s('text', { class: `chart-label ${line.kind}`, x: to.x(xs[at]), y: y < EDGE.top + 14 ? y + 14 : y - 4, 'text-anchor': 'middle' }, line.label);
  });
  return [...shapes, ...labels];
}

/** @param {(text: string) => void} readout  Where the values under the pointer go. */
export function createCurveChart(readout) {
  const svg = s('svg', { class: 'chart', viewBox: `0 0 ${WIDTH} ${HEIGHT}`, role: 'img', 'aria-hidden': 'true' });
  /** @type {ChartData|null} */
  let shown = null;

  /** @param {number} index */
  function describe(index) {
    if (!shown) return;
    const { xs, lines, formatX, formatY } = shown;
    const values = lines.filter((line) => line.kind !== OTHER_MODE).map((line) => `${line.label}: ${formatY(line.values[index])}`);
    readout(`${formatX(xs[index])} → ${values.join(', ')}`);
    const guide = svg.querySelector('.chart-guide');
    const at = scales(xs).x(xs[index]);
    guide?.setAttribute('x1', String(at));
    guide?.setAttribute('x2', String(at));
    guide?.setAttribute('visibility', 'visible');
  }

  svg.addEventListener('pointermove', (event) => {
    if (!shown) return;
    const box = svg.getBoundingClientRect();
    const along = (((event.clientX - box.left) / box.width) * WIDTH - EDGE.left) / (WIDTH - EDGE.left - EDGE.right);
    describe(Math.round(Math.max(0, Math.min(1, along)) * (shown.xs.length - 1)));
  });
  svg.addEventListener('pointerleave', () => {
    readout('');
    svg.querySelector('.chart-guide')?.setAttribute('visibility', 'hidden');
  });

  return {
    element: h('div', { class: 'chart-box' }, svg),
    /** @param {ChartData} data */
    show(data) {
      shown = data;
      const to = scales(data.xs);
      const vertical = { y1: EDGE.top, y2: HEIGHT - EDGE.bottom };
      const at = to.x(Math.max(data.xs[0], Math.min(data.xs[data.xs.length - 1], data.present)));
      svg.setAttribute('aria-label', data.name);
      svg.removeAttribute('aria-hidden');
      svg.replaceChildren(...axes(data, to),
        s('line', { class: 'chart-guide', visibility: 'hidden', ...vertical }),
        s('line', { class: 'chart-present', x1: at, x2: at, ...vertical }),
        ...curves(data, to));
    },
  };
}
