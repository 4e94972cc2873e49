/** The curve of an activation function with the point on it at which the unit is. */
import { curveOf, plotReach, sampleCurve } from '../../core/unit/arithmetic.js';
import { s } from '../dom.js';

const WIDTH = 148;
const HEIGHT = 84;
const PAD = 8;

/**
 * @param {string} type  The activation's layer type.
 * @param {number} input
 * @param {number} output
 * @param {string} label  For screen readers.
 * @returns {SVGSVGElement|null}  Null if the function is not known here.
 */
export function curvePlot(type, input, output, label) {
  const fn = curveOf(type);
  if (!fn) return null;
  const reach = plotReach(input);
  const points = sampleCurve(fn, -reach, reach, 65);
  const low = Math.min(0, ...points.map(({ y }) => y));
  const high = Math.max(0, ...points.map(({ y }) => y));
  const x = (/** @type {number} */ value) => PAD + ((value + reach) / (2 * reach)) * (WIDTH - 2 * PAD);
  const y = (/** @type {number} */ value) => HEIGHT - PAD - ((value - low) / (high - low)) * (HEIGHT - 2 * PAD);
  const path = points.map((point, i) => `${i ? 'L' : 'M'}${x(point.x).toFixed(1)} ${y(point.y).toFixed(1)}`).join('');
  return s('svg', { class: 'curve', viewBox: `0 0 ${WIDTH} ${HEIGHT}`, width: WIDTH, height: HEIGHT, role: 'img', 'aria-label': label },
    line('curve-axis', x(-reach), y(0), x(reach), y(0)),
    line('curve-axis', x(0), y(low), x(0), y(high)),
    s('path', { class: 'curve-line', d: path }),
    line('curve-lead', x(input), y(0), x(input), y(output)),
    line('curve-lead', x(0), y(output), x(input), y(output)),
    s('circle', { class: 'curve-point', cx: x(input).toFixed(1), cy: y(output).toFixed(1), r: 3.5 }));
}

/** @param {string} name @param {number} x1 @param {number} y1 @param {number} x2 @param {number} y2 */
function line(name, x1, y1, x2, y2) {
  return s('line', { class: name, x1: x1.toFixed(1), y1: y1.toFixed(1), x2: x2.toFixed(1), y2: y2.toFixed(1) });
}
