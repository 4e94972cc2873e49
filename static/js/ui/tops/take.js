/** Makes one of the real pictures the input, and pins the place where the unit answers most to it. */
import { SIDE } from '../../core/image.js';
import { isLarge } from '../../core/session.js';
import { pictureUrl } from '../../core/tops.js';

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
 * @param {import('../../core/types.js').Store} store @param {import('../../views.js').ViewContext} ctx
 * @param {import('../../core/tops.js').TopPicture} picture @param {import('../../core/tops.js').UnitTops|null} tops  Where it comes from.
 */
export async function takePicture(store, ctx, picture, tops) {
  const { model } = store.get();
  if (!model) return;
  const blob = await ctx.api.file(pictureUrl(picture.image, ctx.api, store.get()));
  if (isLarge(model)) ctx.session.setPhoto({ blob, url: URL.createObjectURL(blob), name: picture.name, origin: 'file', id: null });
  else store.set({ ink: await digitOf(blob) });
  const stage = model.stages.find(({ output }) => output === tops?.layer);
  if (stage && tops) store.set({ pinned: { stage: stage.id, channel: tops.channel, y: picture.y ?? 0, x: picture.x ?? 0 } });
}
