/**
 * The real pictures that drive a unit most, cut to what it sees, with its range over all pictures of the set. People read
 * a unit better from these than from a synthetic picture (Borowski et al. 2021).
 *
 * @typedef {import('../../core/types.js').Store} Store
 * @typedef {import('../../views.js').ViewContext} ViewContext
 * @typedef {import('../../core/unit/tops.js').TopPicture} TopPicture
 */
import { kindOf, createTops, pictureUrl, SHOWN } from '../../core/unit/tops.js';
import { isLarge } from '../../core/session.js';
import { takePicture } from './take.js';
import { createTopPicture } from './top-picture.js';
import { createTopsRange } from './range.js';
import { createTopsScan } from './scan.js';
import { select } from '../controls.js';
import { h } from '../dom.js';
import { titleOf } from '../input/photo-gallery.js';

/**
 * @param {Store} store @param {ViewContext} ctx
 * @param {() => void} [onFound]  Real pictures of another unit are known now.
 * @returns {import('../../core/types.js').Widget & {show: (layer: string, channel: number) => void, set: () => string|null}}  set: the one whose pictures are shown.
 */
export function createTopPictures(store, ctx, onFound = () => {}) {
  const { t, api } = ctx;
  const pictures = Array.from({ length: SHOWN }, () => createTopPicture(t, { use: (picture) => void take(picture) }));
  const list = h('ol', { class: 'tops-grid' }, ...pictures.map(({ element }) => element));
  const range = createTopsRange(ctx);
  const scan = createTopsScan(t, { scan: () => void tops.scan(), cancel: () => tops.cancel(), retry: () => tops.retry() });
  const sets = h('span', { class: 'tops-sets' });
  const element = h('section', { class: 'tops', 'aria-label': t('tops.title') },
    h('header', { class: 'section-head' }, h('h2', { class: 'section-title' }, t('tops.title')), sets), scan.element, list, range.element);
  let listed = '';
  /** @type {unknown} What was found last. */
  let told = null;

  /** @param {TopPicture} picture */
  async function take(picture) {
    const { tops: found } = tops.standing();
    try {
      if (found) await takePicture(store, ctx, picture, found);
    } catch {
      ctx.notify(t('photo.gallery_failed'), 'error');
    }
  }

  function render() {
    const { model, lang } = store.get();
    const standing = tops.standing();
    const { tops: found, fresh } = standing;
    const isFound = kindOf(standing) === 'found';
    scan.show(standing, lang);
    showSets();
    list.hidden = range.element.hidden = !isFound;
    element.classList.toggle('is-waiting', isFound && !fresh);
    if (!model || !found || !isFound) return;
    if (found !== told) { told = found; onFound(); }
    const [, rows, columns] = model.input.shape;
    element.classList.toggle('is-digit', !isLarge(model));
    const url = (/** @type {string} */ href) => pictureUrl(href, api, store.get());
    pictures.forEach(({ element: place, show }, i) => {
      place.hidden = !found.top[i];
      if (found.top[i]) show(found.top[i], { url, size: [rows, columns], name: nameOf(found.top[i].name, found.set), lang });
    });
    range.show(found, lang);
  }

  /** @param {string} name  As the API has it. @param {string} set */
  function nameOf(name, set) {
    if (set === 'gallery') return titleOf({ id: name, title: name }, t);
    return set === 'folder' ? name : t('tops.number', { number: name.replace(/\D/g, '') });
  }

  /** A choice where there are several sets, else the name of the one. */
  function showSets() {
    const { sets: all, set } = tops.standing();
    if (!all || set === null) return;
    const full = all.filter((each) => each.pictures > 0);
    const key = full.map(({ id }) => id).join();
    if (key !== listed) {
      listed = key;
      const choice = select(t('tops.sets'), full.map(({ id }) => ({ value: id, label: t(`tops.set.${id}`) })), (id) => tops.choose(id));
      sets.replaceChildren(full.length > 1 ? choice.element : h('span', { class: 'section-title' }, t(`tops.set.${set}`)));
    }
    const input = sets.querySelector('select');
    if (input) input.value = set;
  }

  const tops = createTops(store, api, render);
  const stop = store.on(['lang'], render);
  render();
  return { element, show: tops.show, set: () => tops.standing().tops?.set ?? null, destroy() { stop(); tops.destroy(); element.remove(); } };
}
