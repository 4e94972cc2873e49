/** The input of a photograph network: the picture, what the network sees of it, its answer, and other pictures to choose. */
import { h } from './dom.js';

/** @param {import('../core/types.js').Store} store @param {import('../views.js').ViewContext} ctx */
export function createPhotoSide(store, ctx) {
  void store;
  void ctx;
  const element = h('section', { class: 'photo' });
  return { elements: [element], destroy() {} };
}
