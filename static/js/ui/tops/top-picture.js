/**
 * One real picture: the part that the unit sees where it answers most. A press shows the whole picture with that part framed.
 *
 * @typedef {import('../../core/unit/tops.js').TopPicture} TopPicture
 * @typedef {import('../../core/types.js').Translate} Translate
 */
import { short } from '../../core/numbers/format.js';
import { fullNumber } from '../../core/unit/text.js';
import { placeShare } from '../features/map-picture.js';
import { PIXELATED } from '../features/crop.js';
import { iconButton } from '../controls.js';
import { h } from '../dom.js';
import { setNumber } from '../number.js';

/**
 * @typedef {object} TopLook
 * @property {(href: string) => string} url
 * @property {[number, number]} size  Rows and columns of the network's input.
 * @property {string} name  As people read it.
 * @property {string} lang
 */

/** @param {Translate} t @param {{use: (picture: TopPicture) => void}} events */
export function createTopPicture(t, { use }) {
  const image = h('img', { class: 'top-image', alt: '', decoding: 'async', draggable: 'false' });
  const box = h('span', { class: 'top-box', hidden: true });
  const value = h('data', { class: 'num' });
  const label = h('span', { class: 'top-label' });
  const open = h('button', { class: 'top-open', type: 'button', 'aria-pressed': 'false', on: { click: toggle } },
    h('span', { class: 'top-frame' }, image, box), h('span', { class: 'top-words' }, value, ' ', label)); // a space: the button's name begins with these words
  const useIt = iconButton('trace', t('tops.use'), () => { if (shown) use(shown.picture); }, { class: 'tool top-use' });
  const element = h('li', { class: 'top' }, open, useIt);
  /** @type {{picture: TopPicture, look: TopLook}|null} */
  let shown = null;
  let isWhole = false;

  function toggle() {
    isWhole = !isWhole;
    render();
  }

  function render() {
    if (!shown) return;
    const { picture, look: { url, size: [rows, columns] } } = shown;
    const { top, left, bottom, right } = picture.box;
    const src = url(isWhole ? picture.image : picture.crop);
    if (image.getAttribute('src') !== src) image.src = src;
    const side = isWhole ? Math.max(rows, columns) : Math.max(bottom - top, right - left);
    image.classList.toggle('is-pixelated', side <= PIXELATED);
    open.setAttribute('aria-pressed', String(isWhole));
    element.classList.toggle('is-whole', isWhole);
    box.hidden = !isWhole;
    placeShare(box, { top: top / rows, left: left / columns, height: (bottom - top) / rows, width: (right - left) / columns });
  }

  /** @param {TopPicture} picture @param {TopLook} look */
  function show(picture, look) {
    if (shown?.picture !== picture) isWhole = false;
    shown = { picture, look };
    setNumber(value, picture.value, short(picture.value, look.lang));
    label.textContent = picture.label ?? '';
    const words = { rank: picture.rank, name: look.name, value: short(picture.value, look.lang) };
    open.setAttribute('aria-label', t(picture.label === null ? 'tops.picture' : 'tops.picture.labelled', { ...words, label: picture.label ?? '' }));
    open.dataset.tip = [look.name, fullNumber(picture.value), t('tops.whole')].join(' · ');
    render();
  }

  return { element, show };
}
