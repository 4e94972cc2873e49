/**
 * The frame of the train view: the probe on the left, the form or the shown training in the middle, the timeline below
 * it, facts and the list of runs on the right. The parts are in files of their own (parts.js).
 *
 * @typedef {import('../../core/types.js').Store} Store
 * @typedef {import('../../views.js').ViewContext} ViewContext
 * @typedef {import('./parts.js').Part} Part
 */
import { h } from '../dom.js';
import { createInputSide } from '../input-side.js';
import { PARTS } from './parts.js';
import { createRunHead } from './run-head.js';
import { createRuns } from './runs.js';
import { createSetup } from './setup.js';
import { createTabs } from './tabs.js';

/** Is the shown training one of 2-D points? @param {import('../../core/types.js').State} state */
export function isPoints({ trainingData, trainingDraft, training }) {
  const request = training === null ? trainingDraft : trainingData?.request;
  return request?.dataset?.id === 'points';
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
    curves: h('div', { class: 'train-curves' }),
    analysis: h('div', { class: 'train-analysis' }),
    playground: h('div', { class: 'train-playground' }),
    timeline: h('div', { class: 'train-timeline' }),
    panel: h('div', { class: 'train-analysis-panel' }),
  };
  const body = h('div', { class: 'train-body' }, hosts.curves, hosts.analysis, hosts.playground);
  const run = h('div', { class: 'train-run' }, head.element, tabs.element, body, hosts.timeline);
  const stage = h('section', { class: 'stage-side', 'aria-label': ctx.t('view.train') }, setup.element, run);
  const side = h('aside', { class: 'panel-side', 'aria-label': ctx.t('train.side') }, hosts.panel, runs.element);
  const element = h('div', { class: 'workspace train', data: { pinned: 'true' } }, hosts.probe, stage, side);

  /** Makes a part when it is first needed. @param {'curves'|'analysis'|'timeline'|'probe'|'playground'} name */
  function need(name) {
    const create = PARTS[name];
    if (parts[name] || !create) return;
    const part = create(store, ctx);
    parts[name] = part;
    hosts[name].replaceChildren(part.element);
    if (part.panel) hosts.panel.replaceChildren(part.panel);
  }

  function show() {
    const state = store.get();
    const isRun = state.training !== null;
    const points = isPoints(state);
    setup.element.hidden = isRun;
    run.hidden = !isRun;
    element.dataset.kind = points ? 'points' : 'pictures';
    const isCurves = points || state.trainTab === 'curves';
    hosts.curves.hidden = !isCurves;
    hosts.analysis.hidden = isCurves;
    hosts.panel.hidden = isCurves || !isRun;
    hosts.playground.hidden = !points;
    tabs.element.hidden = points;
    if (!points) need('probe');
    if (!isRun) return;
    need('curves');
    need('timeline');
    if (points) need('playground');
    else if (!isCurves) need('analysis');
  }

  const stop = store.on(['training', 'trainingData', 'trainingDraft', 'trainTab'], show);
  show();
  return {
    element,
    keys: { ...input?.keys, ...parts.probe?.keys, ...head.keys },
    destroy() {
      stop();
      [setup, head, runs, tabs, input, ...Object.values(parts)].forEach((part) => part?.destroy());
    },
  };
}
