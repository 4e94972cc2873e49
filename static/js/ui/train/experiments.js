/** Questions to begin with: each starts one training, or two that differ in one thing. */
import { EXPERIMENTS, requestsOf } from '../../core/training-experiments.js';
import { h } from '../dom.js';

/** @param {import('../../views.js').ViewContext} ctx @param {(requests: import('../../core/training-types.js').TrainingRequest[]) => void} start */
export function createExperiments({ t }, start) {
  const cards = EXPERIMENTS.map((experiment) => h('li', {}, h('button', { class: 'experiment', type: 'button', data: { experiment: experiment.id }, on: { click: () => start(requestsOf(experiment, t)) } },
    h('span', { class: 'experiment-title' }, t(`train.experiment.${experiment.id}`)), h('span', { class: 'choice-about' }, t(`train.experiment.${experiment.id}.about`)))));
  return { element: h('section', { class: 'experiments', 'aria-label': t('train.experiments') }, h('h3', { class: 'section-title' }, t('train.experiments')), h('ul', { class: 'experiment-list' }, ...cards)) };
}
