/** A file of the reader's own: sent as it is, checked by the server, which says what is missing or unexpected. */
import { ApiError } from '../../core/api.js';
import { h } from '../dom.js';

const LISTED = 8;

/** @param {string} title @param {unknown} names */
function nameList(title, names) {
  if (!Array.isArray(names) || names.length === 0) return null;
  const items = names.slice(0, LISTED).map((name) => h('li', {}, h('code', {}, typeof name === 'string' ? name : JSON.stringify(name))));
  return h('div', {}, h('h4', {}, `${title} (${names.length})`), h('ul', { class: 'weights-names' }, ...items, names.length > LISTED && h('li', {}, '…')));
}

/**
 * @param {import('../../core/types.js').Model} model
 * @param {import('../../views.js').ViewContext} ctx
 */
export function createWeightsUpload(model, { t, api, session }) {
  const words = h('p', { class: 'weights-problem', role: 'alert', hidden: true });
  const lists = h('div', { class: 'weights-lists' });
  const busy = h('progress', { class: 'weights-bar', hidden: true, 'aria-label': t('weights.uploading') });
  const input = h('input', { type: 'file', accept: '.safetensors,.pth,.pt', hidden: true, 'aria-label': t('weights.upload') });
  const button = h('button', { class: 'button', type: 'button', on: { click: () => input.click() } }, t('weights.upload'));
  input.addEventListener('change', () => { void send(input.files?.[0]); input.value = ''; });

  /** @param {File|undefined} file */
  async function send(file) {
    if (!file) return;
    words.hidden = true;
    lists.replaceChildren();
    busy.hidden = false;
    button.disabled = true;
    try {
      await api.uploadWeights(model.id, file);
      await session.weightsChanged(model.id, 'file');
    } catch (error) {
      explain(error);
    } finally {
      busy.hidden = true;
      button.disabled = false;
    }
  }

  /** @param {unknown} error */
  function explain(error) {
    words.hidden = false;
    words.textContent = error instanceof Error ? error.message : String(error);
    if (!(error instanceof ApiError)) return;
    const { missing, unexpected, mismatched } = error.problem;
    const found = [nameList(t('weights.missing'), missing), nameList(t('weights.unexpected'), unexpected), nameList(t('weights.mismatched'), mismatched)];
    lists.replaceChildren(...found.filter((each) => each !== null));
  }

  return { button, element: h('div', { class: 'weights-upload' }, busy, words, lists, input) };
}
