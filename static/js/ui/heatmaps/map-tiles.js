/**
 * A layer's maps as tiles, a button each; a dense layer as one strip. Only tiles in sight are drawn.
 *
 * @typedef {import('../../core/types.js').Tensor} Tensor
 * @typedef {import('../../core/types.js').Range} Range
 * @typedef {import('../../core/types.js').Palette} Palette
 * @typedef {import('../../core/types.js').Unit} Unit
 * @typedef {import('../../core/layout/tiles.js').Plan} Plan
 * @typedef {(channel: number, y: number, x: number) => void} At
 */
import { stripValues, tilePlan } from '../../core/layout/tiles.js';
import { h } from '../dom.js';
import { createMapView } from '../map-view.js';

/**
 * @param {{onHover: At, onLeave: () => void, onEnlarge: (channel: number, byKeyboard: boolean) => void, onPick: At}} events
 */
export function createMapTiles(events) {
  const element = h('div', { class: 'tiles' });
  /** @type {ReturnType<typeof createMapView>[]} */
  let views = [];
  /** @type {Plan|null} */
  let plan = null;
  let shape = '';
  /** The room that the plan was made for. */
  let room = { width: 0, height: 0 };
  const visible = new Set();
  const watcher = new IntersectionObserver((entries) => {
    for (const { target, isIntersecting } of entries) visible[isIntersecting ? 'add' : 'delete'](target);
    if (entries.some((entry) => entry.isIntersecting)) redraw();
  }, { root: element, rootMargin: '32px' });
  /** @type {() => void} */
  let redraw = () => {};

  /** The plan for the room there is now. @param {readonly number[]} next @returns {Plan} */
  function fit(next) {
    const now = roomOf(element);
    if (!plan || next.join() !== shape || now.width !== room.width || now.height !== room.height) {
      room = now;
      plan = tilePlan(next, room);
    }
    return plan;
  }

  /** @param {readonly number[]} next @param {(channel: number) => string} label */
  function build(next, label) {
    const layout = fit(next);
    shape = next.join();
    watcher.disconnect();
    visible.clear();
    views = layout.kind === 'strip' ? [strip(layout, label)] : Array.from({ length: layout.channels }, (_, channel) => tile(channel));
    const nodes = layout.kind === 'strip' ? views.map((view) => view.element) : views.map((view, channel) => button(view.element, channel, label(channel)));
    element.replaceChildren(...nodes);
    element.classList.toggle('is-strip', layout.kind === 'strip');
    for (const view of views) watcher.observe(view.element);
    views.forEach((view) => visible.add(view.element));
  }

  /** @param {number} channel */
  function tile(channel) {
    return createMapView({ onHover: (cell) => (cell ? events.onHover(channel, cell.row, cell.column) : events.onLeave()) });
  }

  /** @param {Plan} strip @param {(channel: number) => string} label */
  function strip({ width, channels }, label) {
    const unit = (/** @type {{row: number, column: number}} */ cell) => cell.row * width + cell.column;
    const view = createMapView({
      onHover: (cell) => (cell && unit(cell) < channels ? events.onHover(unit(cell), 0, 0) : events.onLeave()),
      onPick: (cell) => { if (unit(cell) < channels) events.onPick(unit(cell), 0, 0); },
    });
    view.element.setAttribute('aria-label', label(-1));
    if (width === channels) view.element.append(h('div', { class: 'strip-names', 'aria-hidden': 'true' }, ...Array.from({ length: channels }, (_, i) => h('span', {}, i))));
    return view;
  }

  /** @param {HTMLElement} map @param {number} channel @param {string} label */
  function button(map, channel, label) {
    return h('button', { class: 'tile', type: 'button', 'aria-label': label, on: { click: (event) => events.onEnlarge(channel, event.detail === 0) } },
      map, h('span', { class: 'tile-name', 'aria-hidden': 'true' }, channel));
  }

  /** @param {Tensor} tensor @param {(channel: number|null) => Range} rangeOf @param {Palette} palette @param {(channel: number) => string} label */
  function update(tensor, rangeOf, palette, label) {
    if (tensor.shape.join() !== shape) build(tensor.shape, label);
    const layout = fit(tensor.shape);
    redraw = () => paintAll(tensor, layout, rangeOf, palette);
    redraw();
  }

  /** @param {Tensor} tensor @param {Plan} layout @param {(channel: number|null) => Range} rangeOf @param {Palette} palette */
  function paintAll(tensor, layout, rangeOf, palette) {
    if (layout.kind === 'strip') return views[0]?.draw(stripValues(tensor, layout), 0, layout, rangeOf(null), palette);
    const size = layout.height * layout.width;
    views.forEach((view, channel) => {
      if (visible.has(view.element)) view.draw(tensor.data, channel * size, layout, rangeOf(channel), palette);
    });
  }

  /** Frames a unit's cell and its tile. @param {'hover'|'pinned'} kind @param {Unit|null} unit */
  function mark(kind, unit) {
    views.forEach((view, channel) => {
      const isStrip = plan?.kind === 'strip';
      const inside = unit !== null && (isStrip || unit.channel === channel);
      const cell = isStrip && unit && plan ? { row: Math.floor(unit.channel / plan.width), column: unit.channel % plan.width } : unit && { row: unit.y, column: unit.x };
      view.mark(kind, inside ? cell : null);
    });
  }

  /** Shows which tile is enlarged; null for none. @param {number|null} channel */
  function select(channel) {
    [...element.children].forEach((node, i) => { if (node.classList.contains('tile')) node.setAttribute('aria-pressed', String(i === channel)); });
  }

  /** Gives a tile the focus. @param {number} channel */
  function focus(channel) {
    const node = element.children[channel];
    if (node instanceof HTMLElement) node.focus();
  }

  return { element, update, mark, select, focus, reset: () => { shape = ''; }, destroy: () => watcher.disconnect() };
}

/** What tiles may take of the drawer; where it grows with them (phones), a fair height. @param {HTMLElement} element */
function roomOf(element) {
  const body = /** @type {HTMLElement} */ (element.parentElement);
  const isFixed = getComputedStyle(body).flexDirection === 'row';
  return { width: element.clientWidth - 16, height: isFixed ? element.clientHeight - 4 : 240 };
}
