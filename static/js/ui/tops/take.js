/** Makes one of the real pictures the input, and pins the place where the unit answers most to it. */
import { SIDE } from '../../core/input/image.js';
import { isLarge } from '../../core/session.js';
import { pictureOf } from '../../core/input/neighbours.js';
import { neutralTransform } from '../../core/store.js';
import { pictureUrl } from '../../core/unit/tops.js';
import { titleOf } from '../input/photo-gallery.js';
import { photoOf } from '../input/photo-take.js';

/**
 * The bytes of a digit as its network sees it, without the rim that some networks add.
 * @param {Blob} blob @returns {Promise<Uint8Array>}  28×28, white ink on black.
 */
async function digitOf(blob) {
  const bitmap = await createImageBitmap(blob);
  const pen = /** @type {OffscreenCanvasRenderingContext2D} */ (new OffscreenCanvas(SIDE, SIDE).getContext('2d'));
  pen.drawImage(bitmap, (SIDE - bitmap.width) / 2, (SIDE - bitmap.height) / 2);
  const { data } = pen.getImageData(0, 0, SIDE, SIDE);
  return Uint8Array.from({ length: SIDE * SIDE }, (_, i) => data[4 * i]);
}

/**
 * The photograph itself, which may be larger than what the network sees of it.
 * @param {import('../../views.js').ViewContext} ctx @param {string} name @param {string} set
 * @returns {Promise<import('../../core/types.js').Photo>}
 */
async function originalOf({ api, t }, name, set) {
  if (set !== 'gallery') return photoOf(await api.file(pictureOf({ pass_id: null, path: name, name, distance: 0, thumbnail: '' })), name, 'file');
  const found = (await api.gallery()).find(({ id }) => id === name);
  if (!found) throw new Error(`The gallery has no picture ${name}.`);
  return { blob: await api.file(found.href), url: found.href, name: titleOf(found, t), origin: 'gallery', id: found.id };
}

/**
 * @param {import('../../core/types.js').Store} store @param {import('../../views.js').ViewContext} ctx
 * @param {import('../../core/unit/tops.js').TopPicture} picture @param {import('../../core/unit/tops.js').UnitTops} tops  Where it comes from.
 */
export async function takePicture(store, ctx, picture, tops) {
  const { model } = store.get();
  if (!model) return;
  if (isLarge(model)) ctx.session.setPhoto(await originalOf(ctx, picture.name, tops.set));
  else store.set({ ink: await digitOf(await ctx.api.file(pictureUrl(picture.image, ctx.api, store.get()))), transform: neutralTransform(), preprocess: 'none' });
  const stage = model.stages.find(({ output }) => output === tops.layer);
  if (stage) store.set({ pinned: { stage: stage.id, channel: tops.channel, y: picture.y ?? 0, x: picture.x ?? 0 } });
}
