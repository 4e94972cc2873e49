/** Keeps the URL hash in step with the store, calmly: browsers refuse more than about 100 replacements in 30 seconds. */
import { drawingToText, stateToHash } from '../core/url.js';

const PAUSE = 500;
const KEYS = /** @type {(keyof import('../core/types.js').State)[]} */ ([
  'model', 'ink', 'transform', 'preprocess', 'pinned', 'projection', 'scale', 'edgeColour', 'outgoing', 'trace', 'hidden', 'drawer',
]);

/**
 * @param {import('../core/types.js').Store} store
 * @param {string} view
 */
export function followState(store, view) {
  /** @type {ReturnType<typeof setTimeout>|undefined} */
  let timer;

  async function link() {
    const state = store.get();
    const url = new URL(location.href);
    url.hash = stateToHash(state, view, await drawingToText(state.ink));
    return url.href;
  }

  async function write() {
    timer = undefined;
    // Before the network is known the hash still holds what is to be restored.
    if (store.get().model) history.replaceState(null, '', await link());
  }
  const later = () => { timer ??= setTimeout(write, PAUSE); };
  store.on(KEYS, later);

  return {
    link,
    view: () => view,
    /** @param {string} id */
    setView(id) { view = id; later(); },
  };
}
