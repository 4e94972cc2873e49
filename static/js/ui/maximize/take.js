/**
 * Taking a result away, or giving it back to the network as its input.
 *
 * @typedef {import('../../core/types.js').Store} Store
 * @typedef {import('../../views.js').ViewContext} ViewContext
 * @typedef {import('../../core/maximize/control.js').MaximizeControl} Control
 */
import { subjectName } from '../../core/maximize/text.js';
import { drawingOf } from '../../core/maximize/cells.js';
import { isLarge } from '../../core/session.js';
import { neutralTransform } from '../../core/store.js';
import { h } from '../dom.js';
import { photoOf } from '../input/photo-take.js';

/** The file of a picture, with what made it in its text chunks. @param {ViewContext} ctx @param {Control} control @param {number} index */
async function fileOf({ api }, control, index) {
  const picture = control.run().answer?.pictures[index];
  return picture ? api.file(picture.href) : null;
}

/** @param {Store} store @param {Control} control */
function fileName(store, control) {
  const { model, maximize } = store.get();
  const subject = control.subject();
  const unit = model && subject ? subjectName(model, subject, maximize).replace(/[^\w.-]+/g, '-') : '';
  return `convscope-${model?.id}-${unit}.png`;
}

/** @param {Store} store @param {ViewContext} ctx @param {Control} control @param {number} index */
export async function saveResult(store, ctx, control, index) {
  const blob = await fileOf(ctx, control, index).catch(() => null);
  if (!blob) return ctx.notify(ctx.t('share.failed'), 'error');
  const link = h('a', { href: URL.createObjectURL(blob), download: fileName(store, control) });
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}

/** Closes the circle: the picture becomes the drawing or the photograph. @param {Store} store @param {ViewContext} ctx @param {Control} control @param {number} index */
export async function sendToInput(store, ctx, control, index) {
  const { model, maximize } = store.get();
  const subject = control.subject();
  const blob = await fileOf(ctx, control, index).catch(() => null);
  if (!blob || !model || !subject) return ctx.notify(ctx.t('share.failed'), 'error');
  if (isLarge(model)) ctx.session.setPhoto(photoOf(blob, subjectName(model, subject, maximize), 'file'));
  else store.set({ ink: await inkOf(blob), transform: neutralTransform(), preprocess: 'none' });
  ctx.notify(ctx.t('maximize.sent'));
}

/** @param {Blob} blob */
async function inkOf(blob) {
  const bitmap = await createImageBitmap(blob);
  const context = /** @type {OffscreenCanvasRenderingContext2D} */ (new OffscreenCanvas(bitmap.width, bitmap.height).getContext('2d'));
  context.drawImage(bitmap, 0, 0);
  return drawingOf(context.getImageData(0, 0, bitmap.width, bitmap.height).data, bitmap.width);
}
