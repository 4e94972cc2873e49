/**
 * A long list of rows of one height: beyond a number, only those in sight exist (and a few before and behind), with room
 * kept for the others.
 *
 * @template {{element: HTMLElement}} R
 * @typedef {object} Options
 * @property {HTMLElement} scroller   What scrolls.
 * @property {HTMLElement} body       Holds the rows, all alone.
 * @property {'div'|'tr'|'li'} tag    What keeps the room.
 * @property {number} rowHeight       CSS pixels from one row to the next.
 * @property {() => R} create
 * @property {(row: R, index: number) => void} show  Fills a row with the item at `index`.
 * @property {number} [whole]         Up to so many rows all exist.
 * @property {() => void} [onMove]    Other rows are shown than before.
 */
import { eachFrame, h } from './dom.js';

/** Rows kept beyond each edge. */
const BEYOND = 6;
/** Rows in sight while nothing is laid out yet. */
const FIRST = 24;

/**
 * The rows of `count` that must exist.
 * @param {number} count @param {number} rowHeight @param {number} top  How far it is scrolled. @param {number} height  What is seen of it.
 */
export function rowsInSight(count, rowHeight, top, height) {
  const seen = height > 0 ? Math.ceil(height / rowHeight) : FIRST;
  const first = Math.max(0, Math.min(Math.floor(top / rowHeight) - BEYOND, count - seen));
  return { first, last: Math.min(count, first + seen + 2 * BEYOND) };
}

/**
 * @template {{element: HTMLElement}} R
 * @param {Options<R>} options
 */
export function createVirtualRows({ scroller, body, tag, rowHeight, create, show, whole = 0, onMove = () => {} }) {
  const [above, below] = [h(tag, { class: 'virtual-room', 'aria-hidden': 'true' }), h(tag, { class: 'virtual-room', 'aria-hidden': 'true' })];
  /** @type {R[]} */
  const pool = [];
  let count = 0;
  let first = 0;
  let last = 0;

  function place() {
    const range = count <= whole ? { first: 0, last: count } : rowsInSight(count, rowHeight, scroller.scrollTop, scroller.clientHeight);
    const isMoved = range.first !== first || range.last !== last;
    ({ first, last } = range);
    while (pool.length < last - first) pool.push(create());
    const rows = pool.slice(0, last - first).map(({ element }) => element);
    const wanted = count <= whole ? rows : [above, ...rows, below];
    if (body.childElementCount !== wanted.length || body.firstElementChild !== wanted[0]) body.replaceChildren(...wanted);
    above.style.height = `${first * rowHeight}px`;
    below.style.height = `${(count - last) * rowHeight}px`;
    return isMoved;
  }

  function fill() {
    for (let i = first; i < last; i++) show(pool[i - first], i);
  }

  const follow = eachFrame(() => {
    if (count <= whole || !place()) return;
    fill();
    onMove();
  });
  scroller.addEventListener('scroll', follow, { passive: true });

  return {
    /** @param {number} next  How many items there are now. */
    update(next) {
      count = next;
      place();
      fill();
    },
    /** The rows that exist, with the index of what they show. @param {(row: R, index: number) => void} visit */
    each(visit) {
      for (let i = first; i < last; i++) visit(pool[i - first], i);
    },
    /** Brings an item into sight. @param {number} index */
    reveal(index) {
      const at = index * rowHeight;
      if (at < scroller.scrollTop || at + rowHeight > scroller.scrollTop + scroller.clientHeight) scroller.scrollTop = at;
    },
    follow,
    destroy: () => follow.cancel(),
  };
}
