/**
 * How long the page's own work takes, by name (parse, colour, upload, draw, trace, round trip), in milliseconds.
 * Any module records; the overlay of scene/perf.js and `window.__perf` show.
 *
 * @typedef {{last: number, mean: number, worst: number, count: number, recent: number[]}} Meter
 */

const KEPT = 120;

/** @type {Record<string, Meter>} */
export const meters = {};

/**
 * Add one duration; `mean` and `worst` are over the last 120.
 * @param {string} name @param {number} milliseconds
 */
export function record(name, milliseconds) {
  const meter = (meters[name] ??= { last: 0, mean: 0, worst: 0, count: 0, recent: [] });
  meter.last = milliseconds;
  meter.recent[meter.count++ % KEPT] = milliseconds;
  meter.mean = meter.recent.reduce((sum, value) => sum + value, 0) / meter.recent.length;
  meter.worst = Math.max(...meter.recent);
}

/**
 * Run `work` and record how long it took.
 * @template T
 * @param {string} name @param {() => T} work
 * @returns {T}
 */
export function measured(name, work) {
  const start = performance.now();
  const result = work();
  record(name, performance.now() - start);
  return result;
}
