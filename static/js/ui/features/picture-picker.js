/**
 * Another photograph for a comparison: those of this visit, the free ones, or a file.
 *
 * @typedef {import('../../core/types.js').Photo} Photo
 * @typedef {import('../../core/types.js').Store} Store
 * @typedef {import('../../core/types.js').GalleryPicture} GalleryPicture
 * @typedef {import('../../views.js').ViewContext} ViewContext
 */
import { h } from '../dom.js';
import { icon } from '../icons.js';
import { titleOf } from '../input/photo-gallery.js';
import { photoOf } from '../input/photo-take.js';

/** @param {Store} store @param {ViewContext} ctx @param {(photo: Photo) => void} choose */
export function createPicturePicker(store, { api, t, notify }, choose) {
  const row = h('div', { class: 'thumb-row' });
  const input = h('input', { type: 'file', accept: 'image/*', hidden: true, class: 'compare-file', 'aria-label': t('photo.upload'), on: { change: takeFile } });
  const button = h('button', { class: 'button', type: 'button', on: { click: () => input.click() } }, icon('image'), t('photo.upload'));
  const element = h('div', { class: 'picture-picker' }, row, h('div', { class: 'photo-tools' }, button, input));
  const control = new AbortController();
  /** @type {GalleryPicture[]} */
  let gallery = [];

  function takeFile() {
    const file = input.files?.[0];
    if (file) choose(photoOf(file, file.name, 'file'));
    input.value = '';
  }

  /** @param {GalleryPicture} picture */
  async function takePicture(picture) {
    try {
      choose({ blob: await api.file(picture.href, { signal: control.signal }), url: picture.href, name: titleOf(picture, t), origin: 'gallery', id: picture.id });
    } catch {
      if (!control.signal.aborted) notify(t('photo.gallery_failed'), 'error');
    }
  }

  /** @param {string} url @param {string} name @param {() => void} click */
  const thumbnail = (url, name, click) => h('button', { class: 'thumb', type: 'button', title: name, on: { click } },
    h('img', { class: 'thumb-image', src: url, alt: name, loading: 'lazy', decoding: 'async', draggable: 'false' }));

  function show() {
    const { recent, photo } = store.get();
    const own = recent.filter((each) => each.origin !== 'gallery' && each !== photo).map((each) => thumbnail(each.url, each.name || t('photo.unnamed'), () => choose(each)));
    const free = gallery.filter(({ id }) => !(photo?.origin === 'gallery' && photo.id === id)).map((each) => thumbnail(each.thumbnail, titleOf(each, t), () => void takePicture(each)));
    row.replaceChildren(...own, ...free);
  }

  api.gallery({ signal: control.signal }).then((pictures) => { gallery = pictures; show(); }, () => {});
  const stop = store.on(['recent', 'photo'], show);
  show();
  return { element, destroy() { control.abort(); stop(); } };
}
