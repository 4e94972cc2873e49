/**
 * One map, enlarged, with its numbers: the value under the pointer, what that cell sees, the map's statistics, and the
 * parts of the picture that it likes.
 *
 * @typedef {import('../../core/types.js').Context} Context
 * @typedef {import('../../core/types.js').Range} Range
 * @typedef {import('../../core/types.js').Palette} Palette
 * @typedef {import('./sides.js').FeatureSide} FeatureSide
 * @typedef {import('./map-picture.js').Cell} Cell
 */
import { cellField } from '../../core/unit/field.js';
import { percent, short } from '../../core/numbers/format.js';
import { fullNumber } from '../../core/unit/text.js';
import { h } from '../dom.js';
import { drawCrop } from './crop.js';
import { createMapPicture } from './map-picture.js';
import { createPlaces } from './places.js';
import { layerLabel, valueAt } from './sides.js';

/**
 * @typedef {object} Look
 * @property {number} map
 * @property {Range} range
 * @property {Palette} palette
 * @property {number} opacity
 * @property {boolean} smooth
 * @property {Cell|null} hovered
 * @property {Cell|null} chosen
 * @property {string} lang
 * @property {boolean} titled  Two sides: each says what it is.
 */

const NUMBERS = /** @type {const} */ (['min', 'max', 'mean', 'std', 'zeros']);

/** @param {Context} ctx @param {{onHover: (cell: Cell|null) => void, onPick: (cell: Cell) => void}} events */
export function createEnlargedSide(ctx, events) {
  const { t } = ctx;
  const picture = createMapPicture(events);
  const title = h('figcaption', { class: 'enlarged-title' });
  const figure = h('figure', { class: 'enlarged-figure' }, title, picture.element);
  const value = h('p', { class: 'enlarged-value', 'aria-live': 'polite' });
  const [crop, cropWords] = [h('canvas', { class: 'crop', width: 1, height: 1 }), h('figcaption', { class: 'hint' })];
  const cropBox = h('figure', { class: 'enlarged-crop' }, crop, cropWords);
  const numbers = NUMBERS.map(() => h('dd', { class: 'num' }));
  const stats = h('dl', { class: 'stats' }, ...NUMBERS.map((key, i) => h('div', {}, h('dt', {}, t(`maps.${key}`)), numbers[i])));
  const places = createPlaces(ctx, events);
  const element = h('div', { class: 'enlarged-side' }, figure,
    h('div', { class: 'enlarged-words' }, h('section', {}, h('h3', {}, t('features.cell')), value, cropBox), stats, places.element));
  /** What the slower parts show. @type {unknown[]} */
  let told = [];

  /** @param {FeatureSide} side @param {Look} look */
  function update(side, look) {
    const { map, range, palette, opacity, smooth, hovered, chosen, lang, titled } = look;
    const label = t('maps.lens.label', { layer: layerLabel(side), channel: map });
    title.textContent = side.title;
    title.hidden = !titled;
    picture.update({ model: side.model, layer: side.layer, map, data: side.tensor.data, range, palette, seen: side.seen, opacity, smooth, label });
    picture.mark(hovered, chosen);
    tellCell(side, map, hovered ?? chosen, lang);
    const key = [side.tensor, map, side.seen, lang];
    if (key.every((part, i) => part === told[i])) return;
    told = key;
    tellStats(side, map, lang);
    places.update(side, map, lang);
  }

  /** @param {FeatureSide} side @param {number} map @param {Cell|null} cell @param {string} lang */
  function tellCell(side, map, cell, lang) {
    cropBox.hidden = cell === null || side.seen === null;
    value.classList.toggle('hint', cell === null);
    if (!cell) {
      value.textContent = t('features.cell.hint');
      value.removeAttribute('data-full');
      return;
    }
    const number = valueAt(side, map, cell);
    value.textContent = t('maps.lens.value', { y: cell.y, x: cell.x, value: (side.exact ? '' : '≈ ') + short(number, lang) });
    if (side.exact) value.dataset.full = fullNumber(number);
    else delete value.dataset.full;
    const box = cellField(side.model, side.layer, cell.y, cell.x);
    cropWords.textContent = t('panel.sees', { height: box.bottom - box.top, width: box.right - box.left });
    if (side.seen) drawCrop(crop, side.seen, box);
  }

  /** @param {FeatureSide} side @param {number} map @param {string} lang */
  function tellStats({ stats: { min, max, mean, variance, zeros }, exact }, map, lang) {
    const values = [min[map], max[map], mean[map], Math.sqrt(variance[map])];
    values.forEach((number, i) => {
      numbers[i].textContent = (exact ? '' : '≈ ') + short(number, lang);
      numbers[i].dataset.full = exact ? fullNumber(number) : '';
    });
    numbers[4].textContent = percent(zeros[map], lang);
  }

  return { element, update, focus: () => picture.element.focus({ preventScroll: true }) };
}
