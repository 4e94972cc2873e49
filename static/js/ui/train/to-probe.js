/** A picture of a data set becomes what the network looks at: on the pad where it is grey and small, else as the photograph. */
import { isAbort } from '../../core/api.js';
import { SIDE } from '../../core/input/image.js';
import { neutralTransform } from '../../core/store.js';

/** Data sets of grey pictures of 28 × 28. */
const GREY = ['mnist', 'fashion-mnist'];

/** The grey values of a picture, row by row. @param {Blob} blob @returns {Promise<Uint8Array>} */
async function greyBytes(blob) {
  const bitmap = await createImageBitmap(blob);
  const canvas = new OffscreenCanvas(SIDE, SIDE);
  const pen = /** @type {OffscreenCanvasRenderingContext2D} */ (canvas.getContext('2d'));
  pen.drawImage(bitmap, 0, 0, SIDE, SIDE);
  bitmap.close();
  return Uint8Array.from({ length: SIDE * SIDE }, ((data) => (_, i) => data[4 * i])(pen.getImageData(0, 0, SIDE, SIDE).data));
}

/**
 * @param {import('../../core/types.js').Store} store @param {import('../../views.js').ViewContext} ctx
 * @param {{href: string, index: number}} picture @param {string} data  Id of the data set.
 */
export async function takeProbe(store, { api, session, notify, t }, { href, index }, data) {
  try {
    const blob = await api.file(href);
    if (GREY.includes(data)) store.set({ transform: neutralTransform(), ink: await greyBytes(blob) });
    else session.setPhoto({ blob, url: URL.createObjectURL(blob), name: `${data} ${index}`, origin: 'file', id: null });
    notify(t('analysis.probed', { index }));
  } catch (error) {
    if (!isAbort(error)) notify(t('analysis.probe.failed', { problem: error instanceof Error ? error.message : String(error) }), 'error');
  }
}
