/**
 * The drawing pad: mouse, pen, touch and keyboard; pencil, eraser, undo; a picture dropped or pasted.
 * Writes `store.ink` once an animation frame while the pen moves, and shows ink that others put there.
 *
 * @typedef {import('../../core/types.js').Store} Store
 * @typedef {import('./ink.js').Point} Point
 * @typedef {import('./ink.js').Stroke} Stroke
 * @typedef {{kind: 'base', bytes: Uint8Array, invite: boolean}} Base  invite: the first stroke clears it.
 * @typedef {Base | ({kind: 'stroke'} & Stroke)} Operation
 * @typedef {import('../../core/types.js').Context & {notify: (text: string, kind?: 'note'|'error') => void}} PadContext
 */
import { History } from '../../core/input/history.js';
import { SIDE } from '../../core/input/image.js';
import { eachFrame, h, uid } from '../dom.js';
import { Ink } from './ink.js';
import { attachKeyboard } from './keyboard.js';
import { attachPictures } from './pictures.js';
import { attachPointers } from './pointers.js';
import { createPadTools } from './tools.js';

const EMPTY = new Uint8Array(SIDE * SIDE);
const ERASER_FACTOR = 1.8;

/** @param {Store} store @param {PadContext} ctx */
export function createPad(store, ctx) {
  return new Pad(store, ctx);
}

export class Pad {
  #ink = new Ink();
  #options = { tool: /** @type {'pencil'|'eraser'} */ ('pencil'), width: 2.4 };
  /** @type {History<Operation>} */ #history = new History(/** @type {Operation} */ ({ kind: 'base', bytes: EMPTY, invite: false }));
  /** @type {Stroke|null} */ #stroke = null;
  /** @type {Point|null} */ #cursor = null;
  /** @type {Uint8Array} */ #published;

  /** @param {Store} store @param {PadContext} ctx */
  constructor(store, ctx) {
    const { element, canvas, invitation, surface } = buildPad(ctx.t);
    this.element = element;
    this.invitation = invitation;
    this.#published = store.get().ink;
    this.paint = eachFrame(() => drawPad(canvas, this.#ink, this.#cursor));
    this.publish = eachFrame(() => {
      this.#published = this.#ink.bytes();
      store.set({ ink: this.#published });
    });
    this.pictures = attachPictures(element, (bytes) => this.load(bytes), ctx);
    this.tools = createPadTools(this.#options, { undo: this.undo, redo: this.redo, clear: this.clear, pick: this.pictures.pick }, ctx.t);
    element.append(this.tools.element);
    const pen = { begin: this.#begin, extend: this.#extend, end: this.#end };
    this.stops = [
      attachPointers(surface, pen),
      attachKeyboard(surface, { ...pen, moved: (point) => { this.#cursor = point; this.paint(); } }, ctx.t),
      this.pictures.stop,
      store.on(['theme'], this.paint),
      store.on(['model'], ({ model }) => this.#invite(model)),
      store.on(['ink'], ({ ink }) => { if (ink !== this.#published) this.load(ink); }),
    ];
    this.t = ctx.t;
    this.#invite(store.get().model);
    this.load(this.#published, { forget: true });
  }

  /** What the pad asks for: a digit, or whatever the network has learnt. @param {import('../../core/types.js').Model|null} model */
  #invite(model) {
    this.invitation.textContent = this.t(model?.input.preprocessing === 'plain' ? 'pad.invitation_plain' : 'pad.invitation');
  }

  /** Has the reader drawn, loaded or cleared anything yet? */
  get touched() {
    return this.#history.canUndo || this.#stroke !== null;
  }

  /**
   * Puts exact bytes on the pad. Undo goes behind it unless `forget`.
   * @param {Uint8Array} bytes @param {{invite?: boolean, forget?: boolean}} [how]
   */
  load(bytes, { invite = false, forget = false } = {}) {
    /** @type {Operation} */
    const base = { kind: 'base', bytes, invite };
    if (forget) this.#history.restart(base);
    else this.#history.push(base);
    this.#ink.load(bytes);
    this.#refresh();
  }

  clear = () => this.load(EMPTY);

  undo = () => {
    if (!this.#stroke && this.#history.undo()) this.#replay();
  };

  redo = () => {
    if (!this.#stroke && this.#history.redo()) this.#replay();
  };

  #replay() {
    for (const operation of this.#history.sinceBase()) {
      if (operation.kind === 'base') this.#ink.load(operation.bytes);
      else operation.points.forEach((_, i) => this.#ink.extend({ tool: operation.tool, points: operation.points.slice(Math.max(0, i - 2), i + 1) }));
    }
    this.#refresh();
  }

  #refresh() {
    const { last, canUndo, canRedo } = this.#history;
    this.invitation.hidden = !(last.kind === 'base' && (last.invite || last.bytes === EMPTY));
    this.tools.show({ canUndo, canRedo });
    this.paint();
    this.publish();
  }

  /** @param {Point} point */
  #begin = (point) => {
    const { last } = this.#history;
    if (last.kind === 'base' && last.invite && this.#options.tool === 'pencil') this.clear();
    this.#stroke = { tool: this.#options.tool, points: [] };
    this.#extend(point);
  };

  /** @param {Point} point */
  #extend = (point) => {
    if (!this.#stroke) return;
    const factor = this.#stroke.tool === 'eraser' ? ERASER_FACTOR : 1;
    this.#stroke.points.push({ ...point, width: point.width * this.#options.width * factor });
    this.#ink.extend(this.#stroke);
    this.invitation.hidden = true;
    this.paint();
    this.publish();
  };

  #end = () => {
    if (this.#stroke) this.#history.push({ kind: 'stroke', ...this.#stroke });
    this.#stroke = null;
    this.#refresh();
  };

  destroy() {
    this.stops.forEach((stop) => stop());
    this.paint.cancel();
    this.publish.cancel();
  }
}

/** @param {import('../../core/types.js').Translate} t */
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
  if (cursor) drawCursor(context, cursor, style.accentColor);
}

/** @param {CanvasRenderingContext2D} context @param {Point} cursor @param {string} colour */
function drawCursor(context, cursor, colour) {
  const cell = context.canvas.width / SIDE;
  context.strokeStyle = colour;
  context.lineWidth = 3;
  context.beginPath();
  context.arc(cursor.x * cell, cursor.y * cell, cell, 0, 2 * Math.PI);
  context.stroke();
}
