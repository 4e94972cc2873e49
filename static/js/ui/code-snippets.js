/**
 * The same numbers for programs: a shell command and a Python script, ready to copy.
 *
 * @typedef {import('../core/types.js').Store} Store
 * @typedef {import('../core/types.js').Context} Context
 * @typedef {import('../core/unit-view.js').UnitView} UnitView
 */
import { curlSnippet, packBytes, pythonSnippet, unitPath, unitPlace } from '../core/snippets.js';
import { encodeNpy } from '../core/wire.js';
import { segmented } from './controls.js';
import { h } from './dom.js';

const LANGUAGES = { curl: curlSnippet, python: pythonSnippet };
/** @typedef {keyof typeof LANGUAGES} Language */

/** @param {Store} store @param {Context} ctx */
export function createCodeSnippets(store, ctx) {
  const code = h('code', {});
  const status = h('span', { class: 'copied', role: 'status' });
  const copy = h('button', { class: 'link-button', type: 'button', on: { click: copyCode } }, ctx.t('panel.code.copy'));
  const choice = segmented(ctx.t('panel.code.language'), [{ value: 'curl', label: 'curl' }, { value: 'python', label: 'Python' }],
    (value) => { language = /** @type {Language} */ (value); void render(); });
  const element = h('details', { class: 'code', on: { toggle: () => void render() } },
    h('summary', {}, ctx.t('panel.code.title')),
    h('div', { class: 'code-bar' }, choice.element, status, copy),
    h('pre', { tabindex: 0, 'aria-label': ctx.t('panel.code.title') }, code));
  /** @type {UnitView|null} */
  let view = null;
  /** @type {Language} */
  let language = 'curl';
  let text = '';
  choice.show(language);

  async function render() {
    if (!view || !element.open) return;
    const { model, stage, unit } = view;
    const { drawing, preprocess } = store.get();
    const packed = await packBytes(encodeNpy([28, 28], drawing));
    if (unit !== view?.unit) return;
    text = LANGUAGES[language]({
      base: new URL(ctx.api.base, location.href).href, model: model.id, preprocess, layer: stage.output,
      unit: unitPath(stage, unit), index: unitPlace(stage, unit).join(', '), drawing: packed,
    });
    code.textContent = text.replace(packed, `${packed.slice(0, 24)}…${packed.slice(-4)}`);
  }

  async function copyCode() {
    await render();
    try {
      await navigator.clipboard.writeText(text);
      status.textContent = ctx.t('panel.code.copied');
    } catch {
      code.textContent = text;
      getSelection()?.selectAllChildren(code);
      status.textContent = ctx.t('panel.code.select');
    }
    setTimeout(() => { status.textContent = ''; }, 2500);
  }

  /** @param {UnitView} next */
  function update(next) {
    view = next;
    void render();
  }

  return { element, update };
}
