/**
 * The pictures that look most alike to the network: thumbnails with their distance, and the scan of the user's folder
 * (after figure 4 of the AlexNet paper).
 *
 * @typedef {import('../../core/types.js').Store} Store
 * @typedef {import('../../core/types.js').Neighbour} Neighbour
 * @typedef {import('../../core/input/neighbours.js').Standing} Standing
 * @typedef {import('../../views.js').ViewContext} ViewContext
 */
import { nameOf } from '../../core/networks/graph.js';
import { createNeighbours, kindOf, photoOf } from '../../core/input/neighbours.js';
import { isLarge } from '../../core/session.js';
import { h } from '../dom.js';
import { numberElement } from '../number.js';

/**
 * @param {Store} store @param {ViewContext} ctx
 * @returns {import('../../core/types.js').Widget}
 */
export function createNeighbourList(store, ctx) {
  const { t, api, session, notify } = ctx;
  const list = h('ol', { class: 'near-list' });
  const words = h('p', { class: 'near-words', role: 'status' });
  const scan = createScan(t, () => void near.scan(), () => near.cancel());
  const element = h('section', { class: 'near', hidden: true }, h('h2', { class: 'section-title' }, t('neighbours.title')), words, list, scan.element,
    h('p', { class: 'near-source' }, t('neighbours.source')));

  /** @param {Neighbour} neighbour */
  async function show(neighbour) {
    try {
      session.setPhoto(await photoOf(api, neighbour));
    } catch {
      notify(t('photo.gallery_failed'), 'error');
    }
  }

  /** @param {Neighbour} neighbour @param {number} rank */
  function entry(neighbour, rank) {
    const name = neighbour.name || t('neighbours.unnamed', { rank });
    const distance = numberElement(neighbour.distance, store.get().lang);
    return h('li', {}, h('button', { class: 'near-picture', type: 'button', title: name, on: { click: () => void show(neighbour) } },
      h('img', { src: neighbour.thumbnail, alt: name, loading: 'lazy', decoding: 'async', draggable: 'false' }), distance));
  }

  function render() {
    const { model } = store.get();
    const standing = near.standing();
    const kind = kindOf(standing);
    element.hidden = !model || !isLarge(model) || !store.get().pass;
    list.replaceChildren(...(standing.found?.neighbours ?? []).map((each, i) => entry(each, i + 1)));
    words.textContent = t(`neighbours.${kind}`, { layer: layerName(model, standing.found?.layer ?? ''), count: standing.found?.compared ?? 0, problem: standing.problem ?? '' });
    scan.show(standing);
  }

  const near = createNeighbours(store, api, () => render());
  const stop = store.on(['model', 'pass', 'lang'], render);
  render();
  void near.load();
  return { element, destroy() { stop(); near.destroy(); element.remove(); } };
}

/** What people call the stage that ends with this layer. @param {import('../../core/types.js').Model|null} model @param {string} layer */
function layerName(model, layer) {
  const stage = model?.stages.find(({ output, layers }) => output === layer || layers.at(-1) === layer); // a stage may end by flattening
  return stage ? nameOf(stage) : layer;
}

/** Starting and following the scan of the user's folder. @param {ViewContext['t']} t @param {() => void} start @param {() => void} cancel */
function createScan(t, start, cancel) {
  const words = h('p', { class: 'near-words' });
  const bar = h('progress', { max: 1, 'aria-label': t('neighbours.scanning') });
  const begin = h('button', { class: 'button', type: 'button', on: { click: start } });
  const stop = h('button', { class: 'text-button', type: 'button', on: { click: cancel } }, t('weights.cancel'));
  const element = h('div', { class: 'near-scan' }, words, begin, h('div', { class: 'near-progress', hidden: true }, bar, stop));

  /** @param {Standing} standing */
  function show({ found, scan, problem }) {
    const folder = found?.folder ?? 'unset';
    element.hidden = !found;
    begin.hidden = scan !== null || folder === 'unset';
    begin.textContent = t(folder === 'scanned' ? 'neighbours.rescan' : 'neighbours.scan');
    const running = element.querySelector('.near-progress');
    if (running instanceof HTMLElement) running.hidden = scan === null;
    if (scan?.progress.total) bar.value = scan.progress.done / scan.progress.total;
    else bar.removeAttribute('value');
    words.textContent = problem ?? (scan ? scan.progress.message || t('neighbours.scanning') : folder === 'scanned' ? '' : t(`neighbours.folder.${folder}`));
  }
  return { element, show };
}
