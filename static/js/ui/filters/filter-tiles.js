/** The filters of a layer that have one picture each, as tiles: the first layer in colour, as in the AlexNet paper's figure, and depthwise kernels. */
import { nameOf } from '../../core/networks/graph.js';
import { tileSize } from '../../core/filters/kernels.js';
import { short } from '../../core/numbers/format.js';
import { eachFrame, h } from '../dom.js';
import { colourPixels, signedPixels } from './kernel-paint.js';

/**
 * @typedef {import('../../core/filters/kernels.js').Filters} Filters
 * @typedef {import('../../core/types.js').Palette} Palette
 * @typedef {import('../../core/types.js').Translate} Translate
 */

/** CSS pixels of the longer side of a tile that has no colours: there may be a thousand. */
const SIDE = 56;

/** @param {Translate} t @param {(channel: number) => void} open */
export function createFilterTiles(t, open) {
  const element = h('div', { class: 'filter-tiles' });
  /** @type {{channel: number, element: HTMLElement, canvas: HTMLCanvasElement}[]} */
  let tiles = [];
  /** What the tiles are of. @type {Filters|null} */
  let shown = null;
  /** @type {(tile: typeof tiles[number]) => void} */
  let draw = () => {};
  const visible = new Set();
  const watcher = new IntersectionObserver((entries) => {
    for (const { target, isIntersecting } of entries) visible[isIntersecting ? 'add' : 'delete'](target);
    tiles.forEach((tile) => { if (visible.has(tile.element)) draw(tile); });
  }, { rootMargin: '64px' });

  /** Tiles in colour as large as the room lets them be. */
  function fit() {
    if (shown?.form !== 'colour' || element.clientWidth === 0) return element.style.removeProperty('column-gap');
    const { paddingLeft, paddingTop } = getComputedStyle(element);
    const room = { width: element.clientWidth - 2 * parseFloat(paddingLeft), height: element.clientHeight - 2 * parseFloat(paddingTop) };
    const { cell, gap } = tileSize(shown, room);
    element.style.columnGap = `${gap}px`;
    for (const { canvas } of tiles) canvas.style.width = `${shown.width * cell}px`;
  }
  const refit = eachFrame(fit); // behind the observer: a scroll bar that goes changes the room again
  const sizes = new ResizeObserver(refit);
  sizes.observe(element);

  /** @param {number} channel @param {Filters} filters @param {string} lang */
  function tile(channel, filters, lang) {
    const { form, height, width } = filters;
    const canvas = h('canvas', { class: 'filter-kernel', width, height, 'aria-hidden': 'true' });
    if (form !== 'colour') canvas.style.width = `${width * Math.max(2, Math.floor(SIDE / Math.max(height, width)))}px`;
    const button = h('button', { class: 'filter-tile', type: 'button', data: { channel: String(channel) }, on: { click: () => open(channel) } },
      canvas, h('span', { class: 'tile-name', 'aria-hidden': 'true' }, channel));
    name(button, channel, filters, lang);
    return { channel, element: button, canvas };
  }

  /** @param {HTMLElement} button @param {number} channel @param {Filters} filters @param {string} lang */
  function name(button, channel, { stage, filters }, lang) {
    const label = t('filters.tile', { layer: nameOf(stage), channel, norm: short(filters[channel].norm, lang) });
    button.setAttribute('aria-label', label);
    button.dataset.tip = label;
  }

  /** @param {Filters} filters @param {number[]} order @param {string} lang */
  function build(filters, order, lang) {
    watcher.disconnect();
    visible.clear();
    tiles = order.map((channel) => tile(channel, filters, lang));
    element.replaceChildren(...tiles.map((each) => each.element));
  }

  /** @param {Filters} filters @param {number[]} order @param {(channel: number) => Float32Array|null} weightsOf @param {(channel: number) => number} limit @param {Palette} palette @param {string} lang */
  function show(filters, order, weightsOf, limit, palette, lang) {
    const isSame = shown?.stage === filters.stage && order.length === tiles.length && order.every((channel, i) => tiles[i].channel === channel);
    shown = filters;
    if (isSame) tiles.forEach((each) => name(each.element, each.channel, filters, lang));
    else build(filters, order, lang);
    fit();
    draw = ({ channel, canvas }) => {
      const weights = weightsOf(channel);
      if (!weights) return;
      const pixels = filters.form === 'colour' ? colourPixels(filters, weights, limit(channel)) : signedPixels(weights, 0, weights.length, limit(channel), palette);
      canvas.getContext('2d')?.putImageData(new ImageData(pixels, filters.width, filters.height), 0, 0);
    };
    if (isSame) redraw();
    else tiles.forEach((each) => watcher.observe(each.element));
  }

  const redraw = () => tiles.forEach((each) => { if (visible.has(each.element)) draw(each); });

  return { element, show, redraw, destroy() { watcher.disconnect(); sizes.disconnect(); refit.cancel(); } };
}
