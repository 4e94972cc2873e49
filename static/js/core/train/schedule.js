/**
 * The learning rate over a training, for the small picture in the form. The server computes the real one.
 *
 * @typedef {import('./types.js').ScheduleChoice} ScheduleChoice
 */

/** One-cycle begins and ends at these shares of the largest rate (torch's OneCycleLR). */
const START = 1 / 25;
const END = 1 / 25e4;

/** From a to b as half a cosine. @param {number} a @param {number} b @param {number} t */
const cosine = (a, b, t) => b + ((a - b) * (1 + Math.cos(Math.PI * t))) / 2;

/** The factor at the share `t` of the way. @param {ScheduleChoice} schedule @param {number} t  0…1. @param {number} epochs  Of the whole training. */
export function factorAt({ name, warmup = 0.3, factor = 0.1, epochs: every = 1 }, t, epochs) {
  if (name === 'cosine') return cosine(1, 0, t);
  if (name === 'step') return factor ** Math.floor((t * epochs) / every + 1e-9);
  if (name !== 'one_cycle') return 1;
  return t < warmup ? cosine(START, 1, t / warmup) : cosine(1, END, warmup < 1 ? (t - warmup) / (1 - warmup) : 1);
}

/** Points of the curve, from 0 to 1 both ways. @param {ScheduleChoice} schedule @param {number} epochs @param {number} [count] @returns {{x: number, y: number}[]} */
export function sketch(schedule, epochs, count = 97) {
  return Array.from({ length: count }, (_, i) => ({ x: i / (count - 1), y: factorAt(schedule, i / (count - 1), epochs) }));
}
