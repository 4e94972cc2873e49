/**
 * What a network said of the present picture at each checkpoint of its training: asked for when the pen rests, and of each
 * new checkpoint once.
 *
 * @typedef {import('./types.js').Training} Training
 * @typedef {{steps: number[], probabilities: number[][]}} History  In the order of the steps; a probability for each class.
 * @typedef {{from: number, answer: number}} Since  Since which step the network has given its answer.
 * @typedef {object} Picture  What it is asked of.
 * @property {string} model
 * @property {Uint8Array|Blob} input  A drawing (28×28), or a photograph.
 * @property {string} [preprocess]
 */
import { isAbort } from '../api.js';

/** Milliseconds without a change after which the pen rests. */
const REST = 250;

/** What a network answers whose weights are no numbers any more. */
export const NO_ANSWER = -1;

/** The likeliest class. @param {number[]} probabilities */
export function answerOf(probabilities) {
  const most = Math.max(...probabilities);
  return most > 0 ? probabilities.indexOf(most) : NO_ANSWER;
}

/** Since which step the last answer has been given without a break; null without any. @param {History} history @returns {Since|null} */
export function since({ steps, probabilities }) {
  const answers = probabilities.map(answerOf);
  const answer = answers.at(-1);
  if (answer === undefined) return null;
  let at = answers.length - 1;
  while (at > 0 && answers[at - 1] === answer) at -= 1;
  return { from: steps[at], answer };
}

/** Where the answer changes: the first step of each stretch, with its class. @param {History} history @returns {Since[]} */
export function stretches({ steps, probabilities }) {
  const answers = probabilities.map(answerOf);
  return answers.flatMap((answer, i) => (i > 0 && answers[i - 1] === answer ? [] : [{ from: steps[i], answer }]));
}

/**
 * @param {{answers: (model: string, input: Uint8Array|Blob, options: {steps: number[], preprocess?: string, signal: AbortSignal}) => Promise<History>}} api
 * @param {() => void} onChange
 * @param {{after?: (work: () => void, ms: number) => any}} [options]
 */
export function createProbeHistory(api, onChange, { after = setTimeout } = {}) {
  /** @type {Map<number, number[]>} */
  let known = new Map();
  /** @type {Picture|null} */
  let shown = null;
  let control = new AbortController();
  let busy = false;
  /** @type {number[]} */
  let wanted = [];

  /** @param {AbortSignal} signal */
  async function ask(signal) {
    const steps = wanted.filter((step) => !known.has(step));
    if (busy || signal.aborted || !shown || steps.length === 0) return;
    busy = true;
    try {
      const { model, input, preprocess } = shown;
      const news = await api.answers(model, input, { steps, preprocess, signal });
      if (signal.aborted) return;
      news.steps.forEach((step, i) => known.set(step, news.probabilities[i]));
      steps.forEach((step) => { if (!known.has(step)) known.set(step, []); }); // one that cannot be had is asked for once
      onChange();
    } catch (error) {
      if (isAbort(error) || signal.aborted) return;
      wanted = []; // the next checkpoint, or the next stroke, tries again
    } finally {
      if (!signal.aborted) busy = false;
    }
    void ask(signal);
  }

  /** @param {Picture} a @param {Picture|null} b */
  const isSame = (a, b) => b !== null && a.model === b.model && a.input === b.input && a.preprocess === b.preprocess;

  return {
    /** @param {Picture|null} picture @param {number[]} steps  The checkpoints that there are. */
    show(picture, steps) {
      wanted = steps;
      if (picture && isSame(picture, shown)) return void ask(control.signal);
      control.abort();
      control = new AbortController();
      const { signal } = control;
      [shown, busy] = [picture, false];
      known = new Map();
      after(() => void ask(signal), REST);
    },
    /** @returns {History} */
    get() {
      const steps = [...known.keys()].filter((step) => known.get(step)?.length).sort((a, b) => a - b);
      return { steps, probabilities: steps.map((step) => known.get(step) ?? []) };
    },
    destroy: () => control.abort(),
  };
}
