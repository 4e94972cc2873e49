/** A picture of a digit from outside: dropped on the pad, pasted anywhere, or chosen as a file. Converted here, not sent as it is. */
import { fromPicture } from '../../core/input/digit-photo.js';
import { h } from '../dom.js';

const LONGEST_SIDE = 512;

/** The pixels of an image file, at most 512 a side. @param {Blob} file */
async function pixelsOf(file) {
  const bitmap = await createImageBitmap(file);
  const factor = Math.min(1, LONGEST_SIDE / Math.max(bitmap.width, bitmap.height));
  const width = Math.max(1, Math.round(bitmap.width * factor));
  const height = Math.max(1, Math.round(bitmap.height * factor));
  const context = new OffscreenCanvas(width, height).getContext('2d');
  if (!context) throw new Error('This browser gives no canvas.');
  context.drawImage(bitmap, 0, 0, width, height);
  bitmap.close();
  return context.getImageData(0, 0, width, height);
}

/** @param {DataTransfer|null} data */
function imageIn(data) {
  return [...(data?.files ?? [])].find((file) => file.type.startsWith('image/'));
}

/**
 * @param {HTMLElement} element  Where a picture can be dropped.
 * @param {(bytes: Uint8Array) => void} load
 * @param {import('../../core/types.js').Context & {notify: (text: string, kind?: 'note'|'error') => void}} ctx
 * @returns {{pick: () => void, stop: () => void}}
 */
export function attachPictures(element, load, { t, notify }) {
  const stop = new AbortController();
  const { signal } = stop;
  const input = h('input', { type: 'file', accept: 'image/*', hidden: true, 'aria-label': t('pad.picture') });
  element.append(input);

  /** @param {File|undefined} file */
  async function take(file) {
    if (!file) return;
    const pixels = await pixelsOf(file).catch(() => null);
    const bytes = pixels && fromPicture(pixels.data, pixels.width, pixels.height);
    if (bytes) load(bytes);
    else notify(t(pixels ? 'pad.picture_empty' : 'pad.picture_unreadable'), 'error');
  }

  input.addEventListener('change', () => { take(input.files?.[0]); input.value = ''; }, { signal });
  element.addEventListener('dragover', (event) => { event.preventDefault(); element.classList.add('dropping'); }, { signal });
  element.addEventListener('dragleave', () => element.classList.remove('dropping'), { signal });
  element.addEventListener('drop', (event) => {
    event.preventDefault();
    element.classList.remove('dropping');
    take(imageIn(event.dataTransfer));
  }, { signal });
  document.addEventListener('paste', (event) => take(imageIn(event.clipboardData)), { signal });
  return { pick: () => input.click(), stop: () => stop.abort() };
}
