/**
 * Pointing at maps and cells, pinning units, and going from one enlarged map to the next.
 *
 * @typedef {import('../../core/types.js').Store} Store
 * @typedef {import('../../core/types.js').Unit} Unit
 * @typedef {import('../../core/types.js').Translate} Translate
 * @typedef {import('./column.js').Under} Under
 * @typedef {import('./map-picture.js').Cell} Cell
 * @typedef {import('./look.js').FeatureLook} FeatureLook
 */
import { isUnitLayer } from './sides.js';
import { tipOf } from './tips.js';

/**
 * @param {Store} store @param {Translate} t @param {FeatureLook} look
 * @param {{schedule: () => void, onFocus: () => void, onOpen: () => void, onClose: (map: number) => void}} events
 *   onFocus: the legend speaks of another map.
 */
export function createPointing(store, t, look, { schedule, onFocus, onOpen, onClose }) {
  /** The unit of the present network that a cell stands for. @param {number} index @param {number} channel @param {Cell} cell @returns {Unit|null} */
  function unitOf(index, channel, { y, x }) {
    const [own, side] = [look.sides[0], look.sides[index]];
    // A cell of the other side stands for the same unit here, where the network is the same.
    return own && side?.model === own.model && isUnitLayer(own) ? { stage: own.stage.id, channel, y, x } : null;
  }

  /** @param {number|null} map */
  function focus(map) {
    if (look.focus === map) return;
    look.focus = map;
    onFocus();
  }

  /** @param {number} index @param {Under|null} under */
  function hoverMap(index, under) {
    const side = look.sides[index];
    if (under && side) under.element.dataset.tip = tipOf(side, under.map, under.cell, t, store.get().lang);
    store.set({ hover: under?.cell && side ? unitOf(index, under.map, under.cell) : null });
    focus(under?.map ?? null);
  }

  /** @param {number} side @param {Cell|null} cell */
  function hoverCell(side, cell) {
    look.hovered = cell && { side, cell };
    store.set({ hover: cell && look.map !== null ? unitOf(side, look.map, cell) : null });
    schedule();
  }

  /** @param {number} side @param {number} channel @param {Cell} cell */
  function pin(side, channel, cell) {
    const unit = unitOf(side, channel, cell);
    if (unit) store.set({ pinned: unit });
  }

  /** @param {number} side @param {Cell} cell */
  function pickCell(side, cell) {
    look.chosen = { side, cell };
    if (look.map !== null) pin(side, look.map, cell);
    schedule();
  }

  /** @param {number} map */
  function open(map) {
    Object.assign(look, { map, focus: map, chosen: null, hovered: null });
    store.set({ hover: null });
    onOpen();
  }

  /** To the next map in the order, or the one before. @param {number} by */
  function step(by) {
    const [order] = look.orders;
    if (look.map === null || order.length === 0) return;
    const at = order.indexOf(look.map);
    const map = order[at < 0 ? 0 : (at + by + order.length) % order.length];
    Object.assign(look, { map, focus: map, chosen: null });
    schedule();
  }

  /** Steps back from the enlarged map. @returns {boolean} Whether there was one. */
  function close() {
    const { map } = look;
    if (map === null) return false;
    Object.assign(look, { map: null, hovered: null });
    store.set({ hover: null });
    onClose(map);
    return true;
  }

  return { hoverMap, hoverCell, pickCell, pin, open, step, close, focus };
}
