/**
 * The node-link view. Reads the store, draws on demand only, and writes `hover` and `pinned`.
 *
 * @typedef {import('../core/types.js').Store} Store
 * @typedef {import('../core/types.js').State} State
 * @typedef {import('../core/types.js').Unit} Unit
 * @typedef {import('../core/types.js').Translate} Translate
 * @typedef {import('../core/layout/boards.js').Point} Point
 *
 * @typedef {object} SceneHandle
 * @property {HTMLElement} element
 * @property {() => void} destroy
 * @property {(name: string) => void} preset  'three-quarter', 'front', 'top', 'side', or 'unit': the unit that is looked at.
 * @property {() => void} reset
 * @property {(unit: Unit) => void} focus     Brings a unit into the middle, near.
 * @property {() => void} resize
 * @property {() => Promise<Blob>} exportPng  The picture at twice the density, with its labels.
 */
import { Director } from './director.js';
import { watchHand } from './hand.js';
import { watchKeys } from './keyboard.js';

/** A line instead of the picture. @param {HTMLElement} host @param {string} text @returns {SceneHandle} */
function failed(host, text) {
  const element = document.createElement('p');
  element.className = 'scene-failed';
  element.textContent = text;
  host.append(element);
  const nothing = () => {};
  return { element, destroy: () => element.remove(), preset: nothing, reset: nothing, focus: nothing, resize: nothing, exportPng: () => Promise.reject(new Error(text)) };
}

/** @param {Translate} t */
function frameOf(t) {
  const element = document.createElement('div');
  element.className = 'scene';
  element.tabIndex = 0;
  element.setAttribute('role', 'application');
  element.setAttribute('aria-label', t('scene.label'));
  return element;
}

/** What browser tests and curious people may ask. @param {Director} director */
function hooks(director) {
  return {
    unitAt: (/** @type {number} */ x, /** @type {number} */ y) => director.pointer.unitAt(x, y),
    screenOf: (/** @type {Unit} */ unit) => director.pointer.screenOf(unit),
    linkCount: () => director.overlay.count.shown,
    links: () => ({ ...director.overlay.count, trace: director.overlay.traceCount }),
    stages: () => [...(director.network?.parts.values() ?? [])].map(({ node, mesh }) => ({ id: node.stage.id, units: node.stage.units, visible: mesh.visible })),
    pictures: () => director.pictures,
    memory: () => ({ ...director.screen.renderer.info.memory }),
  };
}

/**
 * The scene, in `host`. Where WebGL 2 is missing, a sentence that says so.
 * @param {HTMLElement} host @param {Store} store @param {{t: Translate}} ctx
 * @returns {SceneHandle}
 */
export function createScene(host, store, { t }) {
  const element = frameOf(t);
  host.append(element);
  /** @type {Director} */
  let director;
  try {
    director = new Director(element, store, t);
  } catch {
    element.remove();
    return failed(host, t('scene.failed'));
  }
  const stopHand = watchHand(director.canvas, director.pointer);
  const stopKeys = watchKeys(element, store, director);
  Object.assign(window, { __scene: hooks(director) });
  return {
    element,
    destroy() {
      stopHand();
      stopKeys();
      director.dispose();
      element.remove();
    },
    preset: (name) => director.preset(name),
    reset: () => director.preset('three-quarter'),
    focus: (unit) => director.focus(unit),
    resize: () => director.screen.measure(),
    exportPng: () => director.exportPng(),
  };
}
