/**
 * The pinned unit: what it reads, its weights, the sum, the steps to its output, and the way down to the pixels.
 * Pictures follow the pen from the live frame; the exact arithmetic comes from the server, see neuron-feed.js.
 *
 * @typedef {import('../core/types.js').Store} Store
 * @typedef {import('../core/types.js').Context} Context
 * @typedef {import('../core/types.js').State} State
 * @typedef {import('../core/types.js').Unit} Unit
 * @typedef {import('../core/types.js').Widget} Widget
 * @typedef {import('../core/unit-view.js').UnitView} UnitView
 * @typedef {import('./arithmetic.js').Neuron} Neuron
 */
import { incoming } from '../core/connect.js';
import { sameUnit } from '../core/graph.js';
import { nextTrail } from '../core/trail.js';
import { createUnitViewer } from '../core/unit-view.js';
import { createArithmetic } from './arithmetic.js';
import { createCodeSnippets } from './code-snippets.js';
import { eachFrame, h } from './dom.js';
import { createNeuronFeed } from './neuron-feed.js';
import { createPanelEmpty } from './panel-empty.js';
import { createPanelHead } from './panel-head.js';
import { createPictures } from './pictures.js';
import { createSources } from './sources.js';
import { createTermsTable } from './terms-table.js';
import { createTrail } from './trail.js';
import { createVerdict } from './verdict.js';

/**
 * @param {Store} store
 * @param {Context} ctx
 * @returns {Widget}
 */
export function createUnitPanel(store, ctx) {
  const element = h('section', { class: 'panel', 'aria-label': ctx.t('panel.title') });
  const empty = createPanelEmpty(store, ctx);
  const parts = createParts(store, ctx);
  const body = h('div', { class: 'panel-body', hidden: true }, parts.trail.element, parts.head.element, parts.verdict.element,
    parts.sources.element, parts.pictures.element, parts.arithmetic.element, parts.error, parts.terms.element, parts.code.element);
  element.append(empty.element, body);

  const viewOf = createUnitViewer();
  /** @type {Unit[]} */
  let trail = [];
  /** @type {Unit|null} The unit whose arithmetic is shown. */
  let answered = null;

  const feed = createNeuronFeed(store, ctx, receive, fail);
  const schedule = eachFrame(render);

  function render() {
    const state = store.get();
    const view = state.pinned && state.palette ? viewOf(state, state.pinned) : null;
    body.hidden = view === null;
    empty.element.hidden = view !== null;
    if (view === null || !state.palette) return empty.update();
    parts.head.update(view, state.palette, state.lang);
    parts.pictures.update(view, state.palette, state.lang);
    parts.sources.update(view, state.lang);
    parts.verdict.update(view, state.lang);
    if (view.terms.length > 0) feed.push(view);
    if (!sameUnit(answered, view.unit)) showNumbers(view, null);
    keepFocus();
  }

  /** The button that led here may be gone: then the title takes the focus. */
  function keepFocus() {
    const focused = document.activeElement;
    if (focused && body.contains(focused) && !focused.checkVisibility()) parts.head.focus();
  }

  /** @param {UnitView} view @param {Neuron|null} neuron */
  function showNumbers(view, neuron) {
    parts.arithmetic.update(view, neuron, store.get().lang);
    parts.terms.update(view, store.get().lang);
    parts.code.update(view);
  }

  /** @param {UnitView} view @param {Neuron} neuron */
  function receive(view, neuron) {
    answered = view.unit;
    parts.error.hidden = true;
    showNumbers(viewOf(store.get(), view.unit) ?? view, neuron);
  }

  /** @param {string} detail */
  function fail(detail) {
    parts.error.hidden = false;
    parts.error.textContent = ctx.t('panel.error', { detail });
  }

  /** @param {State} state @param {Set<string>} changed */
  function follow(state, changed) {
    if (changed.has('model')) trail = [];
    if (changed.has('model') || changed.has('pinned')) {
      feed.cancel();
      answered = null;
      parts.error.hidden = true;
      const { model, kernels, pinned } = state;
      trail = model ? nextTrail(trail, pinned, (source, target) => incoming(model, kernels, target).some(({ from }) => sameUnit(from, source))) : [];
      if (model) parts.trail.update(model, trail);
      element.parentElement?.scrollTo(0, 0);
    }
    schedule();
  }

  const off = store.on(['pinned', 'model', 'kernels', 'frame', 'palette', 'scale', 'lang'], follow);
  follow(store.get(), new Set(['pinned', 'model']));
  return {
    element,
    destroy() {
      off();
      feed.cancel();
      schedule.cancel();
      parts.pictures.destroy();
      element.remove();
    },
  };
}

/** @param {Store} store @param {Context} ctx */
function createParts(store, ctx) {
  return {
    trail: createTrail(store, ctx), head: createPanelHead(store, ctx), verdict: createVerdict(ctx), sources: createSources(store, ctx),
    pictures: createPictures(store, ctx), arithmetic: createArithmetic(ctx), terms: createTermsTable(store, ctx),
    code: createCodeSnippets(store, ctx), error: h('p', { class: 'panel-error', role: 'alert', hidden: true }),
  };
}
