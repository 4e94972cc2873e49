/** Questions to begin with: each starts one training, or two that differ in one thing. */
import { EXPERIMENTS, requestsOf } from '../../core/train/experiments.js';
import { h } from '../dom.js';

/**
 * @param {import('../../views.js').ViewContext} ctx
 * @param {{start: (requests: import('../../core/train/types.js').TrainingRequest[]) => void, play: () => void}} actions  play: opens the playground of points.
 */
export function createExperiments({ t }, { start, play }) {
  /** @param {string} id @param {() => void} click */
  const card = (id, click) => h('li', {}, h('button', { class: 'experiment', type: 'button', data: { experiment: id }, on: { click } },
    h('span', { class: 'experiment-title' }, t(`train.experiment.${id}`)), h('span', { class: 'choice-about' }, t(`train.experiment.${id}.about`))));
  const cards = [...EXPERIMENTS.map((experiment) => card(experiment.id, () => start(requestsOf(experiment, t)))), card('points', play)];
  return { element: h('section', { class: 'experiments', 'aria-label': t('train.experiments') }, h('h3', { class: 'section-title' }, t('train.experiments')), h('ul', { class: 'experiment-list' }, ...cards)) };
}
