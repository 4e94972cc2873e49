/**
 * The maps of a layer as a grid that scrolls: only tiles in sight exist, and they are used again. One tab stop;
 * arrow keys walk, Enter enlarges.
 *
 * @typedef {import('../../core/types.js').Tensor} Tensor
 * @typedef {import('../../core/types.js').Range} Range
 * @typedef {import('../../core/types.js').Palette} Palette
 * @typedef {import('../../core/maps/stats.js').MapStats} MapStats
 * @typedef {import('../../core/maps/grid.js').GridPlan} GridPlan
 */
import { fittingTile, inSight, placeAt, planGrid, scrollFor, stepTo } from '../../core/maps/grid.js';
import { deadness } from '../../core/maps/stats.js';
import { eachFrame, h } from '../dom.js';
import { createMapTile } from './map-tile.js';

/**
 * @typedef {object} Content
 * @property {Tensor} tensor
 * @property {MapStats} stats
 * @property {number[]} order   Maps, in the order of their tiles.
 * @property {(map: number) => Range} rangeOf
 * @property {Palette} palette
 * @property {number|null} tile  Width that the reader chose; null: what fits.
 * @property {(map: number) => string} label
 * @property {string} deadName
 * @property {number|null} pinned
 */

/**
 * @param {{label: string, onOpen: (map: number) => void, onActive: (map: number) => void,
 *   onHover: (map: number|null, cell: {y: number, x: number}|null, tile: HTMLElement|null) => void, onScroll?: (top: number) => void}} events
 */
