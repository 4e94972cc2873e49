/**
 * The form for a new training: what happens when one presses Start, the button, questions to begin with, and behind a click
 * each everything that can be chosen.
 *
 * @typedef {import('../../core/types.js').Store} Store
 * @typedef {import('../../views.js').ViewContext} ViewContext
 */
import { count, duration } from '../../core/numbers/format.js';
import { createTrainingDraft } from '../../core/train/draft.js';
import { estimateSeconds, sendable, withData } from '../../core/train/request.js';
import { createStarter } from '../../core/train/start.js';
import { dataName, networkName } from '../../core/train/words.js';
import { createCodeButton } from '../code-snippets.js';
import { eachFrame, h } from '../dom.js';
import { icon } from '../icons.js';
import { createExperiments } from './experiments.js';
import { createSetupAugment } from './setup-augment.js';
import { createSetupData } from './setup-data.js';
import { createSetupMore, createSetupRegularisation } from './setup-more.js';
import { createSetupNetwork } from './setup-network.js';
import { createSetupRecipe } from './setup-recipe.js';

/** @param {Store} store @param {ViewContext} ctx */
export function createSetup(store, ctx) {
  const { t, api, notify } = ctx;
  const draft = createTrainingDraft(store, api, { onProblem: (error) => notify(error instanceof Error ? error.message : String(error), 'error') });
  const starter = createStarter(store, api, showStarting);
  const start = h('button', { class: 'button button-first setup-start', type: 'button', on: { click: () => void begin([sendable(draft.get())]) } }, icon('play'), h('span', {}, t('train.start')));
  const words = h('p', { class: 'setup-lead' });
  const facts = h('p', { class: 'setup-facts' });
  const problems = h('ul', { class: 'setup-problems', role: 'alert' });
  const state = h('p', { class: 'setup-state', role: 'status' });
  const giveUp = h('button', { class: 'text-button', type: 'button', hidden: true, on: { click: () => starter.cancel() } }, t('train.give_up'));
  const code = createCodeButton(store, ctx, () => ({ about: 'training', request: sendable(draft.get()) }));
  const experiments = createExperiments(ctx, { start: (requests) => void begin(requests), play });
  /** @type {{element: HTMLElement, update: () => void, destroy?: () => void}[]} */
  const parts = [createSetupNetwork, createSetupData, createSetupRecipe, createSetupAugment, createSetupRegularisation, createSetupMore].map((create) => create(store, ctx, draft));
  const element = h('div', { class: 'train-setup' },
    h('header', { class: 'setup-head' }, h('h2', { class: 'setup-title' }, t('train.new')), words),
    h('div', { class: 'setup-go' }, start, facts, h('span', { class: 'spacer' }), code.element, problems, h('div', { class: 'setup-wait' }, state, giveUp)),
    experiments.element, h('section', { class: 'setup-parts', 'aria-label': t('train.choices') }, h('h3', { class: 'section-title' }, t('train.choices')), ...parts.map((each) => each.element)));

  /** @param {import('../../core/train/types.js').TrainingRequest[]} requests */
  async function begin(requests) {
    if (await starter.start(requests)) void ctx.training.list();
  }

  /** Points in the plane have a board of their own. */
  function play() {
    const { datasets, presets } = draft.offer();
    const points = datasets.find(({ id }) => id === 'points');
    if (points) draft.replace(withData(draft.get(), points, presets));
  }

  /** @param {import('../../core/train/start.js').Starting} starting */
  function showStarting({ phase, seconds, problem }) {
    state.textContent = { idle: '', sending: t('train.sending'), busy: t('train.full', { seconds }), refused: t('train.refused', { detail: problem }) }[phase];
    state.dataset.phase = phase;
    start.disabled = phase === 'sending' || phase === 'busy';
    giveUp.hidden = phase !== 'busy';
  }

  function render() {
    const check = draft.check();
    const full = draft.full();
    const { models, lang, trainings } = store.get();
    words.textContent = t('train.lead', { network: networkName(full, models), data: dataName(full.dataset?.id ?? 'mnist', t) });
    const seconds = check && estimateSeconds(check, trainings);
    facts.textContent = check?.steps && seconds !== null
      ? t('train.estimate', { steps: count(check.steps, lang), pictures: count(check.pictures ?? 0, lang), time: duration(Math.max(1, seconds), lang) }) : t('train.checking');
    const found = draft.isFresh() ? check?.problems ?? [] : [];
    if (check && check.problems.length > 0) facts.textContent = '';
    problems.replaceChildren(...found.map(({ detail }) => h('li', { class: 'setup-problem' }, detail)));
    problems.hidden = found.length === 0;
    start.setAttribute('aria-disabled', String(found.length > 0));
    parts.forEach((each) => each.update());
  }

  const schedule = eachFrame(render);
  const stops = [draft.on(schedule), store.on(['models', 'trainings', 'lang'], schedule)];
  render();
  return {
    element, draft,
    destroy() {
      stops.forEach((stop) => stop());
      schedule.cancel();
      starter.destroy();
      draft.destroy();
      parts.forEach((each) => each.destroy?.());
    },
  };
}
