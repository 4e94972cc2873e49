/** Test pictures of the data set that a network for photographs has learnt from here: it was made for these, not for the gallery's. */
import { picturesOf, photoSet } from '../../core/train/data-samples.js';
import { fetchDatasets } from '../../core/train/api.js';
import { h } from '../dom.js';

/** @param {import('../../core/types.js').Store} store @param {import('../../views.js').ViewContext} ctx @returns {import('../../core/types.js').Widget} */
export function createDataPictures(store, ctx) {
  const { t, api, session } = ctx;
  const row = h('div', { class: 'thumb-row' });
  const element = h('section', { class: 'thumbs', 'aria-label': t('photo.dataset'), hidden: true }, h('h2', { class: 'section-title' }, t('photo.dataset')), row);
  let control = new AbortController();
  /** @type {string|null} */
  let shown = null;
  /** @type {{url: string, button: HTMLElement}[]} */
  let entries = [];

  /** @param {string} url @param {string} name */
  async function choose(url, name) {
    try {
      const blob = await api.file(url, { signal: control.signal });
      session.setPhoto({ blob, url, name, origin: 'file', id: null });
    } catch {
      ctx.notify(t('photo.gallery_failed'), 'error');
    }
  }

  /** @param {string} id */
  async function load(id) {
    control.abort();
    control = new AbortController();
    const { signal } = control;
    const info = (await fetchDatasets(api, { signal }).catch(() => [])).find((each) => each.id === id);
    if (signal.aborted) return;
    entries = picturesOf(api.base, id, info?.test ?? 0).map(({ index, href }) => {
      const name = t('photo.dataset.one', { index });
      const image = h('img', { class: 'thumb-image', src: href, alt: name, loading: 'lazy', decoding: 'async', draggable: 'false' });
      return { url: href, button: h('button', { class: 'thumb', type: 'button', title: name, on: { click: () => void choose(href, name) } }, image) };
    });
    row.replaceChildren(...entries.map(({ button }) => button));
    mark();
  }

  function mark() {
    const { photo } = store.get();
    element.hidden = shown === null || entries.length === 0;
    for (const { url, button } of entries) button.setAttribute('aria-pressed', String(photo?.url === url));
  }

  function show() {
    const id = photoSet(store.get());
    if (id !== shown) {
      shown = id;
      entries = [];
      if (id !== null) void load(id);
    }
    mark();
  }

  const stop = store.on(['model', 'trainingData', 'photo'], show);
  show();
  return { element, destroy() { control.abort(); stop(); } };
}
