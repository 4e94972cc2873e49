/** Network: the input and the answer on the left, every unit in the middle, the pinned unit on the right, feature maps below. */
import { isLarge } from '../core/session.js';
import { createScene } from '../scene/scene.js';
import { createConnection } from '../ui/page/connection.js';
import { h } from '../ui/dom.js';
import { createDrawer } from '../ui/drawer.js';
import { createHeatmaps } from '../ui/heatmaps/heatmaps.js';
import { createInputSide } from '../ui/input/side.js';
import { createLegend } from '../ui/legend.js';
import { createSceneToolbar } from '../ui/scene/toolbar.js';
import { savePng } from '../ui/page/share.js';
import { createStageNotice } from '../ui/stage-notice.js';
import { createTooltip } from '../ui/tooltip.js';
import { createUnitPanel } from '../ui/unit-panel/panel.js';
import { createUnitTable } from '../ui/scene/table.js';

/**
 * @typedef {import('../core/types.js').Store} Store
 * @typedef {import('../views.js').ViewContext} ViewContext
 */

const EDGE_COLOURS = /** @type {const} */ (['weight', 'activation', 'product']);

/** @type {import('../views.js').View} */
export const networkView = { id: 'network', mount };

/** @param {Store} store @param {ViewContext} ctx */
function stageSide(store, ctx) {
  const sceneHost = h('div', { class: 'scene-host' });
  const scene = createScene(sceneHost, store, ctx);
  const legend = createLegend(store, ctx);
  const table = createUnitTable(store, ctx);
  const connection = createConnection(store, ctx, () => ctx.session.retry());
  const toolbar = createSceneToolbar(store, ctx, { ...scene, savePng: () => void savePng(scene.exportPng, store, ctx) });
  const notice = createStageNotice(store, ctx);
  const widgets = [scene, legend, table, connection, toolbar, notice];
  const element = h('section', { class: 'stage-side', 'aria-label': ctx.t('place.network') },
    toolbar.element, sceneHost, h('div', { class: 'stage-foot' }, legend.element, table.element), connection.element, notice.element);
  return { element, scene, destroy: () => widgets.forEach((widget) => widget.destroy()) };
}

/** The feature maps in a drawer; folded for large networks, which have a view of their own for them. @param {Store} store @param {ViewContext} ctx */
function mapsDrawer(store, ctx) {
  const maps = createHeatmaps(store, ctx);
  const drawer = createDrawer(ctx.t('place.maps'), maps.element, { height: Math.min(280, innerHeight / 4), resize: ctx.t('place.resize') });
  let large = false;
  const showKind = () => {
    const { model } = store.get();
    if (!model || isLarge(model) === large) return;
    large = !large;
    drawer.setOpen(!large);
  };
  const stops = [store.on(['drawer'], ({ drawer: stage }) => { if (stage) drawer.setOpen(true); }), store.on(['model'], showKind)];
  showKind();
  return { element: drawer.element, destroy() { stops.forEach((stop) => stop()); maps.destroy(); } };
}

/** @param {HTMLElement} host @param {Store} store @param {ViewContext} ctx */
function mount(host, store, ctx) {
  const input = createInputSide(store, ctx);
  const stage = stageSide(store, ctx);
  const panel = createUnitPanel(store, ctx);
  const drawer = mapsDrawer(store, ctx);
  const tooltip = createTooltip(store, ctx);
  const element = h('div', { class: 'workspace' }, input.element, stage.element,
    h('aside', { class: 'panel-side', 'aria-label': ctx.t('place.unit') }, panel.element), drawer.element, tooltip.element);
  host.replaceChildren(element);

  const showPinned = () => { element.dataset.pinned = String(store.get().pinned !== null); };
  const stop = store.on(['pinned'], showPinned);
  showPinned();

  return {
    exportPng: () => stage.scene.exportPng(),
    keys: { ...input.keys, ...sceneKeys(store, stage.scene) },
    unmount() {
      stop();
      [input, stage, panel, drawer, tooltip].forEach((part) => part.destroy());
    },
  };
}

/**
 * @param {Store} store @param {{reset: () => void}} scene
 * @returns {Record<string, () => void>}
 */
function sceneKeys(store, scene) {
  const flip = (/** @type {'trace'|'outgoing'} */ key) => () => {
    const { model, [key]: on } = store.get();
    if (model && !isLarge(model)) store.set({ [key]: !on });
  };
  return {
    Escape: () => store.set({ pinned: null }),
    1: () => store.set({ projection: '3d' }),
    2: () => store.set({ projection: 'flat' }),
    r: scene.reset,
    t: flip('trace'),
    o: flip('outgoing'),
    e: () => store.set({ edgeColour: EDGE_COLOURS[(EDGE_COLOURS.indexOf(store.get().edgeColour) + 1) % EDGE_COLOURS.length] }),
  };
}
