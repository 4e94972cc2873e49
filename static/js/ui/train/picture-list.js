/**
 * A list of answered pictures that goes on when asked: those behind a cell of the confusion matrix, or the mistakes.
 *
 * @typedef {import('../../core/train/learning-types.js').AnsweredPage} AnsweredPage
 * @typedef {import('../../core/types.js').Store} Store
 * @typedef {import('../../views.js').ViewContext} ViewContext
 */
import { isAbort } from '../../core/api.js';
import { count } from '../../core/numbers/format.js';
import { h } from '../dom.js';
import { createAnsweredTiles } from './answered-tiles.js';

/** @param {Store} store @param {ViewContext} ctx */
export function createPictureList(store, ctx) {
  const { t, api } = ctx;
  const tiles = createAnsweredTiles(store, ctx);
  const more = h('button', { class: 'button', type: 'button', hidden: true, on: { click: () => void load() } });
  const element = h('div', { class: 'answered-list' }, tiles.element, more);
  let control = new AbortController();
  let path = '';
  let shown = 0;
  let total = 0;

  function offer() {
    const { lang } = store.get();
    more.hidden = shown >= total;
    more.textContent = t('analysis.more', { count: count(total - shown, lang) });
  }

  /** @param {AnsweredPage} page @param {boolean} append */
  function add(page, append) {
    const { trainingData } = store.get();
    if (!trainingData) return;
    tiles.show(page.pictures, trainingData.classes, trainingData.request.dataset?.id ?? '', append);
    shown = (append ? shown : 0) + page.pictures.length;
    total = page.total;
    offer();
  }

  async function load() {
    const { signal } = control;
    more.textContent = t('analysis.pictures.loading');
    try {
      const page = await api.json(`${path}${path.includes('?') ? '&' : '?'}offset=${shown}`, { signal });
      if (!signal.aborted) add(page, true);
    } catch (error) {
      if (isAbort(error) || signal.aborted) return;
      offer();
      ctx.notify(t('analysis.pictures.failed'), 'error');
    }
  }

  return {
    element,
    /** The first page, and where the others are. @param {AnsweredPage} page @param {string} from */
    show(page, from) {
      control.abort();
      control = new AbortController();
      path = from;
      add(page, false);
    },
    destroy() { control.abort(); },
  };
}
