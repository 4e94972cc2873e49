/** What the shown training learns from, how, and on what: the request in words. */
import { compact, count, duration } from '../../core/numbers/format.js';
import { augmentationText, dataText, networkName, rateText, recipeText, regularisationText } from '../../core/train/words.js';
import { h } from '../dom.js';

/** @param {import('../../core/types.js').Store} store @param {import('../../views.js').ViewContext} ctx */
export function createRunFacts(store, { t }) {
  const list = h('dl', { class: 'run-facts' });
  const element = h('section', { 'aria-label': t('train.facts') }, h('h3', { class: 'section-title' }, t('train.facts')), list);
  let drawn = '';

  /** @param {import('../../core/train/types.js').Training} training @returns {[string, string][]} */
  function facts(training) {
    const { models, lang } = store.get();
    const { request, parameters, device, precision, seconds, changes } = training;
    return [
      [t('train.network'), `${networkName(request, models)} · ${t('chooser.parameters', { count: compact(parameters, lang) })}`],
      [t('train.data'), dataText(request, null, t, lang)],
      [t('train.learning'), recipeText(request, t, lang)],
      [t('train.augmentation'), request.dataset?.id === 'points' ? '' : augmentationText(request, t)],
      [t('train.regularisation'), regularisationText(request, t, lang)],
      [t('train.changes'), changes.filter(isLast).map(({ step, name, value }) => t('train.change', { step: count(step, lang), name: t(`train.changed.${name}`), value: rateText(value, lang) })).join(', ')],
      [t('train.machine'), [device, precision, `${t('train.seed')} ${request.seed ?? 1}`].filter(Boolean).join(' · ')],
      [t('train.time'), seconds > 0 ? duration(seconds, lang) : ''],
    ];
  }

  /** Of the many times that it went on for longer the last one counts. @param {{name: string}} change @param {number} i @param {{name: string}[]} all */
  const isLast = ({ name }, i, all) => name !== 'epochs' || all.findLastIndex((each) => each.name === name) === i;

  return {
    element,
    update() {
      const { trainingData: training } = store.get();
      element.hidden = !training;
      if (!training) return;
      const rows = facts(training).filter(([, text]) => text);
      const key = JSON.stringify(rows);
      if (key === drawn) return;
      drawn = key;
      list.replaceChildren(...rows.flatMap(([name, text]) => [h('dt', {}, name), h('dd', {}, text)]));
    },
  };
}
