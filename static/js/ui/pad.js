/**
 * The drawing pad: mouse, pen, touch and keyboard; pencil, eraser, undo; a picture dropped or pasted.
 * Writes `store.ink` once an animation frame while the pen moves. Loading bytes can be done over with undo.
 *
 * @typedef {import('./ink.js').Point} Point
 * @typedef {import('./ink.js').Stroke} Stroke
 * @typedef {{kind: 'base', bytes: Uint8Array, invite: boolean} | ({kind: 'stroke'} & Stroke)} Operation
 */
import { SIDE } from '../core/image.js';
import { eachFrame, h, uid } from './dom.js';
import { Ink } from './ink.js';
import { attachKeyboard } from './pad-keyboard.js';
import { attachPictures } from './pad-pictures.js';
import { createPadTools } from './pad-tools.js';

const EMPTY = new Uint8Array(SIDE * SIDE);

/**
 * @param {import('../core/types.js').Store} store
 * @param {import('../core/types.js').Context & {notify: (text: string, kind?: 'note'|'error') => void}} ctx
 */
export function createPad(store, ctx) {
  const ink = new Ink();
  const options = { tool: /** @type {'pencil'|'eraser'} */ ('pencil'), width: 2.4 };
  /** @type {Operation[]} */ let done = [{ kind: 'base', bytes: EMPTY, invite: false }];
  /** @type {Operation[]} */ let undone = [];
  /** @type {Stroke|null} */ let stroke = null;
  /** @type {Point|null} */ let cursor = null;
  /** @type {Uint8Array} */ let published = store.get().ink;

  const { element, canvas, invitation, surface } = buildPad(ctx.t);
  const keyboard = attachKeyboard(surface, { begin, extend, end, moved: (point) => { cursor = point; paint(); } }, ctx.t);
  const tools = createPadTools(options, { undo, redo, clear, ...attachPictures(element, (bytes) => load(bytes), ctx) }, ctx.t);
  element.append(tools.element);

  const paint = eachFrame(() => drawPad(canvas, ink, cursor));
  const publish = eachFrame(() => {
    published = ink.bytes();
    store.set({ ink: published });
  });

  function refresh() {
    const top = done.at(-1);
    invitation.hidden = !(top?.kind === 'base' && (top.invite || top.bytes === EMPTY));
    tools.show({ canUndo: done.length > 1, canRedo: undone.length > 0 });
    paint();
    publish();
  }

  /** @param {Operation} operation */
  function perform(operation) {
    if (operation.kind === 'base') ink.load(operation.bytes);
    else operation.points.forEach((_, i) => ink.extend({ tool: operation.tool, points: operation.points.slice(Math.max(0, i - 2), i + 1) }));
  }

  /** @param {Operation} operation */
  function commit(operation) {
    done.push(operation);
    undone = [];
    refresh();
  }

  function replay() {
    const start = done.findLastIndex((operation) => operation.kind === 'base');
    done.slice(start).forEach(perform);
    refresh();
  }

  function undo() {
    if (done.length < 2 || stroke) return;
    undone.push(/** @type {Operation} */ (done.pop()));
    replay();
  }

  function redo() {
    const operation = undone.pop();
    if (!operation || stroke) return;
    done.push(operation);
    replay();
  }

  /** @param {Uint8Array} bytes @param {{invite?: boolean, forget?: boolean}} [how]  invite: the first stroke clears it; forget: undo cannot go behind it. */
  function load(bytes, { invite = false, forget = false } = {}) {
    /** @type {Operation} */
    const operation = { kind: 'base', bytes, invite };
    if (forget) done = [];
    perform(operation);
    commit(operation);
  }

  function clear() {
    load(EMPTY);
  }

  /** @param {Point} point */
  function begin(point) {
    const top = done.at(-1);
    if (top?.kind === 'base' && top.invite && options.tool === 'pencil') clear();
    stroke = { tool: options.tool, points: [] };
    extend(point);
  }

  /** @param {Point} point */
  function extend(point) {
    if (!stroke) return;
    const factor = stroke.tool === 'eraser' ? 1.8 : 1;
    stroke.points.push({ ...point, width: point.width * options.width * factor });
    ink.extend(stroke);
    invitation.hidden = true;
    paint();
    publish();
  }

  function end() {
    if (stroke) commit({ kind: 'stroke', ...stroke });
    stroke = null;
  }

  const stopPointers = attachPointers(surface, { begin, extend, end });
  const stopTheme = store.on(['theme'], paint);
  // Ink that somebody else put into the store.
  const stopInk = store.on(['ink'], (state) => { if (state.ink !== published) load(state.ink); });
  load(store.get().ink, { forget: true });

  return {
    element, load, clear, undo, redo,
    /** Has the reader drawn, loaded or cleared anything yet? */
    touched: () => done.length > 1 || stroke !== null,
    destroy() {
      stopPointers();
      stopTheme();
      stopInk();
      keyboard.destroy();
      tools.destroy();
      paint.cancel();
      publish.cancel();
    },
  };
}

