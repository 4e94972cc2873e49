/**
 * Beside the made picture: the real ones that drive the unit most, and what made pictures cannot say.
 *
 * @typedef {import('../../core/types.js').Store} Store
 * @typedef {import('../../views.js').ViewContext} ViewContext
 * @typedef {import('../../core/maximize/control.js').MaximizeControl} Control
 */
import { hasWeights } from '../../core/session.js';
import { eachFrame, h } from '../dom.js';
import { createTopPictures } from '../tops/top-pictures.js';

/** The papers that the caveat rests on. */
export const PAPERS = [
  ['Borowski et al. 2021', 'https://arxiv.org/abs/2010.12606'], ['Geirhos et al. 2024', 'https://arxiv.org/abs/2306.04719'], ['Olah et al. 2017', 'https://distill.pub/2017/feature-visualization/'],
];

/** @param {Store} store @param {ViewContext} ctx @param {Control} control @returns {import('../../core/types.js').Widget} */
export function createMaximizePanel(store, ctx, control) {
  const { t } = ctx;
  const real = createTopPictures(store, ctx, control.refresh);
  const facts = h('dl', { class: 'maximize-facts' });
  const papers = PAPERS.flatMap(([name, href], i) => [i ? ' · ' : '', h('a', { href, target: '_blank', rel: 'noopener noreferrer' }, name)]);
  const caveat = h('section', { class: 'maximize-caveat' }, h('h3', {}, t('maximize.caveat.title')), h('p', {}, t('maximize.caveat')), h('p', {}, ...papers));
  const prior = h('p', { class: 'maximize-prior' });
  const made = h('section', { class: 'maximize-made' }, h('h3', {}, t('maximize.made')), facts, prior);
  const element = h('div', { class: 'panel maximize-panel' }, h('div', { class: 'panel-body' }, real.element, made, caveat));

  /** @param {string} name @param {string} value */
  const fact = (name, value) => h('div', {}, h('dt', {}, name), h('dd', {}, value));

  function update() {
    const subject = control.subject();
    const { model } = store.get();
    real.element.hidden = !model || !hasWeights(model);
    if (subject) real.show(subject.layer, subject.channel);
    const { answer, phase } = control.run();
    made.hidden = phase !== 'done' || !answer;
    if (!answer || made.hidden) return;
    const { request, precision, device, weights, spectrum } = answer;
    prior.hidden = !spectrum;
    if (spectrum && model) prior.textContent = t(`maximize.prior.${model.input.preprocessing}`, { source: spectrum });
    facts.replaceChildren(...[
      ['maximize.method', t(`maximize.method.${request.method}`)], ['maximize.field.steps', request.steps], ['maximize.field.size', request.size && `${request.size} px`],
      ['maximize.field.seed', request.seed], ['maximize.precision', precision], ['maximize.device', device], ['maximize.weights', weights.source],
    ].filter(([, value]) => value !== null && value !== undefined).map(([key, value]) => fact(t(String(key)), String(value))));
  }

  const schedule = eachFrame(update);
  const stops = [control.on(schedule), store.on(['model', 'pinned', 'maximize', 'lang'], schedule)];
  schedule();
  return { element, destroy() { stops.forEach((stop) => stop()); schedule.cancel(); real.destroy(); } };
}
