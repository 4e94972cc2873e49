/** The filters of a layer that have one picture each, as tiles: the first layer in colour, as in the AlexNet paper's figure, and depthwise kernels. */
import { nameOf } from '../../core/graph.js';
import { short } from '../../core/format.js';
import { h } from '../dom.js';
import { colourPixels, signedPixels } from './kernel-paint.js';

/**
 * @typedef {import('../../core/filters.js').Filters} Filters
 * @typedef {import('../../core/types.js').Palette} Palette
 * @typedef {import('../../core/types.js').Translate} Translate
 */

/** CSS pixels of a tile's longer side. */
const SIDE = { colour: 84, single: 56 };

/** @param {Translate} t @param {(channel: number) => void} open */
export function createFilterTiles(t, open) {
  const element = h('div', { class: 'filter-tiles' });
  /** @type {{channel: number, element: HTMLElement, canvas: HTMLCanvasElement}[]} */
  let tiles = [];
  /** @type {(tile: typeof tiles[number]) => void} */
  let draw = () => {};
  const visible = new Set();
  const watcher = new IntersectionObserver((entries) => {
    for (const { target, isIntersecting } of entries) visible[isIntersecting ? 'add' : 'delete'](target);
    tiles.forEach((tile) => { if (visible.has(tile.element)) draw(tile); });
  }, { rootMargin: '64px' });

  /** @param {number} channel @param {Filters} filters @param {string} lang */
  function tile(channel, { stage, filters, form, height, width }, lang) {
    const canvas = h('canvas', { class: 'filter-kernel', width, height, 'aria-hidden': 'true' });
    const side = form === 'colour' ? SIDE.colour : SIDE.single;
    const cell = Math.max(2, Math.floor(side / Math.max(height, width)));
    canvas.style.width = `${width * cell}px`;
    const label = t('filters.tile', { layer: nameOf(stage), channel, norm: short(filters[channel].norm, lang) });
    const button = h('button', { class: 'filter-tile', type: 'button', 'aria-label': label, data: { tip: label, channel: String(channel) }, on: { click: () => open(channel) } },
      canvas, h('span', { class: 'tile-name', 'aria-hidden': 'true' }, channel));
    return { channel, element: button, canvas };
  }

  /** @param {Filters} filters @param {number[]} order @param {(channel: number) => Float32Array|null} weightsOf @param {(channel: number) => number} limit @param {Palette} palette @param {string} lang */
  function show(filters, order, weightsOf, limit, palette, lang) {
    watcher.disconnect();
    visible.clear();
    tiles = order.map((channel) => tile(channel, filters, lang));
    element.replaceChildren(...tiles.map((each) => each.element));
    draw = ({ channel, canvas }) => {
      const weights = weightsOf(channel);
      if (!weights) return;
      const pixels = filters.form === 'colour' ? colourPixels(filters, weights, limit(channel)) : signedPixels(weights, 0, weights.length, limit(channel), palette);
      canvas.getContext('2d')?.putImageData(new ImageData(pixels, filters.width, filters.height), 0, 0);
    };
    tiles.forEach((each) => watcher.observe(each.element));
  }

  return { element, show, redraw: () => tiles.forEach((tile) => { if (visible.has(tile.element)) draw(tile); }), destroy: () => watcher.disconnect() };
}
