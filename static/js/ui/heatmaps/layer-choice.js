/**
 * Which layer of a stage is shown: its output (live) or what comes before it (conv1, bn1, relu1).
 *
 * @typedef {import('../../core/types.js').Context} Context
 * @typedef {import('../../core/types.js').Model} Model
 * @typedef {import('../../core/types.js').Stage} Stage
 */
import { segmented } from '../controls.js';
import { h } from '../dom.js';

/** @param {Context} ctx @param {(layer: string|null) => void} change  Null for the stage's output. */
export function createLayerChoice(ctx, change) {
  const element = h('div', { class: 'layer-choice' });
  /** @type {Stage|null} */
  let built = null;
  /** @type {(layer: string) => void} */
  let show = () => {};

  /** @param {Model} model @param {Stage} stage @param {string} selected */
  function update(model, stage, selected) {
    if (stage !== built) {
      built = stage;
      const ids = shownLayers(model, stage);
      element.hidden = ids.length < 2;
      const options = ids.map((value) => ({ value, label: value, title: value === stage.output ? ctx.t('maps.layer.live') : ctx.t('maps.layer.rest') }));
      const choice = segmented(ctx.t('maps.layer'), options, (value) => change(value === stage.output ? null : value));
      show = choice.show;
      element.replaceChildren(choice.element);
    }
    show(selected);
  }

  return { element, update };
}

/** The layers whose values differ: dropout and flatten change nothing. @param {Model} model @param {Stage} stage */
function shownLayers(model, stage) {
  const type = (/** @type {string} */ id) => model.layers.find((layer) => layer.id === id)?.type ?? '';
  return stage.layers.filter((id) => id === stage.output || !/^(Dropout|Flatten|Identity)/.test(type(id)));
}
