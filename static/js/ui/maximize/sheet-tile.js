/** One unit of the sheet: its number, then its picture as it forms, then the finished one. Tiles are used again while it scrolls. */
import { h, uid } from '../dom.js';
import { drawPart } from './pictures.js';

/**
 * @typedef {import('./pictures.js').Part} Part
 * @typedef {object} Filling
 * @property {number} channel
 * @property {string} name
 * @property {string} label
 * @property {string|null} href   Of the finished picture.
 * @property {Part|null} part     Of the one that forms.
 * @property {boolean} silent
 * @property {boolean} waits
 * @property {boolean} present
 * @property {boolean} active
 */

export function createSheetTile() {
  const image = h('img', { class: 'sheet-image', alt: '', draggable: 'false', decoding: 'async' });
  const canvas = h('canvas', { class: 'sheet-image maximize-canvas', width: 1, height: 1 });
  const blank = h('span', { class: 'sheet-blank' });
  const name = h('span', { class: 'tile-name' });
  const element = h('div', { class: 'sheet-tile', role: 'option', id: uid('unit') }, h('div', { class: 'sheet-picture' }, blank, canvas, image), name);

  return {
    element,
    /** @param {Filling} filling @param {{x: number, y: number}} place @param {number} width */
    fill({ channel, name: words, label, href, part, silent, waits, present, active }, place, width) {
      element.style.translate = `${place.x}px ${place.y}px`;
      element.style.width = `${width}px`;
      element.dataset.channel = String(channel);
      element.dataset.tip = label;
      element.setAttribute('aria-label', label);
      element.setAttribute('aria-selected', String(present));
      element.classList.toggle('is-present', present);
      element.classList.toggle('is-active', active);
      element.classList.toggle('is-waiting', waits);
      name.textContent = href === null && part === null ? '' : words;
      blank.textContent = href === null && part === null ? words : '';
      element.classList.toggle('is-silent', silent);
      if (href !== null && image.getAttribute('src') !== href) image.src = href;
      image.hidden = href === null || silent;
      canvas.hidden = href !== null || part === null;
      if (href === null && part) drawPart(canvas, part);
    },
  };
}
