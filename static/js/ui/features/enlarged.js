/**
 * One map (and the same of the other side, where two are compared) over the picture, with its place in the order.
 *
 * @typedef {import('../../core/types.js').Context} Context
 * @typedef {import('../../core/types.js').Range} Range
 * @typedef {import('../../core/types.js').Palette} Palette
 * @typedef {import('./sides.js').FeatureSide} FeatureSide
 * @typedef {import('./map-picture.js').Cell} Cell
 */
import { iconButton, segmented, toggle } from '../controls.js';
import { h } from '../dom.js';
import { createEnlargedSide } from './enlarged-side.js';
import { createMapPicture } from './map-picture.js';
import { layerLabel, sameShape } from './sides.js';

/**
 * @typedef {object} EnlargedContent
 * @property {FeatureSide[]} sides   One, or two.
 * @property {number} map
 * @property {number} at             Place in the order; −1 where the search leaves it out.
 * @property {number} of
 * @property {(map: number) => Range} rangeOf
 * @property {Palette} palette
 * @property {{side: number, cell: Cell}|null} hovered
 * @property {{side: number, cell: Cell}|null} chosen
 * @property {string} lang
 */

/**
 * @param {Context} ctx
 * @param {{onHover: (side: number, cell: Cell|null) => void, onPick: (side: number, cell: Cell) => void, onStep: (step: number) => void,
 *   onClose: () => void, onChange: () => void}} events
 * @param {ReturnType<typeof import('../unit-links.js').createUnitLinks>} links  To the map's unit.
 */
export function createEnlarged(ctx, events, links) {
  const { t } = ctx;
  const look = { opacity: 0.6, smooth: false, difference: false };
  const sides = [0, 1].map((side) => createEnlargedSide(ctx, { onHover: (cell) => events.onHover(side, cell), onPick: (cell) => events.onPick(side, cell) }));
  const minus = createDifference(ctx, events);
  const head = createHead(ctx, look, events);
  const body = h('div', { class: 'enlarged-body' }, ...sides.map((side) => side.element), minus.element);
  const element = h('section', { class: 'enlarged', 'aria-label': t('features.enlarged'), on: { keydown: step } }, head.element, links.element, body);

  /** Left and right go from map to map, except where they walk over cells or move a slider. @param {KeyboardEvent} event */
  function step(event) {
    const target = /** @type {HTMLElement} */ (event.target);
    const by = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    if (by === undefined || target.closest('.map-picture, input')) return;
    event.preventDefault();
    events.onStep(by);
  }

  /** @param {EnlargedContent} content */
  function update(content) {
    const { sides: shown, map, hovered, chosen, rangeOf, palette, lang } = content;
    const canSubtract = shown.length === 2 && sameShape(shown[0], shown[1]);
    const linked = canSubtract || shown.length === 1;
    const cellOf = (/** @type {{side: number, cell: Cell}|null} */ place, /** @type {number} */ side) => (place && (linked || place.side === side) ? place.cell : null);
    head.update(content, canSubtract);
    links.show(shown[0].stage.inputs.length > 0 ? { model: shown[0].model.id, layer: shown[0].layer.id, channel: map } : null);
    sides.forEach((widget, i) => {
      const side = shown[i];
      widget.element.hidden = !side || map >= side.stats.count;
      if (!side || widget.element.hidden) return;
      widget.update(side, { map, range: rangeOf(map), palette, ...look, hovered: cellOf(hovered, i), chosen: cellOf(chosen, i), lang, titled: shown.length > 1 });
    });
    minus.element.hidden = !canSubtract || !look.difference;
    if (!minus.element.hidden) minus.update(content, look);
    body.dataset.sides = String(shown.length + (minus.element.hidden ? 0 : 1));
  }

  return { element, update, focus: head.focus };
}

/** Title, steps, and how the map lies over the picture. @param {Context} ctx @param {{opacity: number, smooth: boolean, difference: boolean}} look @param {{onStep: (step: number) => void, onClose: () => void, onChange: () => void}} events */
function createHead({ t }, look, { onStep, onClose, onChange }) {
  const title = h('h2', { class: 'enlarged-name', tabindex: -1, 'aria-live': 'polite' });
  const place = h('small', { class: 'num' });
  const opacity = h('input', {
    class: 'range', type: 'range', min: 0, max: 100, value: 100 * look.opacity, 'aria-label': t('features.opacity'), title: t('features.opacity'),
    on: { input: () => { look.opacity = Number(opacity.value) / 100; onChange(); } },
  });
  const smooth = segmented(t('features.drawn'), [{ value: 'cells', label: t('features.drawn.cells') }, { value: 'smooth', label: t('features.drawn.smooth'), title: t('features.drawn.smooth.about') }],
    (value) => { look.smooth = value === 'smooth'; onChange(); });
  smooth.show('cells');
  const difference = toggle(t('features.difference'), (on) => { look.difference = on; onChange(); });
  const element = h('header', { class: 'enlarged-head' },
    iconButton('chevron', t('features.previous'), () => onStep(-1), { class: 'tool step-back' }), iconButton('chevron', t('features.next'), () => onStep(1), { class: 'tool step-on' }),
    h('div', { class: 'enlarged-names' }, title, place), h('span', { class: 'spacer' }), difference.element,
    h('label', { class: 'opacity' }, h('span', {}, t('features.opacity.picture')), opacity, h('span', {}, t('features.opacity.map'))), smooth.element, iconButton('close', t('maps.lens.close'), onClose));
  return {
    element,
    /** @param {EnlargedContent} content @param {boolean} canSubtract */
    update({ sides, map, at, of }, canSubtract) {
      const words = t('maps.lens', { layer: layerLabel(sides[0]), channel: map });
      if (title.textContent !== words) title.textContent = words;
      place.textContent = at < 0 ? '' : t('features.place', { at: at + 1, of });
      difference.element.hidden = !canSubtract;
    },
    focus: () => title.focus({ preventScroll: true }),
  };
}

/** The map of one side minus that of the other. @param {Context} ctx @param {{onHover: (side: number, cell: Cell|null) => void, onPick: (side: number, cell: Cell) => void}} events */
function createDifference({ t }, { onHover, onPick }) {
  const picture = createMapPicture({ onHover: (cell) => onHover(0, cell), onPick: (cell) => onPick(0, cell) });
  const caption = h('figcaption', { class: 'enlarged-title' }, t('features.difference.title'));
  const element = h('div', { class: 'enlarged-side' }, h('figure', { class: 'enlarged-figure' }, caption, picture.element));

  /** @param {EnlargedContent} content @param {{opacity: number, smooth: boolean}} look */
  function update({ sides: [a, b], map, rangeOf, palette, hovered, chosen }, { smooth }) {
    const size = a.stats.size;
    const data = a.tensor.data.slice(map * size, (map + 1) * size);
    for (let i = 0; i < size; i++) data[i] -= b.tensor.data[map * size + i];
    const limit = Math.max(Math.abs(rangeOf(map).lo), rangeOf(map).hi);
    picture.update({ model: a.model, layer: a.layer, map, data, alone: true, range: { lo: -limit, hi: limit, signed: true }, palette, seen: null, opacity: 1, smooth,
      label: t('features.difference.title') });
    picture.mark(hovered?.cell ?? null, chosen?.cell ?? null);
  }
  return { element, update };
}
