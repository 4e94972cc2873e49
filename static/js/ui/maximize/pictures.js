/**
 * The pictures of a run as bitmaps: while it computes the newest of each, never a backlog; then the finished files.
 *
 * @typedef {import('../../core/api.js').Api} Api
 * @typedef {import('../../core/maximize/run.js').Run} Run
 * @typedef {{bitmap: ImageBitmap, x: number, y: number, side: number}} Part  A square of a bitmap.
 */
import { createLatest } from '../../core/latest.js';
import { cellOf } from '../../core/maximize/cells.js';

/**
 * The one decoded picture of an address. @param {Api} api @param {string} href @param {AbortSignal} [signal]
 * @returns {Promise<ImageBitmap>}
 */
export async function loadBitmap(api, href, signal) {
  return createImageBitmap(await api.file(href, { signal }));
}

/** @param {ImageBitmap} bitmap @returns {Part} */
export function whole(bitmap) {
  return { bitmap, x: 0, y: 0, side: bitmap.width };
}

/** Draws a part as it is, a pixel a pixel; the page's style enlarges it. @param {HTMLCanvasElement} canvas @param {Part} part */
export function drawPart(canvas, { bitmap, x, y, side }) {
  Object.assign(canvas, { width: side, height: side });
  canvas.getContext('2d')?.drawImage(bitmap, x, y, side, side, 0, 0, side, side);
}

/** @param {Api} api @param {() => void} onArrival */
export function createPictures(api, onArrival) {
  /** @type {(Part|null)[]} */
  let parts = [];
  let shown = '';
  let count = 1;
  let failed = false;

  const loader = createLatest(async (/** @type {string} */ href, signal) => {
    const bitmap = await loadBitmap(api, href, signal).catch(() => null); // the next one follows
    if (!bitmap || signal.aborted) return;
    parts = Array.from({ length: count }, (_, i) => ({ bitmap, ...cellOf(i, count, bitmap.width) }));
    onArrival();
  }, 0);

  /** @param {Run} run @param {boolean} masked */
  async function loadFinished({ answer }, masked) {
    loader.cancel();
    const key = shown;
    const pictures = answer?.pictures ?? [];
    const loaded = await Promise.all(pictures.map(({ href }) => loadBitmap(api, masked ? `${href}?alpha=true` : href).catch(() => null)));
    if (key !== shown) return;
    failed = loaded.some((bitmap) => bitmap === null);
    parts = loaded.map((bitmap) => bitmap && whole(bitmap));
    onArrival();
  }

  return {
    parts: () => parts,
    hasFailed: () => failed,
    /** Follows a run; with `masked` what the unit does not care about is transparent. @param {Run} run @param {boolean} masked */
    update(run, masked) {
      const isDone = run.phase === 'done' && run.answer !== null;
      const key = isDone ? `${run.answer?.id} ${masked}` : run.preview ?? '';
      count = run.answer?.pictures.length ?? 1;
      if (key === shown || key === '') return;
      shown = key;
      if (isDone) void loadFinished(run, masked);
      else if (run.preview) loader.push(run.preview);
    },
    /** Another subject: what is shown belongs to the old one. */
    clear() { loader.cancel(); parts = []; shown = ''; failed = false; },
    destroy: () => loader.cancel(),
  };
}
