/**
 * One tile of the grid: a map and its number. Tiles are used again for other maps while the grid scrolls.
 *
 * @typedef {import('../../core/types.js').Tensor} Tensor
 * @typedef {import('../../core/types.js').Range} Range
 * @typedef {import('../../core/types.js').Palette} Palette
 * @typedef {import('../../core/maps/grid.js').GridPlan} GridPlan
 */
import { h, uid } from '../dom.js';
import { createPlane } from '../plane.js';

/**
 * @typedef {object} Filling
 * @property {number} map
 * @property {number} at       Place in the order.
 * @property {string} label
 * @property {Tensor} tensor
 * @property {Range} range
 * @property {Palette} palette
 * @property {'zeros'|'constant'|null} dead
 */

export function createMapTile() {
  const plane = createPlane();
  const [number, note] = [h('span', {}), h('span', { class: 'map-tile-dead' })];
  const element = h('div', { class: 'map-tile', role: 'option', id: uid('map') },
    h('div', { class: 'map-tile-picture' }, plane.canvas), h('div', { class: 'map-tile-name', 'aria-hidden': 'true' }, number, note));
  /** @type {Filling|null} */
  let drawn = null;

  /** @param {Filling} filling */
  function draw(filling) {
    const { map, tensor, range, palette } = filling;
    const same = drawn && drawn.map === map && drawn.tensor === tensor && drawn.palette === palette
      && drawn.range.lo === range.lo && drawn.range.hi === range.hi && drawn.range.signed === range.signed;
    drawn = filling;
    if (same) return;
    const [, height = 1, width = 1] = tensor.shape;
    plane.draw(tensor.data, map * height * width, height, width, range, palette);
  }

  /** @param {Filling} filling @param {GridPlan} plan @param {{x: number, y: number}} place @param {string} deadName */
  function fill(filling, plan, place, deadName) {
    element.style.translate = `${place.x}px ${place.y}px`;
    element.style.width = `${plan.width}px`;
    element.style.setProperty('--tile-height', `${plan.height}px`);
    element.dataset.map = String(filling.map);
    element.classList.toggle('is-dead', filling.dead !== null);
    element.classList.toggle('is-smaller', plan.width < (filling.tensor.shape[2] ?? 1));
    element.setAttribute('aria-label', filling.label);
    element.setAttribute('aria-setsize', String(plan.count));
    element.setAttribute('aria-posinset', String(filling.at + 1));
    number.textContent = String(filling.map);
    note.textContent = filling.dead ? deadName : '';
    draw(filling);
  }

  /** @param {{active: boolean, pinned: boolean, selected: boolean}} marks */
  function mark({ active, pinned, selected }) {
    element.classList.toggle('is-active', active);
    element.classList.toggle('is-pinned', pinned);
    element.setAttribute('aria-selected', String(selected));
  }

  return { element, fill, mark };
}
