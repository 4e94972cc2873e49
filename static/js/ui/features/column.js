/**
 * All maps of one side: a grid of tiles, or one board where the layer has no maps.
 *
 * @typedef {import('../../core/types.js').Context} Context
 * @typedef {import('../../core/types.js').Range} Range
 * @typedef {import('../../core/types.js').Palette} Palette
 * @typedef {import('./sides.js').FeatureSide} FeatureSide
 * @typedef {{map: number, cell: {y: number, x: number}|null, element: HTMLElement}} Under  What the pointer is on.
 */
import { h } from '../dom.js';
import { createMapGrid } from './map-grid.js';
import { hasMaps, layerLabel } from './sides.js';
import { createVectorBoard } from './vector-board.js';

/**
 * @param {Context} ctx
 * @param {{onOpen: (map: number) => void, onActive: (map: number) => void, onHover: (under: Under|null) => void, onPick: (unit: number) => void,
 *   onScroll: (top: number) => void, onResize: () => void}} events
 */
export function createColumn({ t }, { onOpen, onActive, onHover, onPick, onScroll, onResize }) {
  const grid = createMapGrid({
    label: t('features.grid'), onOpen, onActive, onScroll,
    onHover: (map, cell, element) => onHover(map === null || element === null ? null : { map, cell, element }),
  });
  const board = createVectorBoard({
    label: t('features.board'), onPick, onResize,
    onHover: (unit, element) => onHover(unit === null ? null : { map: unit, cell: { y: 0, x: 0 }, element }),
  });
  const empty = h('p', { class: 'map-empty hint', hidden: true });
  const element = h('div', { class: 'map-column' }, grid.element, board.element, empty);

  /**
   * @param {FeatureSide} side
   * @param {{order: number[], rangeOf: (map: number|null) => Range, palette: Palette, tile: number|null, pinned: number|null, hovered: number|null}} look
   */
  function update(side, { order, rangeOf, palette, tile, pinned, hovered }) {
    const isGrid = hasMaps(side);
    grid.element.hidden = !isGrid || order.length === 0;
    board.element.hidden = isGrid;
    empty.hidden = !isGrid || order.length > 0;
    empty.textContent = t('features.nothing');
    const label = (/** @type {number} */ channel) => t('maps.tile', { layer: layerLabel(side), channel });
    if (!grid.element.hidden) grid.update({ tensor: side.tensor, stats: side.stats, order, rangeOf, palette, tile, label, deadName: t('features.dead'), pinned });
    if (isGrid) return;
    board.update(side.tensor, rangeOf(null), palette);
    board.mark('pinned', pinned);
    board.mark('hover', hovered);
  }

  function clear() {
    for (const part of [grid.element, board.element, empty]) part.hidden = true;
  }

  return { element, grid, update, clear, destroy() { grid.destroy(); board.destroy(); } };
}
