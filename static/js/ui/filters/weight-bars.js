/**
 * The weights of a 1×1 kernel or of a dense unit as bars about zero, sorted or in order. A bar tells its weight.
 */
import { h } from '../dom.js';

/**
 * @param {object} events
 * @param {(index: number, weight: number) => string} events.tell  `index` is that of the input.
 * @param {(index: number) => void} [events.pick]
 */
export function createWeightBars({ tell, pick }) {
  const canvas = h('canvas', { class: 'weight-bars', role: 'img' });
  const pen = /** @type {CanvasRenderingContext2D} */ (canvas.getContext('2d'));
  /** @type {Float32Array} */
  let weights = new Float32Array(0);
  /** @type {number[]} */
  let order = [];

  /** @param {MouseEvent} event */
  function at(event) {
    const area = canvas.getBoundingClientRect();
    return order[Math.floor(((event.clientX - area.left) / area.width) * order.length)];
  }

  canvas.addEventListener('pointermove', (event) => {
    const index = at(event);
    if (index !== undefined) canvas.dataset.tip = tell(index, weights[index]);
  });
  if (pick) {
    canvas.classList.add('is-picked');
    canvas.addEventListener('click', (event) => { const index = at(event); if (index !== undefined) pick(index); });
  }

  /** @param {Float32Array} next @param {number} limit @param {{width: number, height: number}} size  CSS pixels. @param {boolean} sorted */
  function draw(next, limit, { width, height }, sorted = true) {
    weights = next;
    order = Array.from(next, (_, i) => i);
    if (sorted) order.sort((a, b) => next[b] - next[a]);
    const density = Math.max(1, Math.round(devicePixelRatio));
    Object.assign(canvas, { width: width * density, height: height * density });
    canvas.style.width = `${width}px`;
    canvas.style.height = `${height}px`;
    pen.scale(density, density);
    const style = getComputedStyle(document.documentElement);
    const [above, below, line] = ['--positive', '--negative', '--line-strong'].map((name) => style.getPropertyValue(name));
    const step = width / Math.max(1, order.length);
    order.forEach((index, i) => {
      const bar = (next[index] / limit) * (height / 2 - 1);
      pen.fillStyle = bar >= 0 ? above : below;
      pen.fillRect(i * step, height / 2 - Math.max(0, bar), Math.max(step > 3 ? step - 1 : step, 0.5), Math.abs(bar));
    });
    pen.fillStyle = line;
    pen.fillRect(0, height / 2 - 0.5, width, 1);
  }

  return { element: canvas, draw };
}
