/** The bottom drawer: a panel that folds, and whose height follows a handle (by pointer or arrow keys). */
import { h } from './dom.js';
import { icon } from './icons.js';

const LOWEST = 120;
const HIGHEST = 640;
const STEP = 32;

/**
 * @param {string} title
 * @param {HTMLElement} content
 * @param {{height: number, resize: string}} options  resize: the name of the handle.
 */
export function createDrawer(title, content, { height, resize }) {
  const body = h('div', { class: 'drawer-body' }, content);
  const fold = h('button', { class: 'drawer-fold', type: 'button', on: { click: () => setOpen(body.hidden === true) } }, icon('chevron'), h('span', {}, title));
  const handle = h('div', {
    class: 'drawer-handle', role: 'separator', 'aria-orientation': 'horizontal', 'aria-label': resize, tabindex: 0,
    'aria-valuemin': LOWEST, 'aria-valuemax': HIGHEST,
  });
  const element = h('div', { class: 'drawer' }, handle, h('div', { class: 'drawer-head' }, fold), body);

  /** @param {boolean} wanted */
  function setOpen(wanted) {
    body.hidden = !wanted;
    handle.hidden = !wanted;
    fold.setAttribute('aria-expanded', String(wanted));
  }

  /** @param {number} wanted */
  function setHeight(wanted) {
    height = Math.max(LOWEST, Math.min(HIGHEST, innerHeight * 0.7, wanted));
    element.style.setProperty('--drawer-height', `${height}px`);
    handle.setAttribute('aria-valuenow', String(Math.round(height)));
  }

  handle.addEventListener('pointerdown', (event) => {
    const [startY, startHeight] = [event.clientY, height];
    handle.setPointerCapture(event.pointerId);
    handle.onpointermove = (move) => setHeight(startHeight + startY - move.clientY);
    handle.onpointerup = handle.onpointercancel = () => { handle.onpointermove = null; };
  });
  handle.addEventListener('keydown', (event) => {
    if (event.key !== 'ArrowUp' && event.key !== 'ArrowDown') return;
    event.preventDefault();
    setHeight(height + (event.key === 'ArrowUp' ? STEP : -STEP));
  });
  setHeight(height);
  setOpen(true);
  return { element, setOpen };
}
