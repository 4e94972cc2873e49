/**
 * How long the page's own work takes, by name (parse, colour, upload, draw, trace, round trip), in milliseconds.
 * Any module records; the overlay of scene/perf.js and `window.__perf` show.
 *
 * @typedef {{last: number, median: number, worst: number, count: number, recent: number[]}} Meter
 */

const KEPT = 120;

/** @type {Record<string, Meter>} */
export const meters = {};

/**
 * Add one duration; `median` and `worst` are over the last 120.
 * @param {string} name @param {number} milliseconds
 */
export function record(name, milliseconds) {
  const meter = (meters[name] ??= { last: 0, median: 0, worst: 0, count: 0, recent: [] });
  meter.last = milliseconds;
  meter.recent[meter.count++ % KEPT] = milliseconds;
  const sorted = [...meter.recent].sort((a, b) => a - b);
  meter.median = sorted[sorted.length >> 1];
  meter.worst = sorted[sorted.length - 1];
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
