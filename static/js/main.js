/** Starts the page: store, session, theme, language, URL, header and the chosen view. */
import { ApiError, createApi } from './core/api.js';
import { followPresentTraining } from './core/train/follow-network.js';
import { loadTranslator } from './core/i18n.js';
import { hasUnit, isLarge, Session } from './core/session.js';
import { createStore, initialState } from './core/store.js';
import { createTrainingRun } from './core/train/run.js';
import { stateFromAddress } from './core/url.js';
import { createHelp } from './ui/page/help.js';
import { createHeader } from './ui/page/header.js';
import { createRandomLabel } from './ui/page/random-label.js';
import { shareItems } from './ui/page/share.js';
import { createToasts } from './ui/page/toast.js';
import { createTrainingBar } from './ui/train/training-bar.js';
import { createWeightsDialog } from './ui/weights/dialog.js';
import { attachKeys } from './ui/page/keys.js';
import { followPreferences, remember } from './ui/page/preferences.js';
import { followState, isOurs } from './ui/page/address.js';
import { VIEWS } from './views.js';
import { trainView } from './views/train.js';
import { unitView } from './views/unit.js';

/** The folder of catalogues; it lies beside js/ and beside dist/, where scripts/bundle.py puts this. */
const WORDS = new URL('../i18n', import.meta.url).href;

/** @param {string} id */
function byId(id) {
  const element = document.getElementById(id);
  if (!element) throw new Error(`The page has no #${id}.`);
  return element;
}

/** @typedef {import('./core/types.js').Store} Store */

/** Before the next picture; in a hidden tab, which draws none, at the next turn. @param {() => void} work */
function beforeNextPicture(work) {
  if (document.visibilityState === 'visible') requestAnimationFrame(work);
  else setTimeout(work, 0);
}

/** @param {Store} store @param {ReturnType<typeof createToasts>} notify @param {{t: import('./core/types.js').Translate}} words */
function openSession(store, notify, words) {
  const api = createApi(undefined, undefined, () => ({ model: store.get().model?.id ?? null, weights: store.get().weights }));
  const session = new Session(store, api, {
    base: new URL(api.base, location.href).href,
    report: (error) => notify(words.t(error instanceof ApiError && error.status > 0 ? 'error.server' : 'error.network', { detail: String(error) }), 'error'),
    onProblem: (detail) => notify(detail, 'error'),
    schedule: beforeNextPicture,
  });
  const training = createTrainingRun(store, api, { onProblem: (error) => notify(error instanceof Error ? error.message : String(error), 'error') });
  return { api, session, training };
}

/** Follows the skip link to the input without touching the hash, which holds the state. @param {Event} event */
function skipToInput(event) {
  event.preventDefault();
  (document.getElementById('pad') ?? byId('photo')).focus();
}

/** Words outside the view that depend on the kind of network. @param {Store} store @param {import('./core/types.js').Translate} t @param {string} view */
function followKind(store, t, view) {
  const show = () => {
    const { model } = store.get();
    document.title = ['ConvScope', model?.title, t(`view.${view}`)].filter(Boolean).join(' · ');
    byId('skip').textContent = t(model && isLarge(model) ? 'page.skip_photo' : 'page.skip');
  };
  show();
  return store.on(['model'], show);
}

/**
 * Everything with words in it; mounted anew when the language changes.
 * @param {Store} store
 * @param {ReturnType<typeof openSession> & {
 *   t: import('./core/types.js').Translate, notify: ReturnType<typeof createToasts>, address: ReturnType<typeof followState>,
 *   view: string, setLanguage: (lang: string) => void, setView: (id: string) => void, open: import('./views.js').ViewContext['open'],
 * }} parts
 */