export function createMapGrid(events) {
  const field = h('div', { class: 'map-grid-field' });
  const element = h('div', { class: 'map-grid', role: 'listbox', tabindex: 0, 'aria-label': events.label }, field);
  /** @type {ReturnType<typeof createMapTile>[]} */
  const pool = [];
  /** @type {Content|null} */
  let content = null;
  /** @type {GridPlan|null} */
  let plan = null;
  /** The tile that the keys stand on, by its place in the order. */
  let active = 0;
  /** What each tile of the pool shows; a tile that shows the right thing is left alone. @type {{content: Content, plan: GridPlan, at: number, active: number}[]} */
  const filled = [];

  /** Finds the plan anew: the content or the room has changed. */
  function render() {
    if (!content) return;
    const { tensor, order } = content;
    const [, height = 1, width = 1] = tensor.shape;
    const room = { width: element.clientWidth - 2 * EDGE, height: element.clientHeight - 2 * EDGE };
    if (room.width <= 0) return;
    const next = planGrid(order.length, room.width, content.tile ?? fittingTile(order.length, room, height / width), height / width);
    if (!plan || PLAN_KEYS.some((key) => plan?.[key] !== next[key])) plan = next;
    active = Math.min(active, Math.max(0, order.length - 1));
    field.style.height = `${plan.total}px`;
    place(plan, content);
  }

  /** @param {GridPlan} now @param {Content} shown */
  function place(now, shown) {
    const { first, last } = inSight(now, element.scrollTop - EDGE, element.clientHeight);
    while (pool.length < last - first) field.append(pool[pool.push(createMapTile()) - 1].element);
    // A place in the grid keeps its tile while it is in sight, so that scrolling draws new rows only.
    const size = pool.length;
    pool.forEach(({ element: tile }, i) => { tile.hidden = !isUsed(i, first, last, size); });
    for (let at = first; at < last; at++) {
      const known = filled[at % size];
      if (known?.content === shown && known.plan === now && known.at === at && known.active === active) continue;
      filled[at % size] = { content: shown, plan: now, at, active };
      fillTile(pool[at % size], at, now, shown);
    }
    const current = active >= first && active < last ? pool[active % size].element.id : null;
    if (current) element.setAttribute('aria-activedescendant', current);
    else element.removeAttribute('aria-activedescendant');
  }

  /** @param {ReturnType<typeof createMapTile>} tile @param {number} at @param {GridPlan} now @param {Content} shown */
  function fillTile(tile, at, now, shown) {
    const { tensor, stats, order, rangeOf, palette, label, deadName, pinned } = shown;
    const map = order[at];
    tile.fill({ map, at, label: label(map), tensor, range: rangeOf(map), palette, dead: deadness(stats, map) }, now, placeAt(now, at), deadName);
    tile.mark({ active: at === active, pinned: map === pinned, selected: map === pinned });
  }

  const schedule = eachFrame(render);
  const follow = eachFrame(() => { if (plan && content) place(plan, content); });

  /** @param {Event} event */
  function mapUnder(event) {
    const tile = event.target instanceof Element ? event.target.closest('.map-tile') : null;
    return tile instanceof HTMLElement ? { tile, map: Number(tile.dataset.map) } : null;
  }

  /** @param {PointerEvent} event */
  function hover(event) {
    const found = mapUnder(event);
    const canvas = found?.tile.querySelector('canvas')?.getBoundingClientRect();
    if (!found || !canvas || !content) return events.onHover(null, null, null);
    const [, height = 1, width = 1] = content.tensor.shape;
    const y = Math.floor(((event.clientY - canvas.top) / canvas.height) * height);
    const x = Math.floor(((event.clientX - canvas.left) / canvas.width) * width);
    const inside = y >= 0 && y < height && x >= 0 && x < width;
    events.onHover(found.map, inside ? { y, x } : null, found.tile);
  }

  /** @param {KeyboardEvent} event */
  function walk(event) {
    if (!plan || !content || content.order.length === 0) return;
    if (event.key === 'Enter' || event.key === ' ') {
      event.preventDefault();
      return events.onOpen(content.order[active]);
    }
    const next = stepTo(plan, active, event.key, Math.max(1, Math.floor(element.clientHeight / plan.down)));
    if (next === null) return;
    event.preventDefault();
    activate(next);
  }

  /** @param {number} at */
  function activate(at) {
    if (!plan || !content) return;
    active = at;
    element.scrollTop = scrollFor(plan, at, element.scrollTop, element.clientHeight);
    events.onActive(content.order[at]);
    schedule();
  }

  element.addEventListener('scroll', () => { follow(); events.onScroll?.(element.scrollTop); }, { passive: true });
  element.addEventListener('pointermove', hover);
  element.addEventListener('pointerleave', () => events.onHover(null, null, null));
  element.addEventListener('keydown', walk);
  element.addEventListener('click', (event) => {
    const found = mapUnder(event);
    if (!found || !content) return;
    active = content.order.indexOf(found.map);
    events.onOpen(found.map);
  });
  const watcher = new ResizeObserver(schedule);
  watcher.observe(element);

  return {
    element,
    /** @param {Content} next */
    update(next) {
      if (!content || CONTENT_KEYS.some((key) => content?.[key] !== next[key])) content = next;
      render();
    },
    /** Brings a map into sight and to the keys. @param {number} map */
    reveal(map) { const at = content?.order.indexOf(map) ?? -1; if (at >= 0) activate(at); },
    /** @param {number} top */
    scrollTo(top) { if (Math.abs(element.scrollTop - top) > 1) element.scrollTop = top; },
    reset() { active = 0; element.scrollTop = 0; },
    focus: () => element.focus({ preventScroll: true }),
    /** How wide the tiles are now. */
    tile: () => plan?.width ?? 0,
    destroy() { watcher.disconnect(); schedule.cancel(); follow.cancel(); element.remove(); },
  };
}

/** Padding of the grid, as in map-grid.css. */
const EDGE = 16;
/** What makes a content another one: its labels follow from the tensor. */
const CONTENT_KEYS = /** @type {const} */ (['tensor', 'order', 'rangeOf', 'palette', 'tile', 'deadName', 'pinned']);
const PLAN_KEYS = /** @type {const} */ (['count', 'columns', 'width', 'height']);

/** Does tile `i` of the pool stand for a place first ≤ at < last? @param {number} i @param {number} first @param {number} last @param {number} size */
function isUsed(i, first, last, size) {
  const at = first + ((((i - first) % size) + size) % size);
  return at < last;
}
