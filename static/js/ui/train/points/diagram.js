/**
 * The network as a diagram: a tile with its own surface for every unit, links as thick as their weights, coloured by
 * sign; layers and units can be added and taken away.
 *
 * @typedef {import('../../../core/types.js').Store} Store
 * @typedef {import('../../../views.js').ViewContext} ViewContext
 * @typedef {import('../../../core/points/control.js').PointsControl} Control
 * @typedef {import('./sight.js').Sight} Sight
 */
import { MOST_LAYERS, MOST_UNITS, withLayer, withoutLayer, withUnits } from '../../../core/points/choice.js';
import { placesOf, tileSize } from '../../../core/points/diagram.js';
import { toggle } from '../../controls.js';
import { h } from '../../dom.js';
import { createDiagramLinks } from './diagram-links.js';
import { createDiagramTiles } from './diagram-tiles.js';

/** @param {Store} store @param {ViewContext} ctx @param {Control} control @param {Sight} sight */
export function createDiagram(store, ctx, control, sight) {
  const links = createDiagramLinks(store, ctx, control, sight);
  const tiles = createDiagramTiles(store, ctx, control, sight);
  const heads = h('div', { class: 'points-heads' });
  const board = h('div', { class: 'points-board' }, links.element, tiles.element);
  const element = h('section', { class: 'points-diagram', 'aria-label': ctx.t('points.network') }, heads, board);
  let built = '';

  const widths = () => [2, ...control.choice().layers, 1];

  function build() {
    const all = widths();
    tiles.build(all);
    links.build(all);
    heads.replaceChildren(...all.map((count, layer) => createLayerHead(ctx, control, { layer, count, last: all.length - 1 })));
  }

  function layOut() {
    const all = widths();
    const { clientWidth: width, clientHeight: height } = board;
    if (width === 0) return;
    const size = tileSize(all, width, height);
    const places = placesOf(all, width, height);
    board.style.setProperty('--tile', `${size}px`);
    tiles.place(places, size);
    links.place(places, size, { width, height });
    [...heads.children].forEach((each, layer) => { /** @type {HTMLElement} */ (each).style.left = `${places[layer][0].x}px`; });
  }

  function update() {
    const shape = widths().join();
    if (shape !== built) {
      built = shape;
      build();
      layOut();
    }
    element.classList.toggle('is-waiting', !tiles.paint());
    links.paint();
  }

  const observer = new ResizeObserver(layOut);
  observer.observe(board);
  return { element, update, destroy: () => observer.disconnect() };
}

/** What stands above a layer: its name, or less and more units. @param {ViewContext} ctx @param {Control} control @param {{layer: number, count: number, last: number}} place */
function createLayerHead({ t }, control, { layer, count, last }) {
  if (layer === 0 || layer === last) return h('div', { class: 'points-head' }, h('span', {}, t(layer === 0 ? 'points.inputs' : 'points.output')));
  const by = (/** @type {1|-1} */ step) => h('button', {
    class: 'points-step', type: 'button', 'aria-label': t(step > 0 ? 'points.more_units' : 'points.less_units', { layer }), disabled: step > 0 ? count >= MOST_UNITS : count <= 1,
    on: { click: () => control.replace(withUnits(control.choice(), layer - 1, step)) },
  }, step > 0 ? '+' : '−');
  return h('div', { class: 'points-head' }, by(-1), h('span', { class: 'num' }, t('points.units', { count })), by(1));
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
