/** The slim toolbar over the scene: projection, view presets, edges, trace, layers. Its state is the store's. */
import { unitPlace } from '../../core/snippets.js';
import { createCodeButton } from '../code-snippets.js';
import { nameOf } from '../../core/networks/graph.js';
import { isLarge } from '../../core/session.js';
import { iconButton, menuItem, pressButton, segmented, select } from '../controls.js';
import { h } from '../dom.js';
import { icon } from '../icons.js';
import { withPopover } from '../popover.js';

/**
 * @typedef {import('../../core/types.js').Store} Store
 * @typedef {import('../../core/types.js').Translate} Translate
 * @typedef {{preset: (name: string) => void, reset: () => void, savePng: () => void}} Camera
 */

const PRESETS = ['three-quarter', 'front', 'side', 'top'];

/** The button and menu of what layers are shown. @param {Store} store @param {Translate} t */
function layersMenu(store, t) {
  /** @param {string} id @param {boolean} shown */
  const setShown = (id, shown) => {
    const hidden = new Set(store.get().hidden);
    if (shown) hidden.delete(id);
    else hidden.add(id);
    store.set({ hidden });
  };
  const row = (/** @type {import('../../core/types.js').Stage} */ stage) => h('label', { class: 'check-row' },
    h('input', { type: 'checkbox', checked: !store.get().hidden.has(stage.id), on: { change: (event) => setShown(stage.id, event.target.checked) } }),
    h('span', {}, nameOf(stage)), h('span', { class: 'check-note' }, stage.shape.join(' × ')));
  const button = h('button', { class: 'tool tool-text', type: 'button', title: t('toolbar.layers_title') }, icon('layers'), h('span', {}, t('toolbar.layers')));
  return withPopover(button, () => (store.get().model?.stages ?? []).map(row), { class: 'menu', label: t('toolbar.layers_title') }).element;
}

/** @param {Camera} camera @param {Translate} t */
function presetsMenu(camera, t) {
  const button = h('button', { class: 'tool', type: 'button', title: t('toolbar.presets'), 'aria-label': t('toolbar.presets') }, icon('view'));
  const menu = withPopover(button, () => PRESETS.map((name) => menuItem(t(`toolbar.preset_${name}`), () => { camera.preset(name); menu.close(); })),
    { class: 'menu', label: t('toolbar.presets') });
  return menu.element;
}

/** @param {Store} store @param {Translate} t */
function choices(store, t) {
  const option = (/** @type {string} */ group) => (/** @type {any} */ value) => ({ value, label: t(`toolbar.${group}_${value}`) });
  return {
    projection: segmented(t('toolbar.projection'), ['3d', 'flat'].map(option('projection')), (projection) => store.set({ projection })),
    edges: select(t('toolbar.edges'), ['weight', 'activation', 'product'].map(option('edges')), (edgeColour) => store.set({ edgeColour })),
    outgoing: pressButton('outgoing', t('toolbar.outgoing'), t('toolbar.outgoing_title'), (outgoing) => store.set({ outgoing })),
    trace: pressButton('trace', t('toolbar.trace'), t('toolbar.trace_title'), (trace) => store.set({ trace })),
  };
}

/** A button that stays in its place, and says why, where it can do nothing. @param {HTMLElement} button @param {boolean} able @param {string} title */
function allow(button, able, title) {
  button.setAttribute('aria-disabled', String(!able)); // not disabled: its title says why, to the keyboard too
  button.title = title;
}

/** What a program would ask for: the pinned unit, the chosen maps, or else the answer. @param {import('../../core/types.js').State} state @returns {import('../../core/snippets.js').Question|null} */
function questionOf({ model, pinned, drawer }) {
  if (!model) return null;
  const stageOf = (/** @type {string} */ id) => model.stages.find((stage) => stage.id === id);
  const unitStage = pinned && stageOf(pinned.stage);
  if (unitStage) return { about: 'unit', layer: unitStage.output, place: unitPlace(unitStage, pinned) };
  const shown = (drawer && stageOf(drawer)) || (model.classes.length > 0 ? null : model.stages[model.stages.length - 1]);
  return shown ? { about: 'maps', layer: shown.output, channel: null } : { about: 'predictions' };
}

/**
 * @param {Store} store
 * @param {import('../../core/types.js').Context} ctx
 * @param {Camera} camera
 */
export function createSceneToolbar(store, ctx, camera) {
  const { t } = ctx;
  const { projection, edges, outgoing, trace } = choices(store, t);
  const presets = presetsMenu(camera, t);
  const element = h('div', { class: 'scene-toolbar', role: 'toolbar', 'aria-label': t('toolbar.label') },
    projection.element, presets, iconButton('reset', t('toolbar.reset'), camera.reset),
    h('span', { class: 'divider' }), edges.element, outgoing.element, trace.element,
    h('span', { class: 'divider' }), layersMenu(store, t), iconButton('image', t('toolbar.png'), camera.savePng), createCodeButton(store, ctx, () => questionOf(store.get())).element);

  const show = () => {
    const state = store.get();
    projection.show(state.projection);
    edges.show(state.edgeColour);
    outgoing.show(state.outgoing);
    trace.show(state.trace);
    presets.hidden = state.projection === 'flat';
    const large = state.model !== null && isLarge(state.model);
    allow(outgoing.element, !large, t(large ? 'toolbar.outgoing_large' : 'toolbar.outgoing_title'));
    allow(trace.element, !large, t(large ? 'toolbar.trace_large' : 'toolbar.trace_title'));
  };
  const stop = store.on(['projection', 'edgeColour', 'outgoing', 'trace', 'model'], show);
  show();
  return { element, destroy: stop };
}
