/**
 * The network chooser: the present network's name, and a panel with every network by family, one line about each,
 * its size, its accuracy and the state of its weights; words narrow the list down.
 */
import { accuracy, bytes, compact, percent, short } from '../../core/numbers/format.js';
import { isTrained } from '../../core/train/follow-network.js';
import { aboutNetwork, networkGroups } from '../../core/networks/list.js';
import { dataName } from '../../core/train/words.js';
import { mainAccuracy, shareDone, weightsState } from '../../core/networks/weights-text.js';
import { h } from '../dom.js';
import { icon } from '../icons.js';
import { withPopover } from '../popover.js';

/**
 * @typedef {import('../../core/types.js').ModelSummary} ModelSummary
 * @typedef {import('../../core/types.js').Translate} Translate
 * @typedef {import('../../core/types.js').Store} Store
 */

/** What a network that was trained here has learnt from; null while its training is not known. @param {Store} store @param {Translate} t @param {ModelSummary} model */
function aboutTraining(store, t, { id }) {
  const { trainings, lang } = store.get();
  const request = trainings.find(({ model }) => model === id)?.request;
  return request?.dataset ? t('chooser.trained_about', { data: dataName(request.dataset.id, t), epochs: short(request.epochs ?? 1, lang) }) : null;
}

/** @param {ModelSummary} model @param {Translate} t @param {string} lang */
function facts({ parameters, weights, input }, t, lang) {
  // Of the weights that are in use, or would be fetched first: other weights may do better or worse.
  const shares = weights.status === 'ready' ? weights.accuracy : weights.sources.find((each) => each.status === 'downloadable')?.accuracy ?? {};
  const size = t('chooser.parameters', { count: compact(parameters, lang) });
  const main = mainAccuracy(shares);
  if (!main) return size;
  const isOwn = weights.sources.some(({ kind }) => kind === 'trained');
  const known = main.test === 'cifar10_test' ? 'chooser.accuracy_cifar10' : input.preprocessing === 'digit' ? 'chooser.accuracy' : 'chooser.accuracy_photo';
  return `${size} · ${t(isOwn ? 'chooser.accuracy_trained' : known, { share: accuracy(main.share, lang) })}`;
}

/** @param {Store} store @param {ModelSummary} model @param {Translate} t */
function stateText(store, model, t) {
  const { downloads, lang } = store.get();
  const running = Object.entries(downloads).find(([key, each]) => key.startsWith(`${model.id}/`) && each.problem === null)?.[1];
  if (running) {
    const share = shareDone(running);
    return { status: 'downloading', text: share === null ? t('chooser.weights.downloading') : percent(share, lang) };
  }
  const training = store.get().trainings.find((each) => each.model === model.id);
  if (training && training.state !== 'done') return { status: training.state, text: t(`chooser.training.${training.state}`) };
  const { status, size } = weightsState(model);
  const key = status === 'downloadable' && size === null ? 'chooser.weights.get' : `chooser.weights.${status}`;
  return { status, text: t(key, { size: size === null ? '' : bytes(size, lang) }) };
}

/** @param {Store} store @param {Translate} t @param {ModelSummary} model @param {(id: string) => void} choose */
function createRow(store, t, model, choose) {
  const { model: present, lang } = store.get();
  const { status, text } = stateText(store, model, t);
  return h('li', {}, h('button', {
    class: 'network', type: 'button', data: { model: model.id }, 'aria-current': model.id === present?.id ? 'true' : null, on: { click: () => choose(model.id) },
  },
  h('span', { class: 'network-title' }, model.title), h('span', { class: 'network-state', data: { status } }, text),
  h('span', { class: 'network-about' }, aboutTraining(store, t, model) ?? aboutNetwork(t, model)), h('span', { class: 'network-facts' }, facts(model, t, lang))));
}

