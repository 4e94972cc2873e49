/**
 * The same numbers for programs: a shell command and a Python script, ready to copy.
 *
 * @typedef {import('../core/types.js').Store} Store
 * @typedef {import('../core/types.js').State} State
 * @typedef {import('../core/types.js').Context} Context
 * @typedef {import('../core/snippets.js').Question} Question
 * @typedef {import('../core/snippets.js').Source} Source
 * @typedef {import('../core/unit/view.js').UnitView} UnitView
 * @typedef {'curl'|'python'} Language
 */
import { packBytes, snippet, unitPlace } from '../core/snippets.js';
import { encodeNpy } from '../core/numbers/wire.js';
import { segmented } from './controls.js';
import { h } from './dom.js';
import { icon } from './icons.js';
import { attachPopover } from './popover.js';

/** Drawn digits are long; the page shows their ends only. */
const SHOWN = 24;

/** What the network looks at, as a program would send it. @param {State} state @returns {Promise<Source>} */
async function sourceOf({ model, drawing, preprocess, photo }) {
  if (model?.input.preprocessing !== 'photo') return { kind: 'drawing', packed: await packBytes(encodeNpy([28, 28], drawing)), preprocess };
  const kept = photo && photo.origin !== 'file' && photo.origin !== 'camera';
  return { kind: 'photo', name: photo?.name ?? 'photo.jpg', url: kept ? new URL(photo.url, location.href).href : null };
}

/**
 * The code in a box with its two languages and a button that copies it. `show` takes the question that it answers.
 * @param {Store} store @param {Context} ctx
 */
function createCodeBox(store, ctx) {
  const code = h('code', {});
  const status = h('span', { class: 'copied', role: 'status' });
  const copy = h('button', { class: 'link-button', type: 'button', on: { click: copyCode } }, ctx.t('panel.code.copy'));
  const choice = segmented(ctx.t('panel.code.language'), [{ value: 'curl', label: 'curl' }, { value: 'python', label: 'Python' }],
    (value) => { language = /** @type {Language} */ (value); void render(); });
  const elements = [h('div', { class: 'code-bar' }, choice.element, status, copy), h('pre', { tabindex: 0, 'aria-label': ctx.t('panel.code.title') }, code)];
  /** @type {Question|null} */
  let question = null;
  /** @type {Language} */
  let language = 'curl';
  let text = '';
  choice.show(language);

  async function render() {
    const [asked, state] = [question, store.get()];
    if (!asked || !state.model) return;
    const source = await sourceOf(state);
    if (asked !== question) return;
    text = snippet(language, { base: new URL(ctx.api.base, location.href).href, model: state.model.id, weights: state.weights, source, question: asked });
    const packed = source.kind === 'drawing' ? source.packed : '';
    code.textContent = packed ? text.replace(packed, `${packed.slice(0, SHOWN)}…${packed.slice(-4)}`) : text;
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

  /** @param {Question|null} next */
  const show = (next) => { question = next; return render(); };
  return { elements, show };
}

/** The code for the pinned unit, folded away until it is asked for. @param {Store} store @param {Context} ctx */
export function createCodeSnippets(store, ctx) {
  const box = createCodeBox(store, ctx);
  /** @type {UnitView|null} */
  let view = null;
  const element = h('details', { class: 'code', on: { toggle: render } }, h('summary', {}, ctx.t('panel.code.title')), ...box.elements);

  function render() {
    if (view && element.open) void box.show({ about: 'unit', layer: view.stage.output, place: unitPlace(view.stage, view.unit) });
  }
  /** @param {UnitView} next */
  function update(next) {
    view = next;
    render();
  }
  return { element, update };
}

/**
 * A toolbar's button that opens the code for what the view shows now.
 * @param {Store} store @param {Context} ctx @param {() => Question|null} questionOf  Null: nothing to ask for yet.
 */
export function createCodeButton(store, ctx, questionOf) {
  const box = createCodeBox(store, ctx);
  const nothing = h('p', { class: 'hint' }, ctx.t('code.nothing'));
  const button = h('button', { class: 'tool tool-text', type: 'button', title: ctx.t('panel.code.title'), 'aria-label': ctx.t('code.button') }, icon('code'), h('span', {}, ctx.t('code.button')));
  const { panel } = attachPopover(button, () => {
    const question = questionOf();
    void box.show(question);
    return question ? box.elements : [nothing];
  }, { class: 'code-box code-popover', label: ctx.t('panel.code.title') });
  return { element: h('span', { class: 'has-popover' }, button, panel) };
}
