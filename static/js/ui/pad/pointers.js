/**
 * Mouse, pen and touch on the pad as strokes: every coalesced position, pressure where a pen gives it.
 *
 * @typedef {import('./ink.js').Point} Point
 * @typedef {{begin: (point: Point) => void, extend: (point: Point) => void, end: () => void}} Pen
 */
import { SIDE } from '../../core/input/image.js';

/** @param {PointerEvent} event @param {DOMRect} box @returns {Point} */
function pointOf(event, box) {
  return {
    x: ((event.clientX - box.left) / box.width) * SIDE,
    y: ((event.clientY - box.top) / box.height) * SIDE,
    width: event.pointerType === 'pen' && event.pressure > 0 ? 0.5 + event.pressure : 1,
  };
}

/** Gives a function that stops listening. @param {HTMLElement} surface @param {Pen} pen */
export function attachPointers(surface, pen) {
  /** @type {number|null} */ let active = null;
  let box = new DOMRect();
  const stop = new AbortController();
  const { signal } = stop;

  surface.addEventListener('pointerdown', (event) => {
    if (active !== null || event.button !== 0) return;
    active = event.pointerId;
    box = surface.getBoundingClientRect();
    surface.setPointerCapture(active);
    pen.begin(pointOf(event, box));
  }, { signal });
  surface.addEventListener('pointermove', (event) => {
    if (event.pointerId !== active) return;
    const all = event.getCoalescedEvents?.() ?? [];
    for (const each of all.length ? all : [event]) pen.extend(pointOf(each, box));
  }, { signal });
  /** @param {PointerEvent} event */
  const lift = (event) => {
    if (event.pointerId !== active) return;
    active = null;
    pen.end();
  };
  surface.addEventListener('pointerup', lift, { signal });
  surface.addEventListener('pointercancel', lift, { signal });
  // Some touch screens scroll or zoom before they honour touch-action.
  surface.addEventListener('touchstart', (event) => event.preventDefault(), { signal, passive: false });
  return () => stop.abort();
}
