/**
 * The pointer over the scene: hovering, clicking, tapping, double clicking. Dragging belongs to the camera.
 *
 * @typedef {{move: (x: number, y: number) => void, leave: () => void, click: (x: number, y: number) => void, focus: (x: number, y: number) => void}} Gestures
 * All in client coordinates.
 */

/** A press that moves farther than this, in pixels, is a drag. */
const SLOP = { mouse: 4, touch: 10 };

/**
 * Listen on `element`; gives a function that stops listening.
 * @param {HTMLElement} element @param {Gestures} gestures
 */
export function watchHand(element, gestures) {
  /** @type {{x: number, y: number, far: boolean}|null} */
  let press = null;
  const abort = new AbortController();
  /** @param {string} type @param {(event: PointerEvent) => void} listener */
  const on = (type, listener) => element.addEventListener(type, /** @type {EventListener} */ (listener), { signal: abort.signal });

  on('pointerdown', (event) => {
    press = press || event.button !== 0 ? null : { x: event.clientX, y: event.clientY, far: false };
  });
  on('pointermove', (event) => {
    const slop = event.pointerType === 'touch' ? SLOP.touch : SLOP.mouse;
    if (press && Math.hypot(event.clientX - press.x, event.clientY - press.y) > slop) press.far = true;
    if (event.buttons === 0 && event.pointerType !== 'touch') gestures.move(event.clientX, event.clientY);
  });
  on('pointerup', (event) => {
    if (press && !press.far) gestures.click(event.clientX, event.clientY);
    press = null;
  });
  on('pointercancel', () => { press = null; });
  on('pointerleave', () => gestures.leave());
  on('dblclick', (event) => gestures.focus(event.clientX, event.clientY));
  return () => abort.abort();
}
