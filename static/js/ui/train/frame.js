/**
 * The frame of the train view: the probe on the left, the form or the shown training in the middle, the timeline below
 * it, facts and the list of runs on the right. The parts are in files of their own (parts.js).
 *
 * @typedef {import('../../core/types.js').Store} Store
 * @typedef {import('../../views.js').ViewContext} ViewContext
 * @typedef {import('./parts.js').Part} Part
 */
import { isRangeTest } from '../../core/train/follow.js';
import { h } from '../dom.js';
import { createInputSide } from '../input/side.js';
import { PARTS } from './parts.js';
import { createRunHead } from './run-head.js';
import { createRuns } from './runs.js';
import { createSetup } from './setup.js';
import { createTabs } from './tabs.js';

/** Is it about 2-D points? Their playground is form and run in one. @param {import('../../core/types.js').State} state */
export function isPoints({ trainingData, trainingDraft, training, playground }) {
  if (training !== null && trainingData?.id === training) return trainingData.request.dataset?.id === 'points';
  return playground !== null || (training === null && trainingDraft?.dataset?.id === 'points');
}

/** @param {Store} store @param {ViewContext} ctx */
export function createFrame(store, ctx) {
  /** @type {Partial<Record<keyof typeof PARTS, Part>>} */
  const parts = {};
  const setup = createSetup(store, ctx);
  const head = createRunHead(store, ctx);
  const runs = createRuns(store, ctx);
  const tabs = createTabs(store, ctx);
  const input = PARTS.probe ? null : createInputSide(store, ctx);
  const hosts = {
    probe: input?.element ?? h('div', { class: 'input-side train-probe' }),
    pointsSide: h('div', { class: 'train-points-side', hidden: true }),
    pointsPanel: h('div', { class: 'train-points-panel', hidden: true }),
    curves: h('div', { class: 'train-curves' }),
    analysis: h('div', { class: 'train-analysis' }),
    playground: h('div', { class: 'train-playground' }),
    timeline: h('div', { class: 'train-timeline' }),
    panel: h('div', { class: 'train-analysis-panel' }),
  };
  const body = h('div', { class: 'train-body' }, hosts.curves, hosts.analysis, hosts.playground);
  const run = h('div', { class: 'train-run' }, head.element, tabs.element, body, hosts.timeline);
  const stage = h('section', { class: 'stage-side', 'aria-label': ctx.t('view.train') }, setup.element, run);
  const side = h('aside', { class: 'panel-side', 'aria-label': ctx.t('train.side') }, hosts.pointsPanel, hosts.panel, runs.element);
  const element = h('div', { class: 'workspace train', data: { pinned: 'true' } }, hosts.probe, hosts.pointsSide, stage, side);

  /** Makes a part when it is first needed. @param {'curves'|'analysis'|'timeline'|'probe'|'playground'} name */
  function need(name) {
    const create = PARTS[name];
    if (parts[name] || !create) return;
    const part = create(store, ctx);
    parts[name] = part;
    hosts[name].replaceChildren(part.element);
    if (part.side) hosts.pointsSide.replaceChildren(part.side);
    if (part.panel) (name === 'playground' ? hosts.pointsPanel : hosts.panel).replaceChildren(part.panel);
  }

  function show() {
    const state = store.get();
    const isRun = state.training !== null;
    const points = isPoints(state);
    if (!points && state.playground !== null) return store.set({ playground: null }); // a training of pictures was opened
    setup.element.hidden = isRun || points;
    run.hidden = !isRun && !points;
    head.element.hidden = hosts.probe.hidden = points;
    hosts.pointsSide.hidden = hosts.pointsPanel.hidden = !points;
    element.dataset.kind = points ? 'points' : 'pictures';
    element.dataset.run = !isRun ? 'none' : points ? 'points' : 'pictures';
    const isRange = isRun && state.trainingData !== null && isRangeTest(state.trainingData);
    const isCurves = isRange || state.trainTab === 'curves';
    hosts.curves.hidden = points || !isCurves;
    hosts.analysis.hidden = points || isCurves;
    hosts.panel.hidden = points || isCurves || !isRun;
    hosts.playground.hidden = !points;
    hosts.timeline.hidden = !isRun || isRange;
    tabs.element.hidden = points || isRange;
    if (!points) need('probe');
    if (points) need('playground');
    if (!isRun) return;
    need('timeline');
    if (!points) need(isCurves ? 'curves' : 'analysis');
  }

  /** A key's work in what is shown. @param {string} key */
  const press = (key) => () => (isPoints(store.get()) ? parts.playground?.keys : head.keys)?.[key]?.();

  const stops = [
    store.on(['training', 'trainingData', 'trainingDraft', 'trainTab', 'playground'], show),
    store.on(['training'], () => { scrollTo({ top: 0 }); setup.element.scrollTop = 0; }), // seen from its top, wherever Start was pressed
  ];
  show();
  return {
    element,
    keys: { ...input?.keys, ...parts.probe?.keys, p: press('p'), '.': press('.') },
    destroy() {
      stops.forEach((stop) => stop());
      [setup, head, runs, tabs, input, ...Object.values(parts)].forEach((part) => part?.destroy());
    },
  };
}
