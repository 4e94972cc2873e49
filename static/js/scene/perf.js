/**
 * The `?perf` overlay: how long the page's own work takes for a frame. The same numbers are `window.__perf`.
 */
import { meters } from '../core/perf.js';

/** Work of the page for one answer of the network; what the budget of 4 ms is about. */
const FRAME_WORK = ['parse', 'colour', 'upload'];
const ROWS = [...FRAME_WORK, 'links', 'trace', 'draw', 'round trip'];
const BUDGET = 4;

/** @param {number} milliseconds */
function ms(milliseconds) {
  return milliseconds.toFixed(2).padStart(7);
}

/** The table as text. */
function report() {
  const lines = ROWS.filter((name) => meters[name]).map((name) => `${name.padEnd(11)}${ms(meters[name].last)}${ms(meters[name].median)}${ms(meters[name].worst)}`);
  const total = FRAME_WORK.reduce((sum, name) => sum + (meters[name]?.median ?? 0), 0);
  return ['ms            last median  worst', ...lines, `page work  ${ms(total)} of ${BUDGET} ms a frame`].join('\n');
}

/** Shows the overlay in `host` when the address asks for it; gives a function to call after each picture. @param {HTMLElement} host @returns {() => void} */
export function createPerf(host) {
  Object.assign(window, { __perf: meters });
  if (!new URLSearchParams(location.search).has('perf')) return () => {};
  const element = document.createElement('pre');
  element.className = 'scene-perf';
  host.append(element);
  return () => { element.textContent = report(); };
}
