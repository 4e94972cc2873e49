/**
 * Questions to begin with, for networks with classes: the ideal digit, one that is none to us, what separates two.
 *
 * @typedef {import('../../core/types.js').Store} Store
 * @typedef {import('../../core/types.js').Model} Model
 * @typedef {import('../../views.js').ViewContext} ViewContext
 */
import { classStage, STANDARD } from '../../core/maximize/request.js';
import { hasWeights, isLarge } from '../../core/session.js';
import { h } from '../dom.js';

/** Digits that look alike: what a digit is best told from. */
const LOOKALIKE = [6, 7, 3, 8, 9, 3, 5, 1, 3, 4];
const ALL = 10;
/** After so many steps a digit network is sure, and we see next to nothing; with more, strokes appear. */
const FEW = 8;

/** The class that the ideas speak of, and the one it is told from. @param {import('../../core/types.js').State} state @param {Model} model */
function classesOf({ pinned, frame }, model) {
  const stage = classStage(model);
  const top = frame?.prediction.top ?? [];
  const first = pinned && pinned.stage === stage?.id ? pinned.channel : top[0]?.class ?? 0;
  const runner = top.find((each) => each.class !== first)?.class ?? (first + 1) % model.classes.length;
  return { first, second: isLarge(model) ? runner : LOOKALIKE[first] ?? runner };
}

/** @param {Store} store @param {ViewContext} ctx */
export function createIdeas(store, { t }) {
  const element = h('div', { class: 'maximize-ideas', role: 'group', 'aria-label': t('maximize.ideas') });

  /** @param {Model} model @param {number} channel @param {Partial<import('../../core/maximize/request.js').Choice>} choice */
  function ask(model, channel, choice) {
    const stage = classStage(model);
    if (stage) store.set({ pinned: { stage: stage.id, channel, y: 0, x: 0 }, drawer: stage.id, maximize: { ...STANDARD, ...choice } });
  }

  /** @param {string} text @param {string} about @param {boolean} present @param {() => void} click */
  const idea = (text, about, present, click) => h('button', { class: 'idea', type: 'button', title: about, 'aria-pressed': String(present), on: { click } }, text);

  function update() {
    const state = store.get();
    const { model, maximize, pinned } = state;
    const stage = model && hasWeights(model) ? classStage(model) : null;
    element.hidden = !stage;
    if (!model || !stage) return;
    const { first, second } = classesOf(state, model);
    const on = pinned?.stage === stage.id;
    const isPlain = on && maximize.objective === 'activation';
    const [one, other] = [model.classes[first], model.classes[second]];
    const digits = model.classes.length === ALL ? model.classes.map((name, channel) => idea(name, t('maximize.idea.ideal.about', { unit: name }), isPlain && maximize.transforms && channel === first, () => ask(model, channel, {}))) : [];
    element.replaceChildren(
      ...(digits.length ? [h('span', { class: 'idea-name' }, t('maximize.idea.ideals')), h('span', { class: 'idea-digits' }, ...digits)]
        : [idea(t('maximize.idea.ideal', { unit: one }), t('maximize.idea.ideal.about', { unit: one }), isPlain && maximize.transforms, () => ask(model, first, {}))]),
      idea(t(isLarge(model) ? 'maximize.idea.adversarial_class' : 'maximize.idea.adversarial', { unit: one }), t('maximize.idea.adversarial.about', { unit: one }), isPlain && !maximize.transforms, () => ask(model, first, { method: 'pixels', transforms: false, ...(isLarge(model) ? {} : { steps: FEW }) })),
      idea(t('maximize.idea.contrast', { unit: one, other }), t('maximize.idea.contrast.about', { unit: one, other }), on && maximize.objective === 'contrast', () => ask(model, first, { objective: 'contrast', other: second })));
  }

  return { element, update };
}
