/**
 * The left column of every view: the pad for networks that read digits, the photograph for those that look at photographs.
 * It changes with the network.
 */
import { isLarge } from '../../core/session.js';
import { createDigitSide } from './digit-side.js';
import { h } from '../dom.js';
import { createPhotoSide } from './photo-side.js';

/**
 * @typedef {import('../../core/types.js').Store} Store
 * @typedef {import('../../views.js').ViewContext} ViewContext
 * @typedef {{elements: HTMLElement[], destroy: () => void, pad?: import('../pad/pad.js').Pad}} Side
 */

/** The pad's actions, which do nothing while a photograph is shown. @param {() => import('../pad/pad.js').Pad|undefined} pad */
function padActions(pad) {
  return {
    undo: () => pad()?.undo(),
    redo: () => pad()?.redo(),
    clear: () => pad()?.clear(),
    focus: () => document.getElementById(pad() ? 'pad' : 'photo')?.focus(),
  };
}

/**
 * @param {Store} store @param {ViewContext} ctx
 * @param {HTMLElement[]} [more]  What a view adds below.
 * @param {HTMLElement[]} [between]  What it adds behind the picture and the answer.
 * @returns {import('../../core/types.js').Widget & {pad: ReturnType<typeof padActions>, keys: Record<string, () => void>}}
 */
export function createInputSide(store, ctx, more = [], between = []) {
  // a view may place what comes first and the rest apart from each other
  const first = h('div', { class: 'input-first' });
  const rest = h('div', { class: 'input-rest' });
  const element = h('div', { class: 'input-side' }, first, rest);
  let large = false;
  /** @type {Side|null} */
  let side = null;

  function show() {
    const { model } = store.get();
    if (side && (!model || isLarge(model) === large)) return;
    side?.destroy();
    large = model !== null && isLarge(model);
    side = large ? createPhotoSide(store, ctx) : createDigitSide(store, ctx);
    element.dataset.kind = large ? 'photo' : 'digit';
    first.replaceChildren(...side.elements.slice(0, 2), ...between);
    rest.replaceChildren(...side.elements.slice(2), ...more);
  }

  const pad = padActions(() => side?.pad);
  const stop = store.on(['model'], show);
  show();
  return {
    element, pad,
    keys: {
      'Ctrl+Z': pad.undo, 'Ctrl+Shift+Z': pad.redo, 'Ctrl+Y': pad.redo, Backspace: pad.clear, d: pad.focus,
      c: () => { if (store.get().model?.input.preprocessing === 'digit') store.set({ preprocess: store.get().preprocess === 'center' ? 'none' : 'center' }); },
    },
    destroy() { stop(); side?.destroy(); },
  };
}
