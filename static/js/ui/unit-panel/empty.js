/**
 * What to do when nothing is pinned; the winner of the drawing is one click away.
 *
 * @typedef {import('../../core/types.js').Store} Store
 * @typedef {import('../../core/types.js').Context} Context
 */
import { outputStage } from '../../core/unit/arithmetic.js';
import { h } from '../dom.js';

/** @param {Store} store @param {Context} ctx */
export function createPanelEmpty(store, ctx) {
  const button = h('button', { class: 'button', type: 'button', on: { click: pinWinner } });
  const element = h('div', { class: 'panel-empty' },
    h('h2', {}, ctx.t('panel.empty.title')), h('p', {}, ctx.t('panel.empty')), button);

  function pinWinner() {
    const { model, frame } = store.get();
    const winner = frame?.prediction.top[0];
    if (model && winner) store.set({ pinned: { stage: outputStage(model).id, channel: winner.class, y: 0, x: 0 } });
  }

  function update() {
    const { model, frame } = store.get();
    const winner = frame?.prediction.top[0];
    button.hidden = !winner || model === null || frame?.prediction.reason === 'empty';
    if (winner) button.textContent = ctx.t('panel.empty.why', { label: winner.label });
  }

  return { element, update };
}
