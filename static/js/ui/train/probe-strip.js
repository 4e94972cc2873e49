/**
 * When did my seven become a seven? The probability of the present answer over the run, and below it what the network said
 * before: one stretch a class. A click goes to that moment.
 *
 * @typedef {import('../../core/types.js').Store} Store
 * @typedef {import('../../core/train/probe.js').History} History
 */
import { count, epochText, percent } from '../../core/numbers/format.js';
import { presentTraining } from '../../core/train/follow-network.js';
import { createProbeHistory, NO_ANSWER, since, stretches } from '../../core/train/probe.js';
import { isLarge } from '../../core/session.js';
import { isOver, lastStep, momentsOf, nearestStop, placeOf } from '../../core/train/timeline.js';
import { asksTheSame } from '../../core/train/first.js';
import { eachFrame, h, s } from '../dom.js';

const WIDTH = 1000;
const HEIGHT = 100;
/** A stretch narrower than this share of the line has no room for its class. */
const ROOM = 0.045;

/** @param {number[]} places @param {number[]} values */
function lineOf(places, values) {
  return places.length < 2 ? '' : `M${places.map((x, i) => `${(x * WIDTH).toFixed(1)} ${((1 - values[i]) * HEIGHT).toFixed(1)}`).join('L')}`;
}

/** @param {Store} store @param {import('../../core/types.js').Context} ctx @returns {import('../../core/types.js').Widget} */
export function createProbeStrip(store, ctx) {
  const { t } = ctx;
  const line = s('path', { class: 'probe-line', 'vector-effect': 'non-scaling-stroke' });
  const rival = s('path', { class: 'probe-rival', 'vector-effect': 'non-scaling-stroke' });
  const svg = s('svg', { class: 'probe-curve', viewBox: `0 0 ${WIDTH} ${HEIGHT}`, preserveAspectRatio: 'none', 'aria-hidden': 'true' }, rival, line);
  const guide = h('span', { class: 'timeline-guide' });
  const board = h('div', { class: 'probe-board', on: { click: go, pointermove: tell } }, svg, guide);
  const said = h('ol', { class: 'probe-said', 'aria-label': t('probe.said') });
  const words = h('p', { class: 'probe-words' });
  const title = h('h2', { class: 'section-title' }, t('probe.title'));
  const element = h('section', { class: 'probe-strip', 'aria-label': t('probe.title') }, title, words, board, said);
  const schedule = eachFrame(paint);
  const history = createProbeHistory(ctx.api, schedule);

  /** The history with the newest answer at its end. @returns {History} */
  function whole() {
    const { frame, moment, trainingData: training } = store.get();
    const { steps, probabilities } = history.get();
    const top = frame?.prediction.top ?? [];
    const isWhole = top.length > 0 && top.length === training?.classes.length;
    if (!training || !isWhole || moment !== null || (steps.at(-1) ?? -1) >= training.step) return { steps, probabilities };
    const now = new Array(top.length).fill(0);
    for (const score of top) now[score.class] = score.probability;
    return { steps: [...steps, training.step], probabilities: [...probabilities, now] };
  }

  /** @param {PointerEvent} event */
  function placeOfPointer(event) {
    const box = board.getBoundingClientRect();
    return (event.clientX - box.left) / Math.max(1, box.width);
  }

  /** @param {PointerEvent} event */
  function go(event) {
    const training = presentTraining(store.get());
    if (training) store.set({ moment: nearestStop(training, placeOfPointer(event)) });
  }

  /** @param {PointerEvent} event */
  function tell(event) {
    const training = presentTraining(store.get());
    const { steps, probabilities } = whole();
    if (!training || steps.length === 0) return;
    const { lang } = store.get();
    const stop = nearestStop(training, placeOfPointer(event)) ?? training.step;
    const at = Math.max(0, steps.findLastIndex((step) => step <= stop));
    const best = probabilities[at].map((share, place) => ({ share, place })).sort((a, b) => b.share - a.share).slice(0, 2);
    board.dataset.tip = t('probe.at', { step: count(steps[at], lang), answers: best.map(({ share, place }) => `${training.classes[place]} ${percent(share, lang)}`).join(', ') });
  }

  function ask() {
    const state = store.get();
    const training = presentTraining(state);
    const isDrawn = state.drawing.some((value) => value > 0); // an empty pad says nothing
    const input = state.model && isLarge(state.model) ? state.photo?.blob : isDrawn ? state.drawing : undefined;
    const picture = training?.model && input ? { model: training.model, input, ...(input instanceof Uint8Array && { preprocess: state.preprocess }) } : null;
    history.show(picture, momentsOf(training));
  }

  function paint() {
    const state = store.get();
    const training = presentTraining(state);
    const hasNoPast = training !== null && isOver(training) && momentsOf(training).length < 2; // it was loaded
    element.hidden = hasNoPast || (training === null && state.training !== null);
    title.hidden = board.hidden = said.hidden = training === null;
    if (training) show(training);
    else words.textContent = state.model ? t(asksTheSame(state.model, state.trainingDraft) ? 'probe.before' : 'probe.before.other', { network: state.model.title }) : '';
  }

  /** @param {import('../../core/train/types.js').Training} training */
  function show(training) {
    const { moment, lang, frame } = store.get();
    const all = whole();
    const last = lastStep(training);
    const places = all.steps.map((step) => placeOf(step, last));
    const first = frame?.prediction.top[0];
    const now = first && first.probability > 0 ? first.class : since(all)?.answer ?? NO_ANSWER;
    const before = stretches(all).findLast(({ answer }) => answer !== now && answer !== NO_ANSWER)?.answer;
    line.setAttribute('d', now === NO_ANSWER ? '' : lineOf(places, all.probabilities.map((each) => each[now])));
    rival.setAttribute('d', before === undefined ? '' : lineOf(places, all.probabilities.map((each) => each[before])));
    guide.style.left = `${placeOf(moment ?? training.step, last) * 100}%`;
    words.textContent = sentence(training, all, lang);
    board.hidden = said.hidden = all.steps.length === 0;
    said.replaceChildren(...stretches(all).map(({ from, answer }, i, list) => {
      const [left, right] = [placeOf(from, last), placeOf(list[i + 1]?.from ?? training.step, last)];
      const name = training.classes[answer] ?? '–';
      const item = h('li', { class: 'probe-stretch', data: { answer: String(answer === now), tip: t('probe.stretch', { answer: name, step: count(from, lang) }) } },
        right - left > ROOM ? name : '');
      item.style.left = `${left * 100}%`;
      item.style.width = `${(right - left) * 100}%`;
      return item;
    }));
  }

  /** @param {import('../../core/train/types.js').Training} training @param {History} all @param {string} lang */
  function sentence(training, all, lang) {
    const found = since(all);
    if (all.steps.length < 2 || !found) return t('probe.waiting');
    const params = { answer: training.classes[found.answer], step: count(found.from, lang), epoch: epochText(found.from / Math.max(1, training.steps_per_epoch), lang) };
    if (found.answer === NO_ANSWER) return t('probe.none', params);
    return t(found.from === all.steps[0] ? 'probe.always' : 'probe.since', params);
  }

  const stops = [
    store.on(['model', 'trainingData', 'drawing', 'preprocess', 'photo'], ask),
    store.on(['model', 'training', 'trainingData', 'trainingDraft', 'frame', 'moment', 'lang'], schedule),
  ];
  ask();
  paint();
  return { element, destroy() { stops.forEach((stop) => stop()); schedule.cancel(); history.destroy(); } };
}
