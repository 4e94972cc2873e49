/** Keeps the URL hash in step with the store, when it has come to rest: the pen must not wait for it. */
import { drawingToText, stateToHash } from '../core/url.js';

const PAUSE = 400;
const KEYS = /** @type {(keyof import('../core/types.js').State)[]} */ ([
  'model', 'ink', 'transform', 'preprocess', 'pinned', 'projection', 'scale', 'edgeColour', 'outgoing', 'trace', 'hidden', 'drawer', 'weights', 'photo', 'pass',
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
    // Before the network is known the hash still holds what is to be restored.
    if (store.get().model) history.replaceState(null, '', await link());
  }
  const later = () => {
    clearTimeout(timer);
    timer = setTimeout(write, PAUSE);
  };
  store.on(KEYS, later);

  return {
    link,
    view: () => view,
    /** @param {string} id */
    setView(id) { view = id; later(); },
  };
}
