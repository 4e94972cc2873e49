/**
 * A small line chart of probabilities over one slider: axes, one line a class, a marker at the present value,
 * and the values under the pointer.
 *
 * @typedef {{label: string, kind: string, values: number[]}} Line  kind: a class name for its look.
 * @typedef {{xs: number[], lines: Line[], present: number, formatX: (x: number) => string, formatY: (y: number) => string, name: string}} ChartData
 */
import { h, s } from './dom.js';

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

/** @param {Line} line @param {number[]} xs @param {ReturnType<typeof scales>} to */
function drawLine({ label, kind, values }, xs, to) {
  const points = values.map((value, i) => `${to.x(xs[i]).toFixed(1)},${to.y(value).toFixed(1)}`).join(' ');
  const highest = values.indexOf(Math.max(...values));
  const text = s('text', { class: `chart-label ${kind}`, x: to.x(xs[highest]), y: Math.max(EDGE.top + 9, to.y(values[highest]) - 4), 'text-anchor': 'middle' }, label);
  return [s('polyline', { class: `chart-line ${kind}`, points }), kind.includes('other-mode') ? null : text];
}

/** @param {(text: string) => void} readout  Where the values under the pointer go. */
export function createCurveChart(readout) {
  const svg = s('svg', { class: 'chart', viewBox: `0 0 ${WIDTH} ${HEIGHT}`, role: 'img' });
  /** @type {ChartData|null} */
  let shown = null;

  /** @param {number} index */
  function describe(index) {
    if (!shown) return;
    const { xs, lines, formatX, formatY } = shown;
    const values = lines.filter((line) => !line.kind.includes('other-mode')).map((line) => `${line.label}: ${formatY(line.values[index])}`);
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
      svg.replaceChildren(...axes(data, to),
        s('line', { class: 'chart-guide', visibility: 'hidden', ...vertical }),
        s('line', { class: 'chart-present', x1: at, x2: at, ...vertical }),
        ...data.lines.flatMap((line) => drawLine(line, data.xs, to)).filter((node) => node !== null));
    },
  };
}