/** Arrow keys, Home and End walk along the search field and the networks. @param {HTMLElement} panel @param {KeyboardEvent} event */
function walk(panel, event) {
  const stops = /** @type {HTMLElement[]} */ ([...panel.querySelectorAll('.chooser-search, .network')]);
  const at = stops.indexOf(/** @type {HTMLElement} */ (document.activeElement));
  const typing = document.activeElement instanceof HTMLInputElement;
  const next = { ArrowDown: at + 1, ArrowUp: at - 1, ...(typing ? {} : { Home: 0, End: stops.length - 1 }) }[event.key];
  if (next === undefined) return;
  event.preventDefault();
  stops[Math.max(0, Math.min(stops.length - 1, next))].focus();
}

/**
 * @param {Store} store
 * @param {Translate} t
 * @param {{choose: (id: string) => void, openWeights: () => void, listTrainings: () => void}} actions
 */
export function createChooser(store, t, { choose, openWeights, listTrainings }) {
  const name = h('span', { class: 'chooser-name' }, '…');
  const button = h('button', { class: 'chooser', type: 'button' }, h('span', { class: 'visually-hidden' }, `${t('chooser.label')}: `), name, icon('chevron'));
  const search = h('input', {
    type: 'search', class: 'chooser-search', placeholder: t('chooser.search'), 'aria-label': t('chooser.search'), autocomplete: 'off', spellcheck: 'false',
    on: { input: fill, keydown: takeFirst },
  });
  const list = h('div', { class: 'chooser-list' });
  const count = h('p', { class: 'visually-hidden', role: 'status' });
  const weights = h('button', { class: 'text-button', type: 'button', on: { click: () => { close(); openWeights(); } } });

  /** @param {string} family */
  const nameOf = (family) => (family === 'digits' ? t('chooser.digits') : family === 'trained' ? t('chooser.trained') : family);

  function fill() {
    const groups = networkGroups(store.get().models, search.value);
    const found = groups.reduce((sum, group) => sum + group.models.length, 0);
    count.textContent = search.value ? t('chooser.found', { count: found }) : '';
    list.replaceChildren(...groups.map(({ family, models }) => h('section', { 'aria-label': nameOf(family) },
      h('h2', { class: 'section-title chooser-family' }, nameOf(family)),
      h('ul', {}, ...models.map((model) => createRow(store, t, model, (id) => { close(); choose(id); }))))));
    if (found === 0) list.append(h('p', { class: 'chooser-none' }, t('chooser.none')));
  }

  /** Enter takes the first that is found. @param {KeyboardEvent} event */
  function takeFirst(event) {
    if (event.key !== 'Enter') return;
    event.preventDefault(); // the focus goes back to the button, which must not open again
    list.querySelector(/** @type {'button'} */ ('.network'))?.click();
  }

  function open() {
    const { model, models } = store.get();
    if (models.some(isTrained)) listTrainings(); // how far they are
    search.value = '';
    weights.textContent = t('weights.of', { model: model?.title ?? '' });
    weights.hidden = !model?.weights.sources.length;
    fill();
    requestAnimationFrame(() => list.querySelector('[aria-current]')?.scrollIntoView({ block: 'center' }));
    return [h('div', { class: 'chooser-head' }, icon('search'), search, weights), count, list];
  }

  const { element, panel, close } = withPopover(button, open, { class: 'chooser-panel', label: t('chooser.label') });
  panel.addEventListener('keydown', (event) => walk(panel, event));

  const show = () => { name.textContent = store.get().model?.title ?? '…'; };
  const stops = [store.on(['model'], show), store.on(['models', 'downloads', 'trainings'], () => { if (panel.matches(':popover-open')) fillKeepingFocus(); })];
  function fillKeepingFocus() {
    const focused = document.activeElement instanceof HTMLElement ? document.activeElement.dataset.model : undefined;
    const { scrollTop } = list;
    fill();
    list.scrollTop = scrollTop;
    if (focused) list.querySelector(/** @type {'button'} */ (`[data-model="${focused}"]`))?.focus();
  }
  show();
  return { element, destroy: () => stops.forEach((stop) => stop()) };
}
