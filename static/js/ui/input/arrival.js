/**
 * What the page waits for after a photograph was chosen: sending, the server's queue, the layers one after the other; and what went wrong.
 *
 * @typedef {import('../../core/types.js').Store} Store
 * @typedef {import('../../core/types.js').Arrival} Arrival
 */
import { h } from '../dom.js';

/** @param {Arrival} arrival @param {import('../../core/types.js').Translate} t */
function words({ phase, done, total, seconds = 0, problem }, t) {
  return t(`arrival.${phase}`, { done: Math.min(done + 1, total), total, seconds: Math.ceil(seconds), problem: problem ?? t('error.network') });
}

/**
 * @param {Store} store
 * @param {import('../../views.js').ViewContext} ctx
 * @returns {import('../../core/types.js').Widget}
 */
export function createArrival(store, { t, session }) {
  const text = h('span', { class: 'arrival-words' });
  const bar = h('progress', { class: 'arrival-bar', max: 1, 'aria-label': t('arrival.title') });
  const again = h('button', { class: 'text-button', type: 'button', on: { click: () => session.retry() } }, t('connection.retry'));
  // Read out is only what the reader must know: not each of thirty layers.
  const spoken = h('span', { class: 'visually-hidden', role: 'status' });
  const element = h('div', { class: 'arrival' }, bar, text, again, spoken);

  function show() {
    const { arrival } = store.get();
    element.hidden = arrival === null;
    if (!arrival) return;
    element.dataset.phase = arrival.phase;
    text.textContent = words(arrival, t);
    const said = arrival.phase === 'failed' || arrival.phase === 'waiting' ? text.textContent : '';
    if (spoken.textContent !== said) spoken.textContent = said;
    again.hidden = arrival.phase !== 'failed';
    bar.hidden = arrival.phase === 'failed';
    if (arrival.phase === 'layers') bar.value = arrival.done / arrival.total;
    else bar.removeAttribute('value');
  }
  const stop = store.on(['arrival'], show);
  show();
  return { element, destroy: stop };
}
