/**
 * The unit page: everything that is known of one unit, as on a page of a magazine (OpenAI's Microscope had one for each
 * unit of its networks, without the present picture).
 *
 * @typedef {import('../../core/types.js').Store} Store
 * @typedef {import('../../views.js').ViewContext} ViewContext
 * @typedef {import('../../core/unit/address.js').Subject} Subject
 */
import { makerOf } from '../../core/filters/kernels.js';
import { nameOf, nodeOf } from '../../core/networks/graph.js';
import { hasWeights } from '../../core/session.js';
import { addressOf, layerTitle, pinnedFor } from '../../core/unit/address.js';
import { createUnitCard } from '../../core/unit/card.js';
import { isMissing, presentSubject } from '../../core/unit/follow.js';
import { unitRequest } from '../../core/unit/maximum.js';
import { eachFrame, h } from '../dom.js';
import { createTopPictures } from '../tops/top-pictures.js';
import { createUnitFacts } from './facts.js';
import { createUnitHead } from './head.js';
import { createUnitKernel } from './kernel.js';
import { createLinked } from './linked.js';
import { createMissing } from './missing.js';
import { createPresentMap } from './present.js';
import { createWanted } from './wanted.js';

/** @param {Store} store @param {ViewContext} ctx */
export function createUnitPage(store, ctx) {
  const { t } = ctx;
  const schedule = eachFrame(render);
  /** @type {Subject|null} */
  let subject = null;
  /** The source of the weights that the card speaks of. @type {string|null} */
  let shownBy = null;
  const card = createUnitCard(ctx.api, schedule);
  const head = createUnitHead(store, ctx, { chooseStage, chooseLayer, chooseChannel, maximize, question });
  const wanted = createWanted(store, ctx, { maximize });
  const tops = createTopPictures(store, ctx, wanted.refresh);
  const present = createPresentMap(store, ctx, { schedule, choose: chooseChannel });
  const [before, after] = [createLinked(store, ctx, 'before'), createLinked(store, ctx, 'after')];
  const kernel = createUnitKernel(store, ctx, schedule);
  const facts = createUnitFacts(ctx, { arithmetic });
  const missing = createMissing(store, ctx);
  const waiting = h('p', { class: 'unit-waiting', role: 'status' }, t('unit.waiting'));
  const body = h('div', { class: 'unit-body' }, wanted.element, h('div', { class: 'unit-part unit-real' }, tops.element), present.element,
    before.element, kernel.element, after.element, facts.element);
  const sheet = h('div', { class: 'unit-sheet' }, head.element, body);
  const element = h('div', { class: 'unit-page' }, sheet, missing.element, waiting);

  /** To another unit. @param {string} layer @param {number} channel */
  function go(layer, channel) {
    const { model } = store.get();
    if (model) store.set({ unitPage: { model: model.id, layer, channel } });
  }

  /** @param {string} id */
  function chooseStage(id) {
    const { model } = store.get();
    const node = model && nodeOf(model, id);
    const address = model && node && addressOf(model, { stage: id, channel: Math.min(subject?.channel ?? 0, node.shape[0] - 1) });
    if (address) store.set({ unitPage: address });
    else ctx.notify(t('unit.no_pixels', { layer: node ? nameOf(node.stage) : id }));
  }

  /** @param {string} layer */
  function chooseLayer(layer) {
    if (subject) go(layer, subject.channel);
  }

  /** @param {number} channel */
  function chooseChannel(channel) {
    if (subject) go(subject.layer.id, channel);
  }

  function maximize() {
    if (subject) ctx.open('maximize', { pinned: pinnedFor(subject, store.get().pinned), drawer: subject.stage.id });
  }

  /** How one of its values comes about is the unit panel's matter. */
  function arithmetic() {
    if (subject) ctx.open('network', { pinned: pinnedFor(subject, store.get().pinned) });
  }

  /** @returns {import('../../core/snippets.js').Question|null} */
  function question() {
    if (!subject) return null;
    const { model, stage, layer, channel } = subject;
    const maker = makerOf(model, stage.id, channel);
    return { about: 'unit-page', layer: layer.id, channel, filter: maker && { layer: maker.stage, channel: maker.channel }, set: tops.set(), request: unitRequest(subject) };
  }

  function render() {
    const state = store.get();
    const next = presentSubject(state);
    const lost = isMissing(state);
    missing.element.hidden = !lost;
    waiting.hidden = next !== null || lost;
    sheet.hidden = next === null;
    if (lost) missing.update();
    if (next) show(next);
  }

  /** @param {Subject} next */
  function show(next) {
    const { lang, model, weights } = store.get();
    const isNew = subject?.model !== next.model || subject.layer !== next.layer || subject.channel !== next.channel;
    const source = weights ?? next.model.weights.source;
    if (isNew || source !== shownBy) {
      shownBy = source;
      card.show(next);
      wanted.show(next);
    }
    if (isNew) {
      if (document.activeElement?.closest('.linked')) head.focus(); // the link that led here goes
      subject = next;
      element.scrollTo(0, 0);
      document.title = [`${layerTitle(next)} · ${next.label ?? next.channel}`, next.model.title, 'ConvScope'].join(' · ');
    }
    if (!subject || !model) return;
    element.classList.toggle('is-idle', !hasWeights(model));
    const known = card.card();
    tops.show(subject.layer.id, subject.channel);
    head.update(subject, lang);
    present.update(subject);
    kernel.update(subject);
    before.show(subject, known?.before ?? null, card.problem());
    after.show(subject, known?.after ?? null, card.problem());
    facts.update(subject, known, lang);
  }

  const renew = store.on(['exchanged'], () => { kernel.renew(); schedule(); });
  const stop = store.on(['model', 'models', 'unitPage', 'frame', 'pass', 'palette', 'scale', 'pinned', 'photo', 'theme', 'lang'], schedule);
  schedule();
  return {
    element,
    step: head.step,
    /** The picture of the page as a file: the maximizing input, else the map. @returns {Promise<Blob>} */
    exportPng() {
      const canvas = wanted.canvas.hidden ? present.canvas() : wanted.canvas;
      return new Promise((resolve, reject) => {
        if (!canvas) return reject(new Error('There is no picture to save yet.'));
        canvas.toBlob((blob) => (blob ? resolve(blob) : reject(new Error('The picture could not be made.'))), 'image/png');
      });
    },
    destroy() {
      stop();
      renew();
      schedule.cancel();
      [card, wanted, tops, present, kernel].forEach((part) => part.destroy());
    },
  };
}