function mountPage(store, { api, session, training, t, notify, address, view: id, setLanguage, setView, open }) {
  const view = VIEWS.find((each) => each.id === id) ?? VIEWS[0];
  document.documentElement.lang = store.get().lang;
  byId('skip').onclick = skipToInput;
  const stopKind = followKind(store, t, view.id);

  const ctx = { api, t, notify, session, training, link: address.link, open };
  const mounted = view.mount(byId('main'), store, ctx);
  const help = createHelp(t);
  const weights = createWeightsDialog(store, ctx);
  const label = createRandomLabel(store, t, weights.open);
  const bar = view === trainView ? null : createTrainingBar(store, ctx); // the train view has its timeline
  const tabs = VIEWS.map((each) => ({ id: each.id, title: t(`view.${each.id}`) }));
  const header = createHeader(store, t, { tabs, view: view.id }, {
    chooseModel: (model) => { store.set({ unitPage: null }); void session.choose(model); },
    openWeights: weights.open,
    listTrainings: () => void training.list(),
    chooseView: setView,
    chooseLanguage: setLanguage,
    chooseTheme: (theme) => { remember('theme', theme); store.set({ theme }); },
    shareItems: (done) => shareItems(store, ctx, { exportPng: mounted.exportPng, asItIs: mounted.asItIs, done }),
    help: help.open,
  });
  byId('header').replaceChildren(header.element, label.element, help.element, weights.element);
  if (bar) byId('main').after(bar.element);
  const stopKeys = attachKeys({ '?': help.open, ...mounted.keys });
  return () => { stopKeys(); stopKind(); [header, label, weights, bar].forEach((part) => part?.destroy()); mounted.unmount(); };
}

/**
 * From view to view: by the tabs, by links, and back again.
 * @param {Store} store @param {Session} session @param {ReturnType<typeof followState>} address @param {() => void} mount
 */
function createJourney(store, session, address, mount) {
  /** @param {string} id */
  function setView(id) {
    if (id === address.view()) return;
    if (id !== unitView.id) store.set({ unitPage: null }); // from then on the pinned unit counts
    address.setView(id);
    mount();
  }

  /** Goes to a view, with what it is to show. @param {string} id @param {Partial<import('./core/types.js').State>} [patch] */
  function open(id, patch = {}) {
    store.set(patch);
    setView(id);
  }

  /** Back or forward: to the view and the unit of that address; the picture stays. */
  async function goBack() {
    const { view: id = VIEWS[0].id, modelId, weights = null, unitPage = null, pinned = null, drawer = null, training = null, compared = null } = await stateFromAddress(location);
    store.set({ unitPage, training, compared });
    setView(id);
    if (modelId && (modelId !== store.get().model?.id || weights !== store.get().weights)) await session.choose(modelId, weights);
    const { model } = store.get();
    if (model && !unitPage) store.set({ drawer, pinned: hasUnit(model, pinned) ? pinned : null });
  }

  return { setView, open, goBack };
}

async function start() {
  const store = createStore(initialState());
  Object.assign(window, { __store: store }); // what browser tests and curious people may ask, like the scene's __scene
  const notify = createToasts(byId('toasts'));
  const saved = await stateFromAddress(location);
  const { modelId, weights, photoRef, view = VIEWS[0].id, ...restored } = saved;
  followPreferences(store);
  store.set(restored);

  const words = { t: await loadTranslator(store.get().lang, WORDS) };
  const { api, session, training } = openSession(store, notify, words);
  const address = followState(store, view);
  let unmount = () => {};

  const mount = () => {
    unmount();
    unmount = mountPage(store, { api, session, training, t: words.t, notify, address, view: address.view(), setLanguage, ...journey });
  };
  const journey = createJourney(store, session, address, mount);
  /** @param {string} lang */
  async function setLanguage(lang) {
    remember('lang', lang);
    words.t = await loadTranslator(lang, WORDS);
    store.set({ lang });
    mount();
  }

  mount();
  const isSeen = () => document.visibilityState === 'visible';
  const present = followPresentTraining(store, session, { isSeen });
  document.addEventListener('visibilitychange', present.wake);
  window.addEventListener('popstate', () => { if (isOurs()) void journey.goBack(); });
  window.addEventListener('online', () => session.retry());
  window.addEventListener('hashchange', () => { if (!isOurs()) location.reload(); });
  await session.start({ model: modelId, weights, photo: photoRef, scale: restored.scale, preprocess: restored.preprocess });
}

void start();
