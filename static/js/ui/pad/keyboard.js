/**
 * Drawing without a pointer: arrow keys move a cursor by a cell (with Shift by four), Space puts the pen down or lifts it.
 *
 * @typedef {import('./ink.js').Point} Point
 */
import { SIDE } from '../../core/input/image.js';
import { h } from '../dom.js';

const STEPS = /** @type {Record<string, [number, number]>} */ ({
  ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1],
});

/**
 * Gives a function that stops listening.
 * @param {HTMLElement} surface
 * @param {{begin: (point: Point) => void, extend: (point: Point) => void, end: () => void, moved: (point: Point|null) => void}} pen
 * @param {import('../../core/types.js').Translate} t
 */
export function attachKeyboard(surface, pen, t) {
  const position = { x: SIDE / 2, y: 6, width: 1 };
  const said = h('p', { class: 'visually-hidden', 'aria-live': 'polite' });
  const stop = new AbortController();
  let down = false;
  surface.after(said);

  /** @param {boolean} wanted */
  function put(wanted) {
    if (wanted === down) return;
    down = wanted;
    if (down) pen.begin({ ...position });
    else pen.end();
    said.textContent = t(down ? 'pad.pen_down' : 'pad.pen_up');
  }

  /** @param {[number, number]} step @param {number} size */
  function move([dx, dy], size) {
    for (let i = 0; i < size; i++) {
      position.x = Math.max(1, Math.min(SIDE - 1, position.x + dx));
      position.y = Math.max(1, Math.min(SIDE - 1, position.y + dy));
      if (down) pen.extend({ ...position });
    }
    pen.moved({ ...position });
    said.textContent = t('pad.position', { row: Math.round(position.y), column: Math.round(position.x) });
  }

  surface.addEventListener('keydown', (event) => {
    const step = STEPS[event.key];
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (step) move(step, event.shiftKey ? 4 : 1);
    else if (event.key === ' ') put(!down);
    else if (event.key === 'Escape' && down) put(false);
    else return;
    event.preventDefault();
    event.stopPropagation();
  }, { signal: stop.signal });
  surface.addEventListener('focus', () => {
    if (surface.matches(':focus-visible')) pen.moved({ ...position });
  }, { signal: stop.signal });
  surface.addEventListener('blur', () => { put(false); pen.moved(null); }, { signal: stop.signal });
  return () => stop.abort();
}
