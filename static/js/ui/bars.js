/** What the network says: the answer in words, ten probability bars in fixed order, and a notice when it is unsure. */
import { outputStage } from '../core/arithmetic.js';
import { percent, short } from '../core/format.js';
import { eachFrame, h } from './dom.js';

/**
 * @typedef {import('../core/types.js').ClassScore} ClassScore
 * @typedef {import('../core/types.js').Translate} Translate
 */

const SPEAK_EVERY = 1500;
/** Shown before the network is known, so that nothing moves when it arrives. */
const DIGITS = Array.from({ length: 10 }, (_, digit) => String(digit));

/** @param {string} label */
function createBar(label) {
  const fill = h('span', { class: 'bar-fill' });
  const value = h('span', { class: 'bar-value' });
  const element = h('li', { class: 'bar' }, value, h('span', { class: 'bar-track' }, fill), h('span', { class: 'bar-label' }, label));
  return { element, fill, value };
}

/** @param {ReturnType<typeof createBar>} bar @param {ClassScore} score @param {string} rank @param {string} lang */
function showBar(bar, score, rank, lang) {
  bar.fill.style.transform = `scaleY(${score.probability})`;
  bar.value.textContent = score.probability >= 0.005 ? percent(score.probability, lang) : '';
  bar.element.dataset.rank = rank;
  bar.element.title = `${score.label}: ${(score.probability * 100).toPrecision(6)} % · logit ${short(score.logit, lang)}`;
}

/** Reads `say()` out politely, not more often than every SPEAK_EVERY ms. @param {HTMLElement} host @param {() => string} say */
function createSpeaker(host, say) {
  /** @type {ReturnType<typeof setTimeout>|undefined} */
  let timer;
  return {
    wake() {
      timer ??= setTimeout(() => {
        timer = undefined;
        const text = say();
        if (host.textContent !== text) host.textContent = text;
      }, SPEAK_EVERY);
    },
    stop: () => clearTimeout(timer),
  };
}

/** @param {Translate} t @param {ClassScore|undefined} second @param {string} lang */
function secondGuess(t, second, lang) {
  return second && second.probability >= 0.005
    ? t('bars.second', { digit: second.label, share: percent(second.probability, lang) })
    : t('bars.no_second');
}

/**
 * @param {import('../core/types.js').Store} store
 * @param {import('../core/types.js').Context} ctx
 */
export function createBars(store, { t }) {
  const digit = h('span', { class: 'answer-digit' });
  const share = h('span', { class: 'answer-share' });
  const second = h('span', { class: 'answer-second' });
  const why = h('button', { class: 'text-button answer-why', type: 'button', on: { click: explain } }, t('bars.why'));
  const notice = h('span', { class: 'unsure', hidden: true });
  const list = h('ol', { class: 'bars', 'aria-label': t('bars.list') });
  const spoken = h('p', { class: 'visually-hidden', 'aria-live': 'polite' });
  /** @type {ReturnType<typeof createBar>[]} */
  let bars = [];

  const element = h('section', { class: 'answer', 'aria-label': t('bars.title'), 'data-unsure': 'false' },
    h('div', { class: 'answer-line' }, digit, h('span', { class: 'answer-words' }, share, second, notice), why), list, spoken);
  build(DIGITS);
  const speaker = createSpeaker(spoken, () => [digit.textContent, share.textContent, second.textContent, notice.textContent].join(' '));

  /** @param {string[]} classes */
  function build(classes) {
    bars = classes.map(createBar);
    list.replaceChildren(...bars.map((bar) => bar.element));
  }

  /** Pins the winning output: from there the panel leads down to the pixels. */
  function explain() {
    const { frame, model } = store.get();
    if (frame && model) store.set({ pinned: { stage: outputStage(model).id, channel: frame.prediction.top[0].class, y: 0, x: 0 } });
  }

  function paint() {
    const { frame, model, lang } = store.get();
    if (!model || !frame) return;
    if (bars.length !== model.classes.length) build(model.classes);
    const { top, unsure, reason } = frame.prediction;
    const rank = new Map(top.map((score, place) => [score.class, place === 0 ? 'first' : place === 1 ? 'second' : 'other']));
    for (const score of top) showBar(bars[score.class], score, rank.get(score.class) ?? 'other', lang);
    const empty = reason === 'empty';
    element.dataset.unsure = String(unsure);
    digit.textContent = empty ? '?' : top[0].label;
    share.textContent = empty ? t('bars.nothing') : t('bars.first', { share: percent(top[0].probability, lang) });
    why.hidden = empty;
    second.hidden = empty;
    second.textContent = empty ? '' : secondGuess(t, top[1], lang);
    notice.hidden = !unsure;
    notice.textContent = unsure ? t(`bars.unsure_${reason ?? 'low_probability'}`) : '';
    speaker.wake();
  }

  const schedule = eachFrame(paint);
  const stop = store.on(['frame', 'model'], schedule);
  schedule();
  return { element, destroy() { stop(); speaker.stop(); schedule.cancel(); } };
}
