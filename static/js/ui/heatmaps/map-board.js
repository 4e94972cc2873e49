/**
 * A layer's maps as tiles, and the one that is enlarged beside them.
 *
 * @typedef {import('../../core/types.js').Context} Context
 * @typedef {import('../../core/types.js').Tensor} Tensor
 * @typedef {import('../../core/types.js').Range} Range
 * @typedef {import('../../core/types.js').Palette} Palette
 * @typedef {import('../../core/types.js').Unit} Unit
 * @typedef {import('./map-tiles.js').At} At
 */
import { createLens } from './lens.js';
import { createMapTiles } from './map-tiles.js';

/**
 * @param {Context} ctx
 * @param {{onHover: At, onLeave: () => void, onPick: At, onChange: () => void}} events  onChange: must be updated.
 */
export function createMapBoard(ctx, { onHover, onLeave, onPick, onChange }) {
  /** @type {number|null} */
  let enlarged = null;
  const tiles = createMapTiles({ onHover, onLeave, onPick, onEnlarge });
  const lens = createLens(ctx, { onHover, onLeave, onPick, onClose });

  /** @param {number|null} channel */
  function enlarge(channel) {
    enlarged = channel;
    lens.element.hidden = channel === null;
    tiles.select(channel);
    onChange();
  }

  /** @param {number} channel @param {boolean} byKeyboard */
  function onEnlarge(channel, byKeyboard) {
    enlarge(channel === enlarged ? null : channel);
    if (byKeyboard && enlarged !== null) lens.focus();
  }

  function onClose() {
    if (enlarged !== null && lens.element.contains(document.activeElement)) tiles.focus(enlarged);
    enlarge(null);
  }

  /** @param {Tensor} tensor @param {(channel: number|null) => Range} rangeOf @param {Palette} palette @param {string} layer @param {string} lang */
  function update(tensor, rangeOf, palette, layer, lang) {
    tiles.update(tensor, rangeOf, palette, (channel) => ctx.t(channel < 0 ? 'maps.strip.label' : 'maps.tile', { layer, channel }));
    if (enlarged !== null) lens.update(tensor, enlarged, rangeOf(enlarged), palette, layer, lang);
  }

  /** Frames a unit of the shown stage; null for none. @param {'hover'|'pinned'} kind @param {Unit|null} unit */
  function mark(kind, unit) {
    tiles.mark(kind, unit);
    lens.mark(kind, unit);
  }

  /** Another stage: nothing is enlarged. */
  function reset() {
    enlarged = null;
    lens.element.hidden = true;
    tiles.reset();
  }

  return { elements: [tiles.element, lens.element], update, mark, reset, destroy: tiles.destroy };
}
