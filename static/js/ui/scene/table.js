/**
 * The 3D picture as tables: the units of a stage with the largest values, and the layers with their shapes.
 * Reads the state at most twice a second, so that a screen reader is not interrupted.
 *
 * @typedef {import('../../core/types.js').Store} Store
 * @typedef {import('../../core/types.js').Context} Context
 * @typedef {import('../../core/types.js').Unit} Unit
 * @typedef {import('../../core/types.js').Model} Model
 * @typedef {import('../../core/types.js').Stage} Stage
 * @typedef {import('../../core/types.js').Tensor} Tensor
 * @typedef {import('../../core/types.js').Widget} Widget
 */
import { nameOf } from '../../core/networks/graph.js';
import { outputStage } from '../../core/unit/arithmetic.js';
import { count, shape, short } from '../../core/numbers/format.js';
import { strongestUnits } from '../../core/unit/strongest.js';
import { unitLabel } from '../../core/unit/text.js';
import { h, uid } from '../dom.js';
import { setNumber } from '../number.js';

const ROWS = 20;
const PAUSE = 500;

/**
 * @param {Store} store
 * @param {Context} ctx
 * @returns {Widget}
 */
export function createUnitTable(store, ctx) {
  const id = uid('table');
  const toggle = h('button', { class: 'link-button table-toggle', type: 'button', 'aria-expanded': 'false', 'aria-controls': id, on: { click: flip } }, ctx.t('table.toggle'));
  const stageSelect = h('select', { class: 'select', 'aria-label': ctx.t('table.stage'), on: { change: () => { chosen = stageSelect.value; update(); } } });
  const units = createUnits(store, ctx);
  const layers = createLayers(ctx, (stage) => { chosen = stage; update(); });
  const body = h('div', { class: 'table-body', id, hidden: true },
    h('div', { class: 'table-units' }, h('label', { class: 'table-label' }, ctx.t('table.stage'), stageSelect), units.element),
    layers.element);
  const element = h('section', { class: 'unit-table', 'aria-label': ctx.t('table.title') }, toggle, body);
  /** @type {string|null} */
  let chosen = null;
  /** @type {Model|null} */
  let built = null;
  /** @type {ReturnType<typeof setTimeout>|null} */
  let timer = null;

  function flip() {
    body.hidden = !body.hidden;
    toggle.setAttribute('aria-expanded', String(!body.hidden));
    update();
  }

  function update() {
    timer = null;
    const { model, frame, lang, drawer, pinned } = store.get();
    if (body.hidden || !model || !frame) return;
    if (model !== built) {
      built = model;
      chosen = null;
      stageSelect.replaceChildren(...model.stages.map((stage) => h('option', { value: stage.id }, nameOf(stage))));
      layers.update(model, lang);
    }
    const wanted = chosen ?? drawer ?? pinned?.stage;
    const stage = model.stages.find((other) => other.id === wanted) ?? outputStage(model);
    stageSelect.value = stage.id;
    const tensor = frame.tensors.get(stage.output);
    if (tensor) units.update(model, stage, tensor, lang);
  }

  function later() {
    timer ??= setTimeout(update, PAUSE);
  }

  const offs = [store.on(['frame', 'model', 'lang'], later), store.on(['drawer', 'pinned'], () => { chosen = null; later(); })];
  return {
    element,
    destroy() {
      for (const off of offs) off();
      if (timer !== null) clearTimeout(timer);
      element.remove();
    },
  };
}

/** @param {Store} store @param {Context} ctx */
function createUnits(store, ctx) {
  const caption = h('caption', {});
  const body = h('tbody', {});
  const heads = ['table.unit', 'table.value'].map((key) => h('th', { scope: 'col' }, ctx.t(key)));
  const element = h('table', {}, caption, h('thead', {}, h('tr', {}, ...heads)), body);
  const rows = Array.from({ length: ROWS }, () => createRow(store));

  /** @param {Model} model @param {Stage} stage @param {Tensor} tensor @param {string} lang */
  function update(model, stage, tensor, lang) {
    const found = strongestUnits(stage, tensor, ROWS);
    caption.textContent = ctx.t('table.caption', { count: found.length, stage: nameOf(stage) });
    if (body.childElementCount !== found.length) body.replaceChildren(...rows.slice(0, found.length).map((row) => row.element));
    found.forEach(({ unit, value }, i) => rows[i].show(unit, unitLabel(model, unit), value, lang));
  }

  return { element, update };
}

/** @param {Store} store */
function createRow(store) {
  /** @type {Unit|null} */
  let unit = null;
  const point = () => store.set({ hover: unit });
  const leave = () => store.set({ hover: null });
  const name = h('button', { class: 'link-button', type: 'button', on: { click: () => store.set({ pinned: unit, hover: null }), focus: point, blur: leave } });
  const number = h('td', { class: 'num' });
  const element = h('tr', { on: { pointerenter: point, pointerleave: leave } }, h('th', { scope: 'row' }, name), number);

  /** @param {Unit} next @param {string} label @param {number} value @param {string} lang */
  function show(next, label, value, lang) {
    unit = next;
    name.textContent = label;
    setNumber(number, value, short(value, lang));
  }

  return { element, show };
}

/** @param {Context} ctx @param {(stage: string) => void} choose */
function createLayers(ctx, choose) {
  const body = h('tbody', {});
  const heads = ['layer', 'type', 'shape', 'parameters'].map((key) => h('th', { scope: 'col' }, ctx.t(`table.${key}`)));
  const element = h('table', { class: 'table-layers' }, h('caption', {}, ctx.t('table.layers')), h('thead', {}, h('tr', {}, ...heads)), body);

  /** @param {Model} model @param {string} lang */
  function update(model, lang) {
    body.replaceChildren(...model.layers.map((layer) => h('tr', {},
      h('th', { scope: 'row' }, h('button', { class: 'link-button', type: 'button', on: { click: () => choose(layer.stage) } }, nameOf(layer))),
      h('td', {}, layer.type), h('td', { class: 'num' }, shape(layer.output_shape)), h('td', { class: 'num' }, layer.parameters ? count(layer.parameters, lang) : ''))));
  }

  return { element, update };
}
