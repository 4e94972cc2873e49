/**
 * Which network: a registered one that fits the data, or a design, whose layers stand below and can be changed.
 *
 * @typedef {import('../../core/types.js').Store} Store
 * @typedef {import('../../views.js').ViewContext} ViewContext
 * @typedef {import('../../core/train/draft.js').TrainingDraft} Draft
 */
import { compact } from '../../core/numbers/format.js';
import { withNetwork } from '../../core/train/request.js';
import { networkName } from '../../core/train/words.js';
import { h } from '../dom.js';
import { createDesigner } from './designer.js';
import { part } from './fields.js';

const OWN = { type: 'conv', channels: 8, kernel: 3, stride: 1, padding: 'same', bias: true };

/** @param {Store} store @param {ViewContext} ctx @param {Draft} draft */
export function createSetupNetwork(store, ctx, draft) {
  const { t } = ctx;
  const models = h('div', { class: 'network-choices', role: 'group', 'aria-label': t('train.network.registered') });
  const designs = h('div', { class: 'network-choices', role: 'group', 'aria-label': t('train.network.designs') });
  const about = h('p', { class: 'setup-note network-about' });
  const designer = createDesigner(store, ctx, draft);
  const fold = part('network', t('train.network'), [
    h('h3', { class: 'section-title' }, t('train.network.registered')), models,
    h('h3', { class: 'section-title' }, t('train.network.designs')), designs, about, designer.element,
  ]);
  let offered = '';

  /** @param {string} title @param {string} about @param {boolean} chosen @param {() => void} click */
  const choice = (title, about, chosen, click) => h('button', { class: 'network-choice', type: 'button', title: about, 'aria-pressed': String(chosen), on: { click } }, title);

  function offer() {
    const { datasets, presets } = draft.offer();
    const request = draft.get();
    const data = request.dataset?.id ?? 'mnist';
    const fitting = datasets.find(({ id }) => id === data)?.models ?? (request.model ? [request.model] : []);
    const suited = presets.filter((preset) => preset.datasets.includes(data));
    const key = JSON.stringify([fitting, suited.map(({ id }) => id), request.model, request.design?.name, store.get().models.length]);
    if (key === offered) return;
    offered = key;
    about.textContent = store.get().models.find(({ id }) => id === request.model)?.about ?? suited.find(({ design }) => design.name === request.design?.name)?.about ?? '';
    const known = store.get().models.filter(({ id }) => fitting.includes(id));
    models.replaceChildren(...known.map((model) => choice(model.title, `${model.about} ${t('chooser.parameters', { count: compact(model.parameters, store.get().lang) })}`, request.model === model.id,
      () => draft.replace(withNetwork(draft.get(), { model: model.id })))));
    designs.replaceChildren(...suited.map((preset) => choice(preset.title, preset.about, request.design?.name === preset.design.name,
      () => draft.replace(withNetwork(draft.get(), { design: preset.design })))),
    choice(t('train.network.own'), t('train.network.own.about'), false, () => draft.replace(withNetwork(draft.get(), { design: { name: t('train.network.own.name'), layers: [OWN, { type: 'activation', name: 'relu' }] } }))));
  }

  function update() {
    offer();
    const check = draft.check();
    const { lang } = store.get();
    const parameters = check?.parameters ?? null;
    const problem = check && draft.isFresh() && check.problems.some(({ field }) => /^(design|model)/.test(field));
    fold.say([networkName(draft.get(), store.get().models), parameters === null ? '' : t('chooser.parameters', { count: compact(parameters, lang) })].filter(Boolean).join(' · '), problem ? t('train.problem') : '');
    designer.update();
  }

  return { element: fold.element, update };
}
