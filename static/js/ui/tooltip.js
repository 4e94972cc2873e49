/**
 * The one tooltip of the page. It follows the pointer (or the focus) and shows, first match wins:
 * what the element under it says in `data-tip` or `data-full`, else the unit that is hovered anywhere.
 *
 * @typedef {import('../core/types.js').Store} Store
 * @typedef {import('../core/types.js').Context} Context
 * @typedef {import('../core/types.js').Widget} Widget
 * @typedef {import('../core/types.js').Unit} Unit
 */
import { values } from '../core/unit/connect.js';
import { short } from '../core/numbers/format.js';
import { fullNumber, unitAddress, unitLabel } from '../core/unit/text.js';
import { h } from './dom.js';

const OFFSET = 14;
const MARGIN = 8;

/**
 * @param {Store} store
 * @param {Context} ctx
 * @returns {Widget}
 */
export function createTooltip(store, ctx) {
  const box = h('div', { class: 'tooltip', role: 'tooltip', id: 'tooltip', hidden: true });
  const pointer = { x: 0, y: 0 };
  /** @type {Element|null} */
  let target = null;

  function render() {
    const content = contentOf(target?.closest('[data-tip], [data-full]') ?? null, store, ctx);
    box.hidden = content === null;
    if (content === null) return;
    box.replaceChildren(...content);
    place(box, pointer);
  }

  /** @param {Event} event */
  function retarget(event) {
    target = event.target instanceof Element ? event.target : null;
  }

  /** @param {PointerEvent} event */
  function follow(event) {
    pointer.x = event.clientX;
    pointer.y = event.clientY;
    retarget(event);
    render();
  }

  /** @param {FocusEvent} event */
  function focus(event) {
    if (!(event.target instanceof Element) || !event.target.matches(':focus-visible')) return;
    const area = event.target.getBoundingClientRect();
    Object.assign(pointer, { x: area.left, y: area.bottom - OFFSET / 2 });
    retarget(event);
    render();
  }

  function hide() {
    target = null;
    box.hidden = true;
  }

  /** @param {KeyboardEvent} event */
  const escape = (event) => { if (event.key === 'Escape') hide(); };

  const control = new AbortController();
  const options = { signal: control.signal, passive: true };
  document.addEventListener('pointermove', follow, options);
  document.addEventListener('pointerdown', follow, options);
  document.addEventListener('pointerleave', hide, options);
  document.addEventListener('focusin', focus, options);
  document.addEventListener('focusout', hide, options);
  document.addEventListener('keydown', escape, options);
  document.addEventListener('scroll', hide, { ...options, capture: true });
  const off = store.on(['hover', 'frame'], render);
  return { element: box, destroy: () => { control.abort(); off(); box.remove(); } };
}

/** @param {Element|null} target @param {Store} store @param {Context} ctx @returns {Node[]|null} */
function contentOf(target, store, ctx) {
  if ((target instanceof HTMLElement || target instanceof SVGElement) && target.dataset.tip) return [line('tooltip-text', target.dataset.tip)];
  if (target instanceof HTMLElement && target.dataset.full) return [line('tooltip-value', target.dataset.full)];
  const { hover, model, frame, lang } = store.get();
  if (!hover || !model || !frame || !model.stages.some((stage) => stage.id === hover.stage)) return null;
  const value = values(model, frame, hover);
  if (!Number.isFinite(value)) return null;
  const exact = fullNumber(value);
  return [
    line('tooltip-value', short(value, lang)),
    line('tooltip-unit', unitLabel(model, hover)),
    line('tooltip-note', ctx.t('tooltip.exact', { value: exact })),
    line('tooltip-note', unitAddress(model, hover)),
  ];
}

/** @param {string} name @param {string} text */
function line(name, text) {
  return h('div', { class: name }, text);
}

/** Beside the point, inside the window. @param {HTMLElement} box @param {{x: number, y: number}} point */
function place(box, { x, y }) {
  const { width, height } = box.getBoundingClientRect();
  const right = x + OFFSET + width + MARGIN <= innerWidth;
  const left = right ? x + OFFSET : x - OFFSET - width;
  const below = y + OFFSET + height + MARGIN <= innerHeight;
  const top = below ? y + OFFSET : y - OFFSET - height;
  box.style.translate = `${Math.max(MARGIN, Math.round(left))}px ${Math.max(MARGIN, Math.round(top))}px`;
}
