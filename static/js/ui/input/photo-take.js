/** Photographs from outside: chosen as a file, dropped anywhere on the page, pasted. They are sent as they are; the server brings them to size. */
import { pictureProblem } from '../../core/input/crop.js';
import { bytes } from '../../core/numbers/format.js';
import { h } from '../dom.js';

/**
 * @typedef {import('../../core/types.js').Photo} Photo
 * @typedef {import('../../core/types.js').Store} Store
 * @typedef {import('../../views.js').ViewContext} ViewContext
 */

const MIB = 2 ** 20;

/** How many bytes the server takes; the page's template says so. */
function mostBytes() {
  return Number(document.documentElement.dataset.maxUpload) || 32 * MIB;
}

/** @param {DataTransfer|null} data */
function fileIn(data) {
  const files = [...(data?.files ?? [])];
  return files.find((file) => file.type.startsWith('image/')) ?? files[0];
}

/** @param {Blob} blob @param {string} name @param {Photo['origin']} origin @returns {Photo} */
export function photoOf(blob, name, origin) {
  return { blob, url: URL.createObjectURL(blob), name, origin, id: null };
}

/** Gives addresses of pictures back that the page has forgotten. @param {Store} store */
function forgetUrls(store) {
  /** @type {Set<string>} */
  const own = new Set();
  return store.on(['recent'], ({ recent }) => {
    const present = new Set(recent.map(({ url }) => url).filter((url) => url.startsWith('blob:')));
    for (const url of own) if (!present.has(url)) URL.revokeObjectURL(url);
    own.clear();
    for (const url of present) own.add(url);
  });
}

/** Dragging over the page shows where a picture may be dropped: everywhere. @param {(file: File|undefined) => void} take @param {AbortSignal} signal */
function attachDrop(take, signal) {
  let depth = 0;
  const show = () => { document.body.classList.toggle('is-dropping', depth > 0); };
  const hasFiles = (/** @type {DragEvent} */ event) => event.dataTransfer?.types.includes('Files');
  document.addEventListener('dragenter', (event) => { if (hasFiles(event)) { depth += 1; show(); } }, { signal });
  document.addEventListener('dragleave', (event) => { if (hasFiles(event)) { depth = Math.max(0, depth - 1); show(); } }, { signal });
  document.addEventListener('dragover', (event) => { if (hasFiles(event)) event.preventDefault(); }, { signal });
  document.addEventListener('drop', (event) => {
    if (!hasFiles(event)) return;
    event.preventDefault();
    depth = 0;
    show();
    take(fileIn(event.dataTransfer));
  }, { signal });
  signal.addEventListener('abort', () => { depth = 0; show(); });
}

/**
 * @param {Store} store
 * @param {ViewContext} ctx
 * @returns {{input: HTMLInputElement, pick: () => void, stop: () => void}}
 */
export function attachPhotographs(store, { t, notify, session }) {
  const stop = new AbortController();
  const { signal } = stop;
  const input = h('input', { type: 'file', accept: 'image/*', hidden: true, 'aria-label': t('photo.upload'), class: 'photo-file' });

  /** @param {File|undefined} file */
  function take(file) {
    if (!file) return;
    const most = mostBytes();
    const problem = pictureProblem(file, most);
    const { lang } = store.get();
    if (problem) notify(t(`photo.refused_${problem}`, { name: file.name, size: bytes(file.size, lang), most: bytes(most, lang) }), 'error');
    else session.setPhoto(photoOf(file, file.name, 'file'));
  }

  input.addEventListener('change', () => { take(input.files?.[0]); input.value = ''; }, { signal });
  attachDrop(take, signal);
  document.addEventListener('paste', (event) => take(fileIn(event.clipboardData)), { signal });
  signal.addEventListener('abort', forgetUrls(store));
  return { input, pick: () => input.click(), stop: () => stop.abort() };
}
