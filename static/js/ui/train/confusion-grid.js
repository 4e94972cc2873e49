/**
 * The confusion matrix as a heat map that is walked by keys: rows are what the pictures are, columns what the network says.
 *
 * @typedef {import('../../core/train/learning-types.js').Confusion} Confusion
 * @typedef {import('../../core/train/confusion.js').Cell} Cell
 * @typedef {import('../../core/types.js').Context} Context
 */
import { countOf, rowShares, strengths, walk } from '../../core/train/confusion.js';
import { count, percent } from '../../core/numbers/format.js';
import { h } from '../dom.js';

/** More classes than this are shown without numbers. */
const MOST_NUMBERS = 20;
/** Names longer than this stand upright. */
const SHORT = 3;
/** From these strengths on text takes the background's colour: in the dark theme, in the light one. */
const STRONG = 0.6;
const STRONGEST = 0.9;

/** @param {Context} ctx @param {(cell: Cell) => void} choose */
export function createConfusionGrid({ t }, choose) {
  const element = h('table', { class: 'confusion', role: 'grid', 'aria-label': t('analysis.confusion.grid'), on: { click: pick, keydown: move } });
  /** @type {HTMLElement[][]} With headings; the corner is a plain cell. */
  let cells = [];
  let built = '';
  let at = /** @type {[number, number]} */ ([1, 1]);

  /** @param {string[]} classes */
  function build(classes) {
    built = classes.join('\n');
    const head = classes.map((name) => h('th', { scope: 'col', role: 'columnheader', tabindex: -1 }, h('span', {}, name)));
    const rows = classes.map((name) => [h('th', { scope: 'row', role: 'rowheader', tabindex: -1 }, name), ...classes.map(() => h('td', { role: 'gridcell', tabindex: -1 }))]);
    const corner = h('td', { class: 'confusion-corner' }, h('span', {}, t('analysis.confusion.said')), h('span', {}, t('analysis.confusion.is')));
    cells = [[corner, ...head], ...rows];
    element.replaceChildren(h('thead', {}, h('tr', { role: 'row' }, ...cells[0])), h('tbody', {}, ...rows.map((row) => h('tr', { role: 'row' }, ...row))));
    element.dataset.many = String(classes.length > MOST_NUMBERS);
    element.dataset.long = String(classes.some((name) => name.length > SHORT));
    at = [1, 1];
    cells[1]?.[1]?.setAttribute('tabindex', '0');
  }

  /** @param {Confusion} confusion @param {boolean} asShares @param {Cell|null} chosen @param {string} lang */
  function show({ classes, matrix }, asShares, chosen, lang) {
    if (built !== classes.join('\n')) build(classes);
    const [shares, strong] = [rowShares(matrix), strengths(matrix)];
    cells.forEach((row, r) => row.forEach((cell, c) => {
      if (r === 0 && c === 0) return;
      const place = cellAt(r, c);
      const isChosen = chosen !== null && chosen.truth === place.truth && chosen.predicted === place.predicted;
      cell.setAttribute('aria-selected', String(isChosen));
      cell.dataset.tip = nameOf(place, classes, countOf(matrix, place), lang);
      if (r > 0 && c > 0) paint(cell, r === c, strong[r - 1][c - 1], asShares ? percent(shares[r - 1][c - 1], lang) : count(matrix[r - 1][c - 1], lang), matrix[r - 1][c - 1]);
    }));
  }

  /** @param {HTMLElement} cell @param {boolean} isRight @param {number} strength @param {string} text @param {number} number */
  function paint(cell, isRight, strength, text, number) {
    cell.textContent = number === 0 ? '' : text;
    cell.setAttribute('aria-label', cell.dataset.tip ?? text);
    cell.className = `${isRight ? 'is-right' : 'is-wrong'}${strength > STRONG ? ' is-strong' : ''}${strength > STRONGEST ? ' is-strongest' : ''}`;
    cell.style.setProperty('--strength', `${Math.round(strength * 88)}%`);
  }

  /** @param {number} row @param {number} column @returns {Cell} */
  const cellAt = (row, column) => ({ truth: row === 0 ? null : row - 1, predicted: column === 0 ? null : column - 1 });

  /** @param {Cell} cell @param {string[]} classes @param {number} number @param {string} lang */
  function nameOf({ truth, predicted }, classes, number, lang) {
    const words = { truth: classes[truth ?? 0], said: classes[predicted ?? 0], count: count(number, lang) };
    if (truth === null) return t('analysis.confusion.column', words);
    if (predicted === null) return t('analysis.confusion.row', words);
    return t(truth === predicted ? 'analysis.confusion.right' : 'analysis.confusion.wrong', words);
  }

  /** @param {Element|null} target @returns {[number, number]|null} */
  function placeOf(target) {
    const cell = target?.closest('td, th');
    const row = cells.findIndex((each) => each.includes(/** @type {HTMLElement} */ (cell)));
    if (row < 0) return null;
    const column = cells[row].indexOf(/** @type {HTMLElement} */ (cell));
    return row === 0 && column === 0 ? null : [row, column];
  }

  /** @param {[number, number]} next @param {boolean} focus */
  function goTo(next, focus) {
    cells[at[0]][at[1]].setAttribute('tabindex', '-1');
    at = next;
    const cell = cells[at[0]][at[1]];
    cell.setAttribute('tabindex', '0');
    if (focus) cell.focus();
  }

  /** @param {MouseEvent} event */
  function pick(event) {
    const place = placeOf(/** @type {Element} */ (event.target));
    if (!place) return;
    goTo(place, false);
    choose(cellAt(...place));
  }

  /** @param {KeyboardEvent} event */
  function move(event) {
    if (event.key === 'Enter' || event.key === ' ') choose(cellAt(...at));
    const next = walk(event.key, at, cells.length);
    if (next) goTo(next, true);
    if (next || event.key === 'Enter' || event.key === ' ') event.preventDefault();
  }

  return { element, show };
}
