/** What the network says: the answer in words, ten probability bars in fixed order, and a notice when it is unsure. */
import { outputStage } from '../../core/unit/arithmetic.js';
import { percent, short } from '../../core/numbers/format.js';
import { silenceText } from '../../core/train/words.js';
import { eachFrame, h } from '../dom.js';

/**
 * @typedef {import('../../core/types.js').ClassScore} ClassScore
 * @typedef {import('../../core/types.js').Prediction} Prediction
 * @typedef {import('../../core/types.js').Translate} Translate
 */

const SPEAK_EVERY = 1500;
const RANKS = ['first', 'second'];
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
  bar.fill.style.setProperty('--share', String(score.probability));
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

/** Is there nothing that one could call an answer? @param {string|null} reason */
const isSilent = (reason) => reason === 'empty' || reason === 'no_number';

/** The answer in words: first and second guess, what to do when it is unsure, and the way down. @param {Translate} t @param {() => void} explain */
function createWords(t, explain) {
  const digit = h('span', { class: 'answer-digit' });
  const share = h('span', { class: 'answer-share' });
  const second = h('span', { class: 'answer-second' });
  const notice = h('span', { class: 'unsure', hidden: true });
  const why = h('button', { class: 'text-button answer-why', type: 'button', hidden: true, on: { click: explain } }, t('bars.why'));
  return {
    element: h('div', { class: 'answer-line' }, digit, h('span', { class: 'answer-words' }, share, second, notice), why),
    spoken: () => [digit, share, second, notice].map((part) => part.textContent).filter(Boolean).join(' '),
    /** @param {Prediction} prediction @param {string} lang */
    show({ top, unsure, reason }, lang) {
      const silent = isSilent(reason);
      digit.textContent = silent ? '?' : top[0].label;
      share.textContent = silent ? t(reason === 'empty' ? 'bars.nothing' : 'bars.no_answer') : t('bars.first', { share: percent(top[0].probability, lang) });
      second.textContent = silent ? '' : secondGuess(t, top[1], lang);
      notice.textContent = unsure ? t(`bars.unsure_${reason ?? 'low_probability'}`) : '';
      why.hidden = second.hidden = silent;
      notice.hidden = !unsure;
    },
    /** There is no answer yet. @param {string} reason */
    wait(reason) {
      digit.textContent = '';
      share.textContent = t('bars.waiting');
      second.textContent = reason;
      second.hidden = false;
      why.hidden = notice.hidden = true;
    },
  };
}

/** A bar a class, always in the order of the classes; beside each other for digits, among each other where classes have names. */
function createBarList() {
  const element = h('ol', { class: 'bars' });
  /** @type {ReturnType<typeof createBar>[]} */
  let bars = [];
  let shown = DIGITS;

  /** @param {string[]} classes */
  function build(classes) {
    const isNamed = classes.some((name) => name.length > 2);
    element.dataset.named = String(isNamed);
    bars = classes.map(createBar);
    element.replaceChildren(...bars.map((bar) => bar.element));
  }

  build(DIGITS);
  return {
    element,
    /** @param {Prediction} prediction @param {string[]} classes @param {string} lang */
    show({ top, reason }, classes, lang) {
      if (classes !== shown) build(shown = classes);
      top.forEach((score, place) => showBar(bars[score.class], score, (!isSilent(reason) && RANKS[place]) || 'other', lang));
    },
    /** Empty bars. @param {string[]} classes */
    clear(classes) { build(shown = classes); },
  };
}

/**
 * @param {import('../../core/types.js').Store} store
 * @param {import('../../core/types.js').Context} ctx
 */
export function createBars(store, { t }) {
  const words = createWords(t, () => {
    const { frame, model } = store.get();
    if (frame && model) store.set({ pinned: { stage: outputStage(model).id, channel: frame.prediction.top[0].class, y: 0, x: 0 } });
  });
  const list = createBarList();
  const spoken = h('p', { class: 'visually-hidden', 'aria-live': 'polite' });
  const speaker = createSpeaker(spoken, words.spoken);
  const element = h('section', { class: 'answer', 'aria-label': t('bars.title'), 'data-unsure': 'false' }, words.element, list.element, spoken);

  /** What an earlier network said goes. @param {import('../../core/types.js').Model} model @param {string} reason */
  function wait(model, reason) {
    element.dataset.unsure = 'false';
    element.dataset.waiting = 'true';
    words.wait(reason);
    list.clear(model.classes);
    speaker.wake();
  }

  const schedule = eachFrame(() => {
    const { frame, model, lang } = store.get();
    if (!model) return;
    const silence = silenceText(store.get(), t);
    if (silence) return wait(model, silence);
    if (!frame) return;
    element.dataset.waiting = 'false';
    element.dataset.unsure = String(frame.prediction.unsure);
    const isDigit = model.input.preprocessing === 'digit';
    element.dataset.kind = isDigit ? 'digit' : 'plain';
    list.element.setAttribute('aria-label', t(isDigit ? 'bars.list' : 'bars.list_plain'));
    words.show(frame.prediction, lang);
    list.show(frame.prediction, model.classes, lang);
    speaker.wake();
  });
  const stop = store.on(['frame', 'model', 'trainingData', 'trainings'], schedule);
  schedule();
  return { element, destroy() { stop(); speaker.stop(); schedule.cancel(); } };
}
