/** The tools under the pad: pencil or eraser, pen width, undo, redo, picture, clear. */
import { iconButton } from '../controls.js';
import { h } from '../dom.js';

/**
 * @param {{tool: 'pencil'|'eraser', width: number}} options  Changed in place.
 * @param {{undo: () => void, redo: () => void, clear: () => void, pick: () => void}} actions
 * @param {import('../../core/types.js').Translate} t
 */
export function createPadTools(options, actions, t) {
  const pencil = iconButton('pencil', t('pad.pencil'), () => choose('pencil'), { 'aria-pressed': 'true' });
  const eraser = iconButton('eraser', t('pad.eraser'), () => choose('eraser'), { 'aria-pressed': 'false' });
  const undo = iconButton('undo', t('pad.undo'), actions.undo);
  const redo = iconButton('redo', t('pad.redo'), actions.redo);
  const width = h('input', {
    type: 'range', class: 'range pad-width', min: 1, max: 4, step: 0.2, value: options.width, 'aria-label': t('pad.width'), title: t('pad.width'),
    on: { input: () => { options.width = Number(width.value); } },
  });

  /** @param {'pencil'|'eraser'} tool */
  function choose(tool) {
    options.tool = tool;
    pencil.setAttribute('aria-pressed', String(tool === 'pencil'));
    eraser.setAttribute('aria-pressed', String(tool === 'eraser'));
  }

  const element = h('div', { class: 'pad-tools', role: 'toolbar', 'aria-label': t('pad.tools') },
    pencil, eraser, width, undo, redo,
    iconButton('image', t('pad.picture'), actions.pick),
    iconButton('clear', t('pad.clear'), actions.clear));

  return {
    element,
    /** @param {{canUndo: boolean, canRedo: boolean}} state */
    show({ canUndo, canRedo }) {
      // aria-disabled, not disabled: a button that loses focus while it is used confuses the keyboard.
      undo.setAttribute('aria-disabled', String(!canUndo));
      redo.setAttribute('aria-disabled', String(!canRedo));
    },
  };
}
