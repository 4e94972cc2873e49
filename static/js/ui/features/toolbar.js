/**
 * What is shown of the layer, and how: order, search, without dead maps, size of the tiles.
 *
 * @typedef {import('../../core/types.js').Context} Context
 * @typedef {import('../../core/maps/stats.js').Sort} Sort
 */
import { count } from '../../core/numbers/format.js';
import { TILE } from '../../core/maps/grid.js';
import { SORTS } from '../../core/maps/stats.js';
import { select, toggle } from '../controls.js';
import { h } from '../dom.js';

/**
 * @typedef {object} Choice
 * @property {Sort} sort
 * @property {string} search
 * @property {boolean} hideDead
 * @property {number|null} tile  Null: what fits.
 */

/** @param {Context} ctx @param {(change: Partial<Choice>) => void} change */
export function createMapControls({ t }, change) {
  const sort = select(t('features.sort'), SORTS.map((value) => ({ value, label: t(`features.sort.${value}`) })), (value) => change({ sort: value }));
  const search = h('input', {
    class: 'field-input map-search', type: 'search', placeholder: t('features.search'), title: t('features.search.about'), 'aria-label': t('features.search.about'),
    inputmode: 'numeric', autocomplete: 'off', on: { input: () => change({ search: search.value }) },
  });
  const dead = toggle('', (on) => change({ hideDead: on }));
  const deadWords = /** @type {HTMLElement} */ (dead.element.lastElementChild);
  dead.element.title = t('features.dead.about');
  const tile = h('input', {
    class: 'range', type: 'range', min: TILE.least, max: TILE.most, step: TILE.step, 'aria-label': t('features.tile'), title: t('features.tile'),
    on: { input: () => change({ tile: Number(tile.value) }) },
  });
  const shown = h('span', { class: 'map-count', role: 'status' });
  const element = h('div', { class: 'map-controls' }, sort.element, search, dead.element, h('span', { class: 'spacer' }), shown,
    h('label', { class: 'tile-size' }, tile));

  /** @param {Choice & {all: number, shown: number, deadCount: number, readable: boolean, width: number, lang: string}} state */
  function update(state) {
    sort.show(state.sort);
    dead.show(state.hideDead);
    if (search.value !== state.search) search.value = state.search;
    search.setAttribute('aria-invalid', String(!state.readable));
    deadWords.textContent = t('features.dead.hide', { count: count(state.deadCount, state.lang) });
    dead.element.hidden = state.deadCount === 0 && !state.hideDead;
    if (document.activeElement !== tile) tile.value = String(state.tile ?? state.width);
    shown.textContent = state.shown === state.all ? t('features.count', { count: count(state.all, state.lang) })
      : t('features.count.part', { shown: count(state.shown, state.lang), count: count(state.all, state.lang) });
  }

  return { element, update };
}
