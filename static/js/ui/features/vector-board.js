/**
 * A layer of units without places (dense, or behind global pooling) as one picture, a cell a unit.
 *
 * @typedef {import('../../core/types.js').Tensor} Tensor
 * @typedef {import('../../core/types.js').Range} Range
 * @typedef {import('../../core/types.js').Palette} Palette
 */
import { stripValues, tilePlan } from '../../core/layout/tiles.js';
import { h } from '../dom.js';
import { createMapView } from '../map-view.js';

/** @param {{label: string, onHover: (unit: number|null, element: HTMLElement) => void, onPick: (unit: number) => void, onResize: () => void}} events */
export function createVectorBoard({ label, onHover, onPick, onResize }) {
  let columns = 1;
  let count = 0;
  const unitOf = (/** @type {{row: number, column: number}} */ { row, column }) => {
    const unit = row * columns + column;
    return unit < count ? unit : null;
  };
  const view = createMapView({
    onHover: (cell) => onHover(cell && unitOf(cell), view.element),
    onPick: (cell) => { const unit = unitOf(cell); if (unit !== null) onPick(unit); },
  });
  view.element.setAttribute('aria-label', label);
  const element = h('div', { class: 'vector-board' }, view.element);
  const watcher = new ResizeObserver(onResize);
  watcher.observe(element);

  /** @param {Tensor} tensor @param {Range} range @param {Palette} palette */
  function update(tensor, range, palette) {
    const plan = tilePlan([tensor.shape[0]], { width: element.clientWidth - 32, height: element.clientHeight - 32 });
    columns = plan.width;
    count = plan.channels;
    view.draw(stripValues(tensor, plan), 0, plan, range, palette);
  }

  /** @param {'hover'|'pinned'} kind @param {number|null} unit */
  const mark = (kind, unit) => view.mark(kind, unit === null ? null : { row: Math.floor(unit / columns), column: unit % columns });
  return { element, update, mark, destroy: () => watcher.disconnect() };
}
