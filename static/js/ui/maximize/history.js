/**
 * The results of this visit as small pictures; one press brings each back.
 *
 * @typedef {import('../../core/types.js').Store} Store
 * @typedef {import('../../views.js').ViewContext} ViewContext
 * @typedef {import('../../core/maximize/control.js').Kept} Kept
 */
import { subjectOf } from '../../core/maximize/request.js';
import { strengthText, subjectName } from '../../core/maximize/text.js';
import { isLarge } from '../../core/session.js';
import { h } from '../dom.js';

/** @param {Store} store @param {ViewContext} ctx @param {(kept: Kept) => void} recall */
export function createHistory(store, { t }, recall) {
  const row = h('div', { class: 'history-row' });
  const element = h('section', { class: 'maximize-history', 'aria-label': t('maximize.history') }, row);
  /** @type {Map<string, HTMLElement>} */
  const known = new Map();

  /** @param {Kept} kept */
  function thumb(kept) {
    const { model, lang } = store.get();
    const subject = model && subjectOf({ model, pinned: kept.pinned, maximize: kept.choice });
    const name = model && subject ? subjectName(model, subject, kept.choice) : '';
    const [picture] = kept.answer.pictures;
    const strength = picture.ratio === null ? '' : strengthText(t, picture, lang).value;
    const title = [name, t(`maximize.objective.${kept.choice.objective}`), strength].filter(Boolean).join(' · ');
    return h('button', { class: 'history-thumb', type: 'button', title, 'aria-label': title, on: { click: () => recall(kept) } },
      h('span', { class: 'history-picture' }, h('img', { src: picture.href, alt: '', draggable: 'false' })), h('span', { class: 'history-name', 'aria-hidden': 'true' }, name));
  }

  function update() {
    const { model, weights, maximized, pinned, maximize } = store.get();
    const own = maximized.filter((kept) => kept.model === model?.id && kept.weights === weights);
    element.hidden = own.length < 2;
    element.classList.toggle('is-digit', model !== null && !isLarge(model));
    const nodes = own.map((kept) => {
      const node = known.get(kept.key) ?? thumb(kept);
      known.set(kept.key, node);
      node.setAttribute('aria-pressed', String(kept.pinned.stage === pinned?.stage && kept.pinned.channel === pinned.channel && kept.choice === maximize));
      return node;
    });
    if (nodes.length !== row.childElementCount || nodes.some((node, i) => node !== row.children[i])) row.replaceChildren(...nodes);
  }

  return { element, update };
}
