/**
 * What it learns from: the data set, how much of it, how many labels are wrong. Points have a form of their own: the playground.
 *
 * @typedef {import('../../core/types.js').Store} Store
 * @typedef {import('../../views.js').ViewContext} ViewContext
 * @typedef {import('../../core/train/draft.js').TrainingDraft} Draft
 */
import { count, percent } from '../../core/numbers/format.js';
import { withData } from '../../core/train/request.js';
import { dataName, dataText } from '../../core/train/words.js';
import { h } from '../dom.js';
import { numberInput, part, row, slider } from './fields.js';

/** Shares on the slider: finer where little is left, for that is where over-fitting begins. */
const SHARES = [0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1];

/** @param {Store} store @param {ViewContext} ctx @param {Draft} draft */
export function createSetupData(store, ctx, draft) {
  const { t } = ctx;
  const lang = () => store.get().lang;
  const list = h('div', { class: 'data-choices', role: 'group', 'aria-label': t('train.data') });
  const missing = h('p', { class: 'setup-note', hidden: true });
  const share = slider({ least: 0, most: SHARES.length - 1, step: 1, label: t('train.data.share'), format: (place) => shareText(SHARES[place]) }, (place) => draft.section('dataset', { share: SHARES[place] }));
  const shuffled = slider({ least: 0, most: 1, step: 0.05, label: t('train.data.shuffled'), format: (value) => percent(value, lang()) }, (value) => draft.section('dataset', { shuffled: value }));
  const size = numberInput({ least: 8, most: 512, whole: true, optional: true, placeholder: t('train.data.size.own'), label: t('train.data.size') }, (value) => draft.section('dataset', { size: value }));
  const rows = [row(t('train.data.share'), share.element, { about: t('train.data.share.about') }), row(t('train.data.shuffled'), shuffled.element, { about: t('train.data.shuffled.about') })];
  const sizeRow = row(t('train.data.size'), size.element, { about: t('train.data.size.about') });
  const pictures = h('div', { class: 'setup-rows' }, ...rows.map(({ element }) => element), sizeRow.element);
  const fold = part('data', t('train.data'), [list, missing, pictures]);
  let offered = '';

  /** @param {number} value */
  function shareText(value) {
    const data = draft.offer().datasets.find(({ id }) => id === draft.get().dataset?.id);
    const whole = new Intl.NumberFormat(lang(), { style: 'percent', maximumFractionDigits: 1 }).format(value);
    return data ? `${whole} · ${count(Math.round(value * data.train), lang())}` : whole;
  }

  function offer() {
    const { datasets, presets } = draft.offer();
    const chosen = draft.get().dataset?.id;
    const key = JSON.stringify([datasets.map(({ id, missing: lacks }) => [id, lacks]), chosen]);
    if (key === offered) return;
    offered = key;
    list.replaceChildren(...datasets.map((data) => h('button', {
      class: 'data-choice', type: 'button', 'aria-pressed': String(data.id === chosen), data: { dataset: data.id }, on: { click: () => (data.missing ? lack(data.missing) : draft.replace(withData(draft.get(), data, presets))) },
    }, h('span', { class: 'data-title' }, dataName(data.id, t)), h('span', { class: 'choice-about' }, data.missing ? t('train.data.missing') : aboutOf(data)))));
    lack('');
  }

  /** In the reader's language where the catalogue knows the data set. @param {import('../../core/train/types.js').DatasetInfo} data */
  function aboutOf(data) {
    const key = `train.dataset.${data.id}`;
    const words = t(key, { count: count(data.train + data.test, lang()) });
    return words === key ? data.about : words;
  }

  /** @param {string} text  How to get it. */
  function lack(text) {
    missing.hidden = !text;
    missing.textContent = text;
  }

  return {
    element: fold.element,
    update() {
      offer();
      const full = draft.full();
      const check = draft.check();
      const wanted = full.dataset?.share ?? 1;
      share.show(SHARES.reduce((best, value, i) => (Math.abs(value - wanted) < Math.abs(SHARES[best] - wanted) ? i : best), SHARES.length - 1));
      shuffled.show(full.dataset?.shuffled ?? 0);
      size.show(full.dataset?.size);
      sizeRow.element.hidden = !['cifar10', 'folder'].includes(full.dataset?.id ?? '');
      fold.say(dataText(full, check?.pictures ?? null, t, lang()), check?.problems.some(({ field }) => field.startsWith('dataset')) ? t('train.problem') : '');
    },
  };
}
