/**
 * One map enlarged, with the value under the pointer; a click pins the unit.
 *
 * @typedef {import('../../core/types.js').Context} Context
 * @typedef {import('../../core/types.js').Range} Range
 * @typedef {import('../../core/types.js').Palette} Palette
 * @typedef {import('../../core/types.js').Tensor} Tensor
 * @typedef {import('../../core/types.js').Unit} Unit
 */
import { short } from '../../core/numbers/format.js';
import { fullNumber } from '../../core/unit/text.js';
import { iconButton } from '../controls.js';
import { h } from '../dom.js';
import { createMapView } from '../map-view.js';

/** Largest and least side in CSS pixels. */
const SIDE = { most: 280, least: 140 };

/**
 * @param {Context} ctx
 * @param {{onHover: (channel: number, y: number, x: number) => void, onLeave: () => void, onPick: (channel: number, y: number, x: number) => void, onClose: () => void}} events
 */
export function createLens(ctx, { onHover, onLeave, onPick, onClose }) {
  let channel = 0;
  /** @type {{tensor: Tensor, name: string, lang: string}|null} */
  let shown = null;
  /** @type {Unit|null} */
  let hovered = null;
  const view = createMapView({
    onHover: (cell) => (cell ? onHover(channel, cell.row, cell.column) : onLeave()),
    onPick: (cell) => onPick(channel, cell.row, cell.column),
  });
  const title = h('h3', {});
  const value = h('p', { class: 'lens-value', 'aria-live': 'polite' });
  const element = h('div', { class: 'lens', hidden: true, on: { keydown: close } },
    view.element, h('div', { class: 'lens-words' }, iconButton('close', ctx.t('maps.lens.close'), onClose), title, value));

  /** @param {KeyboardEvent} event */
  function close(event) {
    if (event.key !== 'Escape') return;
    event.stopPropagation();
    onClose();
  }

  /** @param {Tensor} tensor @param {number} next @param {Range} range @param {Palette} palette @param {string} name @param {string} lang */
  function update(tensor, next, range, palette, name, lang) {
    channel = next;
    shown = { tensor, name, lang };
    const [, height, width] = tensor.shape;
    title.textContent = ctx.t('maps.lens', { layer: name, channel });
    view.element.setAttribute('aria-label', ctx.t('maps.lens.label', { layer: name, channel }));
    const side = Math.min(SIDE.most, Math.max(SIDE.least, element.clientHeight));
    view.draw(tensor.data, channel * height * width, { height, width, cell: Math.max(1, Math.floor(side / Math.max(height, width))) }, range, palette);
    read();
  }

  function read() {
    if (!shown || !hovered || hovered.channel !== channel) {
      value.textContent = ctx.t('maps.lens.hint');
      return;
    }
    const [, height, width] = shown.tensor.shape;
    const number = shown.tensor.data[(channel * height + hovered.y) * width + hovered.x];
    value.textContent = ctx.t('maps.lens.value', { y: hovered.y, x: hovered.x, value: short(number, shown.lang) });
    value.dataset.full = fullNumber(number);
  }

  /** @param {'hover'|'pinned'} kind @param {Unit|null} unit */
  function mark(kind, unit) {
    view.mark(kind, unit && unit.channel === channel ? { row: unit.y, column: unit.x } : null);
    if (kind !== 'hover') return;
    hovered = unit;
    read();
  }

  return { element, update, mark, focus: () => view.element.focus({ preventScroll: true }) };
}
