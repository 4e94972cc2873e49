/**
 * The network as a diagram: a tile with its own surface for every unit, links as thick as their weights, coloured by
 * sign; layers and units can be added and taken away.
 *
 * @typedef {import('../../../core/types.js').Store} Store
 * @typedef {import('../../../views.js').ViewContext} ViewContext
 * @typedef {import('../../../core/points-control.js').PointsControl} Control
 * @typedef {import('./sight.js').Sight} Sight
 */
import { short } from '../../../core/format.js';
import { MOST_LAYERS, MOST_UNITS, withLayer, withoutLayer, withUnits } from '../../../core/points-choice.js';
import { linkPath, placesOf, thickness, tileSize } from '../../../core/points-diagram.js';
import { discretised } from '../../../core/points-surface.js';
import { toggle } from '../../controls.js';
import { h, s } from '../../dom.js';
import { unitName } from './names.js';
import { paintSquare } from './paint.js';

/** @param {Store} store @param {ViewContext} ctx @param {Control} control @param {Sight} sight */
export function createDiagram(store, ctx, control, sight) {
  const { t } = ctx;
  const links = s('svg', { class: 'points-links', 'aria-hidden': 'true' });
  const tiles = h('div', { class: 'points-tiles' });
  const heads = h('div', { class: 'points-heads' });
  const board = h('div', { class: 'points-board' }, links, tiles);
  const element = h('section', { class: 'points-diagram', 'aria-label': t('points.network') }, heads, board);
  /** @type {{button: HTMLButtonElement, canvas: HTMLCanvasElement, value: HTMLElement}[][]} */
  let units = [];
  /** @type {{path: SVGPathElement, touch: SVGPathElement, from: number, to: number, layer: number}[]} */
  let wires = [];
  let built = '';

  const widths = () => [2, ...control.choice().layers, 1];

  /** @param {number} layer @param {number} unit */
  function tile(layer, unit) {
    const canvas = h('canvas', { width: 1, height: 1, 'aria-hidden': 'true' });
    const value = h('span', { class: 'points-value num' });
    const button = h('button', {
      class: 'points-tile', type: 'button', data: { layer: String(layer), unit: String(unit) },
      on: {
        click: () => control.change({ unit: layer === widths().length - 1 ? null : [layer, unit] }),
        pointerenter: () => sight.hover([layer, unit]), pointerleave: () => sight.hover(null),
      },
    }, canvas, value);
    return { button, canvas, value };
  }

  /** @param {number} layer @param {number} from @param {number} to */
  function wire(layer, from, to) {
    const path = s('path', { class: 'points-link' });
    const touch = s('path', { class: 'points-link-touch' });
    touch.addEventListener('pointerenter', () => path.classList.add('is-hovered'));
    touch.addEventListener('pointerleave', () => path.classList.remove('is-hovered'));
    touch.addEventListener('click', () => control.change({ unit: layer === widths().length - 1 ? null : [layer, to] }));
    return { path, touch, layer, from, to };
  }

  function build() {
    const all = widths();
    sight.hover(null);
    units = all.map((count, layer) => Array.from({ length: count }, (_, unit) => tile(layer, unit)));
    wires = all.slice(1).flatMap((count, i) => Array.from({ length: count }, (_, to) => Array.from({ length: all[i] }, (__, from) => wire(i + 1, from, to))).flat());
    tiles.replaceChildren(...units.flat().map(({ button }) => button));
    links.replaceChildren(...wires.map(({ path }) => path), ...wires.map(({ touch }) => touch));
    heads.replaceChildren(...all.map((count, layer) => head(layer, count)));
  }

  /** What stands above a layer: its name, and less and more units. @param {number} layer @param {number} count */
  function head(layer, count) {
    const last = widths().length - 1;
    if (layer === 0 || layer === last) return h('div', { class: 'points-head' }, h('span', {}, t(layer === 0 ? 'points.inputs' : 'points.output')));
    const by = (/** @type {1|-1} */ step) => h('button', {
      class: 'points-step', type: 'button', 'aria-label': t(step > 0 ? 'points.more_units' : 'points.less_units', { layer }), disabled: step > 0 ? count >= MOST_UNITS : count <= 1,
      on: { click: () => control.replace(withUnits(control.choice(), layer - 1, step)) },
    }, step > 0 ? '+' : '−');
    return h('div', { class: 'points-head' }, by(-1), h('span', { class: 'num' }, t('points.units', { count })), by(1));
  }

  function layOut() {
    const all = widths();
    const { clientWidth: width, clientHeight: height } = board;
    if (width === 0) return;
    const size = tileSize(all, width, height);
    const places = placesOf(all, width, height);
    links.setAttribute('viewBox', `0 0 ${width} ${height}`);
    board.style.setProperty('--tile', `${size}px`);
    places.flat().forEach(({ layer, unit, x, y }) => { units[layer][unit].button.style.translate = `${x - size / 2}px ${y - size / 2}px`; });
    wires.forEach(({ path, touch, layer, from, to }) => [path, touch].forEach((each) => each.setAttribute('d', linkPath(places[layer - 1][from], places[layer][to], size))));
    [...heads.children].forEach((each, layer) => { /** @type {HTMLElement} */ (each).style.left = `${places[layer][0].x}px`; });
  }

  function paintTiles() {
    const { palette, lang } = store.get();
    const { network } = control.shown();
    const [surfaces, probed] = [sight.small(), sight.probed()];
    const [chosenLayer, chosenUnit] = sight.unit();
    const isMatching = surfaces?.length === units.length;
    element.classList.toggle('is-waiting', !isMatching);
    units.forEach((row, layer) => row.forEach(({ button, canvas, value }, unit) => {
      const surface = isMatching ? surfaces[layer][unit] : undefined;
      if (surface && palette) paintSquare(canvas, control.choice().discretise ? discretised(surface) : surface.values, surface.range, palette);
      const said = probed?.units[layer]?.[unit]?.[0];
      value.textContent = said === undefined ? '' : short(said, lang);
      const name = unitName([layer, unit], network, t);
      button.setAttribute('aria-label', said === undefined ? name : `${name}: ${short(said, lang)}`);
      button.dataset.tip = tipOf(layer, unit, name, said);
      button.setAttribute('aria-pressed', String(layer === chosenLayer && unit === chosenUnit));
    }));
  }

  /** @param {number} layer @param {number} unit @param {string} name @param {number|undefined} said */
  function tipOf(layer, unit, name, said) {
    const { lang } = store.get();
    const bias = control.shown().network?.layers[layer - 1]?.bias[unit];
    return [name, bias !== undefined && `b = ${short(bias, lang)}`, said !== undefined && t('points.says', { value: short(said, lang) })].filter(Boolean).join(' · ');
  }

  function paintLinks() {
    const { lang } = store.get();
    const { network } = control.shown();
    const probed = sight.probed();
    const [chosenLayer, chosenUnit] = sight.unit();
    for (const { path, touch, layer, from, to } of wires) {
      const weight = network?.layers[layer - 1]?.weights[to]?.[from];
      path.setAttribute('visibility', weight === undefined ? 'hidden' : 'visible');
      if (weight === undefined) continue;
      path.style.strokeWidth = `${thickness(weight)}px`;
      path.dataset.sign = weight < 0 ? 'negative' : 'positive';
      path.dataset.own = String(layer === chosenLayer && to === chosenUnit);
      const input = probed?.units[layer - 1]?.[from]?.[0];
      const names = `${unitName([layer - 1, from], network, t)} → ${unitName([layer, to], network, t)}`;
      touch.dataset.tip = [names, `w = ${short(weight, lang)}`, input !== undefined && `${short(weight, lang)} · ${short(input, lang)} = ${short(weight * input, lang)}`].filter(Boolean).join(' · ');
    }
  }

  function update() {
    const shape = widths().join();
    if (shape !== built) {
      built = shape;
      build();
      layOut();
    }
    paintTiles();
    paintLinks();
  }

  const observer = new ResizeObserver(layOut);
  observer.observe(board);
  return { element, update, destroy: () => observer.disconnect() };
}

/** How many hidden layers there are, with less and more; and whether weights are set by hand. @param {ViewContext} ctx @param {Control} control */
export function createDepth({ t }, control) {
  const hand = toggle(t('points.hand'), control.byHand);
  hand.element.dataset.tip = t('points.hand.about');
  const count = h('span', { class: 'num' });
  const button = (/** @type {string} */ key, /** @type {string} */ text, /** @type {() => void} */ click) => h('button', { class: 'points-step', type: 'button', 'aria-label': t(key), on: { click } }, text);
  const less = button('points.less_layers', '−', () => control.replace(withoutLayer(control.choice())));
  const more = button('points.more_layers', '+', () => control.replace(withLayer(control.choice())));
  return {
    element: h('div', { class: 'points-depth' }, less, count, more, hand.element),
    update() {
      hand.show(control.choice().hand !== null);
      const { length } = control.choice().layers;
      count.textContent = t('points.layers', { count: length });
      less.disabled = length === 0;
      more.disabled = length >= MOST_LAYERS;
    },
  };
}
