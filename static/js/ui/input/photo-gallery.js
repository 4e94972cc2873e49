/**
 * Pictures to choose: those of this visit, and the free ones that come with the server.
 *
 * @typedef {import('../../core/types.js').Store} Store
 * @typedef {import('../../core/types.js').GalleryPicture} GalleryPicture
 * @typedef {import('../../core/types.js').Photo} Photo
 * @typedef {import('../../views.js').ViewContext} ViewContext
 */
import { isAbort } from '../../core/api.js';
import { hasWeights } from '../../core/session.js';
import { h } from '../dom.js';

/** The picture's title in the page's language, else the server's own. @param {Pick<GalleryPicture, 'id'|'title'>} picture @param {import('../../core/types.js').Translate} t */
export function titleOf({ id, title }, t) {
  const key = `gallery.${id}`;
  const words = t(key);
  return words === key ? title : words;
}

/** @param {string} url @param {string} name @param {() => void} choose */
function thumbnail(url, name, choose) {
  return h('button', { class: 'thumb', type: 'button', 'aria-pressed': 'false', title: name, on: { click: choose } },
    h('img', { class: 'thumb-image', src: url, alt: name, loading: 'lazy', decoding: 'async', draggable: 'false' }));
}

/** A titled row that scrolls. @param {string} title */
function createRow(title) {
  const row = h('div', { class: 'thumb-row' });
  const element = h('section', { class: 'thumbs', 'aria-label': title, hidden: true }, h('h2', { class: 'section-title' }, title), row);
  return { element, row };
}

/** The photographs of this visit. @param {Store} store @param {ViewContext} ctx */
export function createRecent(store, { t, session }) {
  const { element, row } = createRow(t('photo.recent'));

  function show() {
    const { recent, photo } = store.get();
    const own = recent.filter(({ origin }) => origin !== 'gallery');
    element.hidden = own.length === 0;
    row.replaceChildren(...own.map((each) => {
      const button = thumbnail(each.url, each.name || t('photo.unnamed'), () => session.setPhoto(each));
      button.setAttribute('aria-pressed', String(each === photo));
      return button;
    }));
  }
  const stop = store.on(['recent', 'photo'], show);
  show();
  return { element, destroy: stop };
}

/** The free pictures; the first is chosen by itself where nothing else is. @param {Store} store @param {ViewContext} ctx */
export function createGallery(store, ctx) {
  const { t, api, notify, session } = ctx;
  const { element, row } = createRow(t('photo.gallery'));
  const control = new AbortController();
  /** @type {{picture: GalleryPicture, button: HTMLButtonElement}[]} */
  let entries = [];
  /** The picture that is on its way; the newest choice wins. */
  let wanted = '';

  /** @param {GalleryPicture} picture */
  async function choose(picture) {
    wanted = picture.id;
    try {
      const blob = await api.file(picture.href, { signal: control.signal });
      if (wanted !== picture.id) return;
      session.setPhoto({ blob, url: picture.href, name: titleOf(picture, t), origin: 'gallery', id: picture.id });
    } catch (error) {
      if (!isAbort(error)) notify(t('photo.gallery_failed'), 'error');
    }
  }

  function chooseFirst() {
    const { model, photo } = store.get();
    if (entries.length && !wanted && !photo && model && hasWeights(model)) void choose(entries[0].picture);
  }

  function mark() {
    const { photo } = store.get();
    for (const { picture, button } of entries) button.setAttribute('aria-pressed', String(photo?.origin === 'gallery' && photo.id === picture.id));
  }

  async function load() {
    const pictures = await api.gallery({ signal: control.signal }).catch(() => []);
    if (control.signal.aborted) return;
    entries = pictures.map((picture) => {
      const name = titleOf(picture, t);
      const button = thumbnail(picture.thumbnail, name, () => void choose(picture));
      button.title = `${name} · ${picture.credit} · ${picture.licence}`;
      return { picture, button };
    });
    row.replaceChildren(...entries.map(({ button }) => button));
    element.hidden = entries.length === 0;
    mark();
    chooseFirst();
  }

  /** Another photograph came meanwhile: the one that is on its way is not wanted any more. */
  function follow() {
    wanted = '';
    mark();
  }

  const stops = [store.on(['photo'], follow), store.on(['model'], chooseFirst)];
  void load();
  return { element, destroy() { control.abort(); stops.forEach((stop) => stop()); } };
}
