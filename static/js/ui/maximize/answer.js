/**
 * What came of it, in words with true numbers: how strong beside real pictures, what the network says, what to do with it.
 *
 * @typedef {import('../../core/types.js').Store} Store
 * @typedef {import('../../views.js').ViewContext} ViewContext
 * @typedef {import('../../core/maximize/control.js').MaximizeControl} Control
 * @typedef {import('../../core/maximize/run.js').MaximizedPicture} MaximizedPicture
 */
import { short } from '../../core/numbers/format.js';
import { isGoing } from '../../core/maximize/run.js';
import { leadText, strengthText, subjectName, sureText } from '../../core/maximize/text.js';
import { fullNumber } from '../../core/unit/text.js';
import { unitHref } from '../../core/unit/address.js';
import { h } from '../dom.js';
import { unitLink } from '../unit-links.js';
import { icon } from '../icons.js';

/** Classes that are named. */
const CLASSES = 3;

/**
 * @param {Store} store @param {ViewContext} ctx @param {Control} control
 * @param {{send: () => void}} events
 */
export function createAnswer(store, ctx, control, events) {
  const { t } = ctx;
  const page = h('span', { class: 'maximize-page' });
  const title = h('h2', { class: 'maximize-title' });
  const lead = h('p', { class: 'maximize-lead' });
  const value = h('p', { class: 'maximize-strength num', tabindex: 0, hidden: true });
  const words = h('p', { class: 'maximize-words' });
  const score = h('p', { class: 'maximize-score', hidden: true });
  const says = h('p', { class: 'maximize-says-title', hidden: true }, t('maximize.says'));
  const classes = h('ol', { class: 'maximize-classes' });
  const send = h('button', { class: 'button', type: 'button', title: t('maximize.send.about'), on: { click: events.send } }, icon('trace'), h('span', {}, t('maximize.send')));
  const actions = h('div', { class: 'maximize-actions', hidden: true }, send);
  const result = h('div', { class: 'maximize-result' }, value, words, score, says, classes);
  const element = h('section', { class: 'maximize-answer', 'aria-label': t('maximize.answer') }, h('div', { class: 'maximize-head' }, title, page), lead, result, actions);
  let linked = '';

  /** @param {MaximizedPicture|undefined} picture @param {string} lang */
  function showClasses(picture, lang) {
    const top = picture?.prediction?.top.slice(0, CLASSES) ?? [];
    says.hidden = top.length === 0;
    classes.replaceChildren(...top.map(({ label, probability }) => {
      const fill = h('span', { class: 'class-fill' });
      fill.style.transform = `scaleX(${probability})`;
      return h('li', {}, h('span', { class: 'class-line', title: `${(100 * probability).toPrecision(6)} %` }, fill, h('span', { class: 'class-name' }, label), h('span', { class: 'class-share num' }, sureText(probability, lang))));
    }));
  }

  /** @param {import('../../core/unit/address.js').UnitAddress} address */
  function showLink(address) {
    const key = unitHref(address, store.get().weights);
    if (key === linked) return;
    linked = key;
    page.replaceChildren(unitLink(store, ctx, address, { class: 'link-button' }, t('unit.page')));
  }

  /** @param {number} index */
  function update(index) {
    const { model, maximize, lang } = store.get();
    const run = control.run();
    const subject = control.subject();
    if (!model || !subject) return;
    title.textContent = subjectName(model, subject, maximize);
    showLink({ model: model.id, layer: subject.layer, channel: subject.channel });
    lead.textContent = leadText(t, model, subject, maximize);
    const picture = run.phase === 'done' ? run.answer?.pictures[index] : undefined;
    const present = run.curve.at(-1)?.[1][index];
    element.classList.toggle('is-going', isGoing(run));
    showClasses(picture, lang);
    actions.hidden = !picture;
    const strength = picture ? strengthText(t, picture, lang) : { value: present === undefined ? '' : short(present, lang), words: present === undefined ? '' : t('maximize.score.now') };
    value.textContent = strength.value;
    value.hidden = words.hidden = strength.value === '';
    words.textContent = strength.words;
    value.classList.toggle('is-words', picture?.state === 'silent');
    score.hidden = picture?.score === undefined || picture.score === null;
    if (!picture || picture.score === null) return;
    value.dataset.full = fullNumber(picture.ratio ?? picture.score);
    score.dataset.value = String(picture.score);
    score.textContent = picture.ratio === null ? t(`maximize.measure.${picture.measure}`, { score: fullNumber(picture.score) })
      : t(`maximize.measure.${picture.measure}.beside`, { score: short(picture.score, lang), largest: short(picture.reference?.largest ?? 0, lang) });
    score.title = fullNumber(picture.score);
  }

  return { element, update };
}
