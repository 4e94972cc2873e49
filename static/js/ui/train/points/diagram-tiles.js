/**
 * The diagram's units: a tile each, with the unit's own surface, and what it says of the probe.
 *
 * @typedef {import('../../../core/types.js').Store} Store
 * @typedef {import('../../../views.js').ViewContext} ViewContext
 * @typedef {import('../../../core/points/control.js').PointsControl} Control
 * @typedef {import('./sight.js').Sight} Sight
 * @typedef {{button: HTMLButtonElement, canvas: HTMLCanvasElement, value: HTMLElement}} Tile
 */
import { short } from '../../../core/numbers/format.js';
import { discretised } from '../../../core/points/surface.js';
import { h } from '../../dom.js';
import { unitName } from './names.js';
import { paintSquare } from './paint.js';

/** @param {Store} store @param {ViewContext} ctx @param {Control} control @param {Sight} sight */
export function createDiagramTiles(store, { t }, control, sight) {
  const element = h('div', { class: 'points-tiles' });
  /** By layer and unit. @type {Tile[][]} */
  let units = [];

  /** @param {number} layer @param {number} unit @returns {Tile} */
  function tile(layer, unit) {
    const canvas = h('canvas', { width: 1, height: 1, 'aria-hidden': 'true' });
    const value = h('span', { class: 'points-value num' });
    const button = h('button', {
      class: 'points-tile', type: 'button', data: { layer: String(layer), unit: String(unit) },
      on: {
        click: () => control.change({ unit: layer === units.length - 1 ? null : [layer, unit] }),
        pointerenter: () => sight.hover([layer, unit]), pointerleave: () => sight.hover(null),
      },
    }, canvas, value);
    return { button, canvas, value };
  }

  /** @param {readonly number[]} widths  Units of each layer, inputs and answer included. */
  function build(widths) {
    sight.hover(null);
    units = widths.map((count, layer) => Array.from({ length: count }, (_, unit) => tile(layer, unit)));
    element.replaceChildren(...units.flat().map(({ button }) => button));
  }

  /** @param {import('../../../core/points/diagram.js').Place[][]} places @param {number} size */
  function place(places, size) {
    for (const { layer, unit, x, y } of places.flat()) units[layer][unit].button.style.translate = `${x - size / 2}px ${y - size / 2}px`;
  }

  /** Shows all surfaces. @returns {boolean}  Do they belong to this network? */
  function paint() {
    const surfaces = sight.small();
    const isMatching = surfaces?.length === units.length;
    units.forEach((row, layer) => row.forEach((each, unit) => paintTile(each, layer, unit, isMatching ? surfaces[layer][unit] : undefined)));
    return isMatching;
  }

  /** @param {Tile} tile @param {number} layer @param {number} unit @param {import('../../../core/points/surface.js').UnitSurface|undefined} surface */
  function paintTile({ button, canvas, value }, layer, unit, surface) {
    const { palette, lang } = store.get();
    const [chosenLayer, chosenUnit] = sight.unit();
    if (surface && palette) paintSquare(canvas, control.choice().discretise ? discretised(surface) : surface.values, surface.range, palette);
    const said = sight.probed()?.units[layer]?.[unit]?.[0];
    value.textContent = said === undefined ? '' : short(said, lang);
    const name = unitName([layer, unit], control.shown().network, t);
    button.setAttribute('aria-label', said === undefined ? name : `${name}: ${short(said, lang)}`);
    button.dataset.tip = tipOf(layer, unit, name, said);
    button.setAttribute('aria-pressed', String(layer === chosenLayer && unit === chosenUnit));
  }

  /** @param {number} layer @param {number} unit @param {string} name @param {number|undefined} said */
  function tipOf(layer, unit, name, said) {
    const { lang } = store.get();
    const bias = control.shown().network?.layers[layer - 1]?.bias[unit];
    return [name, bias !== undefined && `b = ${short(bias, lang)}`, said !== undefined && t('points.says', { value: short(said, lang) })].filter(Boolean).join(' · ');
  }

  return { element, build, place, paint };
}
