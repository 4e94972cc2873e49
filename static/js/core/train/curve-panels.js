/**
 * Which charts the curves of a training make, and their lines: training and test of up to two runs. Colour tells the run,
 * strength tells training from test, dashes repeat the run for who does not see the colours.
 *
 * @typedef {import('./curves.js').Table} Table
 * @typedef {import('./curves.js').Values} Values
 * @typedef {'loss'|'accuracy'|'rate'|'gradient'|'speed'} PanelId
 * @typedef {{log: boolean, smoothing: number}} Manner
 * @typedef {{run: number, column: string, isTest: boolean, isRaw: boolean, values: Values, colour: string, width: number, alpha: number, dash?: number[], points: boolean}} CurveLine
 */
import { errors, hasValues, positive, smoothed } from './curves.js';

/** @type {readonly {id: PanelId, columns: string[], isLarge: boolean, canLog: boolean}[]} */
export const PANELS = Object.freeze([
  { id: 'loss', columns: ['loss', 'test_loss'], isLarge: true, canLog: true },
  { id: 'accuracy', columns: ['accuracy', 'test_accuracy'], isLarge: true, canLog: true },
  { id: 'rate', columns: ['learning_rate'], isLarge: false, canLog: true },
  { id: 'gradient', columns: ['gradient_norm'], isLarge: false, canLog: true },
  { id: 'speed', columns: ['images_per_second'], isLarge: false, canLog: false },
]);

/** What is noisy from batch to batch. */
const NOISY = ['loss', 'accuracy', 'gradient_norm'];
const COLOURS = [{ train: '--muted', test: '--accent' }, { train: '--positive', test: '--positive' }];
const DASH = [5, 3];

/** @param {string} column */
const isTest = (column) => column.startsWith('test_');

/** A column as a panel shows it: on a logarithmic scale, accuracy is what is wrong. @param {Values} values @param {PanelId} panel @param {boolean} log */
function shownValues(values, panel, log) {
  if (!log) return values;
  return positive(panel === 'accuracy' ? errors(values) : values);
}

/**
 * The lines of a panel; those behind first.
 * @param {typeof PANELS[number]} panel @param {Table[]} tables  Of each run, over one axis. @param {Manner} manner @returns {CurveLine[]}
 */
export function linesOf({ id, columns, canLog }, tables, { log, smoothing }) {
  return tables.flatMap((table, run) => columns.filter((column) => hasValues(table.columns[column])).flatMap((column) => {
    const raw = shownValues(table.columns[column], id, log && canLog);
    const test = isTest(column);
    const look = {
      run, column, isTest: test, colour: COLOURS[run][test ? 'test' : 'train'], width: test ? 2 : 1.5, alpha: 1, points: test, ...(run === 1 && { dash: DASH }),
    };
    if (smoothing <= 0 || !NOISY.includes(column)) return [{ ...look, isRaw: false, values: raw }];
    return [{ ...look, isRaw: true, values: raw, width: 1, alpha: 0.3 }, { ...look, isRaw: false, values: smoothed(raw, smoothing) }];
  }));
}

/** Does a panel have anything to show? @param {typeof PANELS[number]} panel @param {Table[]} tables */
export function isFilled({ columns }, tables) {
  return tables.some((table) => columns.some((column) => hasValues(table.columns[column])));
}

/** Shares get the part of 0…1 that they use, and always its top. @param {number} low @returns {[number, number]} */
export function shareRange(low) {
  const floor = [0.98, 0.95, 0.9, 0.8, 0.5].find((each) => low >= each) ?? 0;
  return [floor, 1];
}
