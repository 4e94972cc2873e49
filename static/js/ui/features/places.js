/**
 * The parts of the picture that a map likes: what the network sees at the map's highest local maxima.
 *
 * @typedef {import('../../core/types.js').Context} Context
 * @typedef {import('./sides.js').FeatureSide} FeatureSide
 * @typedef {import('./map-picture.js').Cell} Cell
 */
import { cellField } from '../../core/unit/field.js';
import { short } from '../../core/numbers/format.js';
import { peaks } from '../../core/maps/peaks.js';
import { h } from '../dom.js';
import { drawCrop } from './crop.js';

const PLACES = 5;

/** @param {Context} ctx @param {{onHover: (cell: Cell|null) => void, onPick: (cell: Cell) => void}} events */
export function createPlaces({ t }, { onHover, onPick }) {
  const list = h('ol', { class: 'places' });
  const nothing = h('p', { class: 'hint' }, t('features.places.none'));
  const element = h('section', { class: 'places-box', 'aria-label': t('features.places') }, h('h3', {}, t('features.places')), list, nothing);
  const items = Array.from({ length: PLACES }, () => place(onHover, onPick));
  list.append(...items.map((item) => item.element));

  /** @param {FeatureSide} side @param {number} map @param {string} lang */
  function update({ model, layer, tensor, seen, exact }, map, lang) {
    const [, rows = 1, columns = 1] = layer.output_shape;
    const found = peaks(tensor.data.subarray(map * rows * columns, (map + 1) * rows * columns), rows, columns, PLACES);
    nothing.hidden = found.length > 0;
    items.forEach((item, i) => {
      const peak = found[i];
      item.element.hidden = !peak;
      if (!peak) return;
      const value = (exact ? '' : '≈ ') + short(peak.value, lang);
      item.fill(peak, value, t('features.places.one', { y: peak.y, x: peak.x, value }));
      item.crop.hidden = seen === null;
      if (seen) drawCrop(item.crop, seen, cellField(model, layer, peak.y, peak.x));
    });
  }
  return { element, update };
}

/** @param {(cell: Cell|null) => void} onHover @param {(cell: Cell) => void} onPick */
function place(onHover, onPick) {
  const crop = h('canvas', { class: 'crop', width: 1, height: 1 });
  const number = h('span', { class: 'num' });
  /** @type {Cell} */
  let cell = { y: 0, x: 0 };
  const leave = () => onHover(null);
  const enter = () => onHover(cell);
  const button = h('button', { class: 'place', type: 'button', on: { click: () => onPick(cell), pointerenter: enter, pointerleave: leave, focus: enter, blur: leave } },
    h('span', { class: 'place-picture' }, crop), number);
  return {
    element: h('li', {}, button), crop,
    /** @param {Cell} next @param {string} value @param {string} label */
    fill(next, value, label) {
      cell = { y: next.y, x: next.x };
      number.textContent = value;
      button.setAttribute('aria-label', label);
      button.title = label;
    },
  };
}
