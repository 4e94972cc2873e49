/** Whether the page still hears from the server; silent while all is well. */
import { h } from '../dom.js';

/**
 * @param {import('../../core/types.js').Store} store
 * @param {import('../../core/types.js').Context} ctx
 * @param {() => void} retry
 */
export function createConnection(store, { t }, retry) {
  const words = h('span', { role: 'status' });
  const again = h('button', { class: 'text-button', type: 'button', on: { click: retry } }, t('connection.retry'));
  const element = h('div', { class: 'connection' }, h('span', { class: 'connection-dot' }), words, again);
  /** @type {ReturnType<typeof setTimeout>|undefined} */
  let timer;

  function show() {
    const { connection } = store.get();
    element.dataset.state = connection;
    words.textContent = connection === 'open' ? '' : t(`connection.${connection}`);
    again.hidden = connection !== 'closed';
  }
  const stop = store.on(['connection'], () => {
    clearTimeout(timer);
    // A change of network reconnects within milliseconds; only a real wait is worth a word.
    if (store.get().connection === 'open') show();
    else timer = setTimeout(show, 400);
  });
  element.dataset.state = 'open';
  again.hidden = true;
  return { element, destroy() { stop(); clearTimeout(timer); } };
}