/** @param {import('../core/types.js').Translate} t */
function buildPad(t) {
  const help = h('p', { id: uid('pad-help'), class: 'visually-hidden' }, t('pad.instructions'));
  const canvas = h('canvas', { class: 'pad-canvas', width: 560, height: 560, 'aria-hidden': 'true' });
  const invitation = h('p', { class: 'pad-invitation', 'aria-hidden': 'true', hidden: true }, t('pad.invitation'));
  const surface = h('div', {
    class: 'pad-surface', id: 'pad', tabindex: 0, role: 'application', 'aria-label': t('pad.label'), 'aria-describedby': help.id,
  }, canvas, invitation);
  const element = h('section', { class: 'pad', 'aria-label': t('pad.region') }, surface, help);
  return { element, canvas, invitation, surface };
}

/** The ink in the theme's colour, and the keyboard's cursor. @param {HTMLCanvasElement} canvas @param {Ink} ink @param {Point|null} cursor */
function drawPad(canvas, ink, cursor) {
  const context = canvas.getContext('2d');
  if (!context) return;
  const style = getComputedStyle(canvas);
  context.globalCompositeOperation = 'copy';
  context.drawImage(ink.canvas, 0, 0, canvas.width, canvas.height);
  context.globalCompositeOperation = 'source-in';
  context.fillStyle = style.color;
  context.fillRect(0, 0, canvas.width, canvas.height);
  context.globalCompositeOperation = 'source-over';
  if (!cursor) return;
  const cell = canvas.width / SIDE;
  context.strokeStyle = style.accentColor === 'auto' ? style.color : style.accentColor;
  context.lineWidth = 3;
  context.beginPath();
  context.arc(cursor.x * cell, cursor.y * cell, cell, 0, 2 * Math.PI);
  context.stroke();
}

/**
 * Pointer events of the surface as strokes: every coalesced position, pressure where the pen gives it.
 * @param {HTMLElement} surface
 * @param {{begin: (point: Point) => void, extend: (point: Point) => void, end: () => void}} pen
 */
function attachPointers(surface, pen) {
  /** @type {number|null} */ let active = null;
  /** @type {DOMRect} */ let box;
  const stop = new AbortController();
  const { signal } = stop;

  /** @param {PointerEvent} event @returns {Point} */
  const pointOf = (event) => ({
    x: ((event.clientX - box.left) / box.width) * SIDE,
    y: ((event.clientY - box.top) / box.height) * SIDE,
    width: event.pointerType === 'pen' && event.pressure > 0 ? 0.5 + event.pressure : 1,
  });

  surface.addEventListener('pointerdown', (event) => {
    if (active !== null || event.button !== 0) return;
    active = event.pointerId;
    box = surface.getBoundingClientRect();
    surface.setPointerCapture(active);
    pen.begin(pointOf(event));
  }, { signal });
  surface.addEventListener('pointermove', (event) => {
    if (event.pointerId !== active) return;
    const all = event.getCoalescedEvents?.() ?? [];
    for (const each of all.length ? all : [event]) pen.extend(pointOf(each));
  }, { signal });
  for (const name of /** @type {const} */ (['pointerup', 'pointercancel'])) {
    surface.addEventListener(name, (event) => {
      if (event.pointerId !== active) return;
      active = null;
      pen.end();
    }, { signal });
  }
  // Without this, some touch screens still scroll or zoom before touch-action is honoured.
  surface.addEventListener('touchstart', (event) => event.preventDefault(), { signal, passive: false });
  return () => stop.abort();
}
