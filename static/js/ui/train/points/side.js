/**
 * What the playground is set to: presets, points, network, how it learns. A change takes effect at once.
 *
 * @typedef {import('../../../core/types.js').Store} Store
 * @typedef {import('../../../views.js').ViewContext} ViewContext
 * @typedef {import('../../../core/points/control.js').PointsControl} Control
 */
import { count, percent, short } from '../../../core/numbers/format.js';
import { iconPoints } from '../../../core/points/icons.js';
import {
  ACTIVATION_NAMES, BATCHES, changed, COUNTS, DECAYS, INITIALISATIONS, isGate, OPTIMIZER_NAMES, POINT_SETS, PRESETS, RATES, sameTraining,
} from '../../../core/points/choice.js';
import { classColour } from '../../../core/points/surface.js';
import { h, s } from '../../dom.js';
import { choiceField, numberField, sliderField } from './fields.js';

const EPOCHS = [20, 100, 300, 1000, 2000, 10_000];

/** @param {ViewContext} ctx @param {Control} control */
function createPresets({ t }, control) {
  const buttons = PRESETS.map(({ id, patch }) => h('button', {
    class: 'points-preset', type: 'button', data: { id, tip: t(`points.preset.${id}.about`) }, on: { click: () => control.replace({ ...changed(control.choice(), {}), ...patch }) },
  }, t(`points.preset.${id}`)));
  return {
    element: h('div', { class: 'points-presets', role: 'group', 'aria-label': t('points.presets') }, ...buttons),
    update() {
      const choice = control.choice();
      buttons.forEach((button, i) => {
        const preset = { ...choice, ...PRESETS[i].patch };
        button.setAttribute('aria-pressed', String(sameTraining(preset, choice) && JSON.stringify(preset.hand) === JSON.stringify(choice.hand)));
      });
    },
  };
}

/** The sets as small pictures. @param {Store} store @param {ViewContext} ctx @param {Control} control */
function createSets(store, { t }, control) {
  const buttons = POINT_SETS.map((set) => h('button', {
    class: 'points-set', type: 'button', 'aria-label': t(`points.set.${set}`), title: t(`points.set.${set}`), data: { set }, on: { click: () => control.change({ set, hand: null }) },
  }, s('svg', { viewBox: '-1.1 -1.1 2.2 2.2', 'aria-hidden': 'true' }), isGate(set) ? h('span', {}, t(`points.set.${set}`)) : null));
  /** @type {unknown} */
  let drawn = null;
  return {
    element: h('div', { class: 'points-sets', role: 'group', 'aria-label': t('points.sets') }, ...buttons),
    update() {
      const { palette } = store.get();
      buttons.forEach((button, i) => button.setAttribute('aria-pressed', String(POINT_SETS[i] === control.choice().set)));
      if (!palette || palette === drawn) return;
      drawn = palette;
      buttons.forEach((button, i) => {
        const r = isGate(POINT_SETS[i]) ? 0.2 : 0.11;
        button.querySelector('svg')?.replaceChildren(...iconPoints(POINT_SETS[i]).map(([x, y, label]) => s('circle', { cx: x.toFixed(2), cy: (-y).toFixed(2), r, fill: classColour(label, palette) })));
      });
    },
  };
}

/** @param {Store} store @param {ViewContext} ctx @param {Control} control */
function createFields(store, { t }, control) {
  const { lang } = store.get();
  const change = (/** @type {keyof import('../../../core/points/choice.js').PointsChoice} */ key) => (/** @type {any} */ value) => control.change({ [key]: value, ...(key === 'activation' && { hand: null }) });
  const number = (/** @type {number} */ value) => short(value, lang);
  const whole = (/** @type {number} */ value) => count(value, lang);
  const share = (/** @type {number} */ value) => percent(value, lang);
  const name = (/** @type {string} */ kind) => (/** @type {string} */ value) => t(`points.${kind}.${value}`);
  const data = {
    noise: sliderField(t('points.noise'), { min: 0, max: 0.5, step: 0.05 }, share, change('noise')),
    testShare: sliderField(t('points.test_share'), { min: 0, max: 0.9, step: 0.1 }, share, change('testShare')),
    count: choiceField(t('points.count'), COUNTS, whole, change('count')),
  };
  const learning = {
    activation: choiceField(t('points.activation'), ACTIVATION_NAMES, name('activation'), change('activation')),
    optimizer: choiceField(t('points.optimizer'), OPTIMIZER_NAMES, name('optimizer'), change('optimizer'), t('points.optimizer.about')),
    rate: choiceField(t('points.rate'), RATES, number, change('rate'), t('points.live.about')),
    decay: choiceField(t('points.decay'), DECAYS, number, change('decay'), t('points.live.about')),
    batch: choiceField(t('points.batch'), BATCHES, (value) => (value === 5000 ? t('points.batch.all') : whole(value)), change('batch')),
    epochs: choiceField(t('points.epochs'), EPOCHS, whole, change('epochs')),
    seed: numberField(t('points.seed'), { min: 0, max: 2 ** 31 - 1, step: 1 }, change('seed'), t('points.seed.about')),
    initialisation: choiceField(t('points.initialisation'), INITIALISATIONS, name('initialisation'), change('initialisation')),
  };
  return { data, learning };
}

/** @param {Store} store @param {ViewContext} ctx @param {Control} control */
export function createPointsSide(store, ctx, control) {
  const { t } = ctx;
  const presets = createPresets(ctx, control);
  const sets = createSets(store, ctx, control);
  const { data, learning } = createFields(store, ctx, control);
  const section = (/** @type {string} */ title, /** @type {Node[]} */ children) => h('section', { class: 'points-group' }, h('h2', { class: 'section-title' }, title), ...children);
  const leave = h('button', { class: 'text-button', type: 'button', on: { click: () => store.set({ training: null, moment: null, playground: null, trainingDraft: null }) } }, t('points.leave'));
  const dataGroup = section(t('points.data'), [sets.element, ...Object.values(data).map(({ element }) => element)]);
  const learningGroup = section(t('points.learning'), Object.values(learning).map(({ element }) => element));
  const element = h('div', { class: 'input-side points-side' }, h('p', { class: 'points-leave' }, leave), section(t('points.presets'), [presets.element]), dataGroup, learningGroup);

  function update() {
    const choice = control.choice();
    presets.update();
    sets.update();
    for (const [key, field] of Object.entries({ ...data, ...learning })) field.show(/** @type {never} */ (choice[/** @type {keyof typeof choice} */ (key)]));
    const gate = isGate(choice.set);
    [data.noise, data.testShare, data.count].forEach(({ element: field }) => { field.hidden = gate; });
    const isRule = choice.optimizer === 'perceptron';
    learningGroup.hidden = choice.hand !== null;
    learning.activation.element.hidden = choice.layers.length === 0;
    learning.decay.element.hidden = learning.batch.element.hidden = isRule;
  }

  return { element, update };
}
