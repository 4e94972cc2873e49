/**
 * Keeps the URL in step with the store, when it has come to rest: the pen must not wait for it. Another path, that is
 * another unit of the unit page, is another entry of the browser's history.
 */
import { drawingToText, pathOf, stateToHash } from '../../core/url.js';

const PAUSE = 400;
const KEYS = /** @type {(keyof import('../../core/types.js').State)[]} */ ([
  'model', 'ink', 'transform', 'preprocess', 'pinned', 'unitPage', 'projection', 'scale', 'edgeColour', 'outgoing', 'trace', 'hidden', 'drawer', 'weights', 'photo', 'pass',
  'maximize', 'training', 'compared', 'playground', 'moment',
]);
/** Entries that this page has written: going back to one needs no reload. */
const OURS = { page: 'convscope' };

/** Was the present entry of the history written by this page? */
export function isOurs() {
  return history.state?.page === OURS.page;
}

/**
 * @param {import('../../core/types.js').Store} store
 * @param {string} view
 */
export function followState(store, view) {
  /** @type {ReturnType<typeof setTimeout>|undefined} */
  let timer;
  /** Counts the reader's steps back and forward: what was to be written before one is of another entry. */
  let steps = 0;

  const isElsewhere = () => pathOf(view, store.get()) !== location.pathname;

  async function link() {
    const state = store.get();
    const url = new URL(location.href);
    url.pathname = pathOf(view, state);
    url.hash = stateToHash(state, view, await drawingToText(state.ink));
    return url.href;
  }

  async function write() {
    // Before the network is known the hash still holds what is to be restored.
    if (!store.get().model) return;
    const step = steps;
    const href = await link();
    if (step !== steps) return;
    if (isElsewhere()) history.pushState(OURS, '', href);
    else history.replaceState(OURS, '', href);
  }
  const later = () => {
    clearTimeout(timer);
    timer = setTimeout(write, isElsewhere() ? 0 : PAUSE);
  };
  store.on(KEYS, later);
  history.replaceState(OURS, ''); // this page knows how to come back to its first entry, too
  window.addEventListener('popstate', () => { steps += 1; clearTimeout(timer); });

  return {
    link,
    view: () => view,
    /** @param {string} id */
    setView(id) { view = id; later(); },
  };
}
