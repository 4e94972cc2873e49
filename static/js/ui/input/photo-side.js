/** The input of a photograph network: the picture, what the network sees of it, its answer, and other pictures to choose. */
import { createArrival } from './arrival.js';
import { createDataPictures } from './data-pictures.js';
import { h } from '../dom.js';
import { icon } from '../icons.js';
import { createPhotoAnswer } from './photo-answer.js';
import { createCamera } from './photo-camera.js';
import { createGallery, createRecent } from './photo-gallery.js';
import { createPhotoPreview } from './photo-preview.js';
import { attachPhotographs } from './photo-take.js';

/** @param {import('../icons.js').IconName} name @param {string} label @param {() => void} click */
function action(name, label, click) {
  return h('button', { class: 'button', type: 'button', on: { click } }, icon(name), h('span', {}, label));
}

/** @param {import('../../core/types.js').Store} store @param {import('../../views.js').ViewContext} ctx */
export function createPhotoSide(store, ctx) {
  const { t } = ctx;
  const files = attachPhotographs(store, ctx);
  const camera = createCamera(ctx);
  const parts = [createPhotoPreview, createArrival, createPhotoAnswer, createDataPictures, createRecent, createGallery].map((create) => create(store, ctx));
  const [preview, arrival, answer, learnt, recent, gallery] = parts.map((part) => part.element);
  const tools = h('div', { class: 'photo-tools' },
    action('image', t('photo.upload'), files.pick), action('camera', t('camera.button'), () => void camera.open()));
  const photo = h('section', { class: 'photo', id: 'photo', tabindex: -1, 'aria-label': t('photo.region') },
    preview, arrival, tools, h('p', { class: 'photo-hint' }, t('photo.hint')), files.input, camera.element);
  return {
    elements: [photo, answer, learnt, recent, gallery],
    destroy() {
      files.stop();
      camera.destroy();
      parts.forEach((part) => part.destroy());
    },
  };
}
