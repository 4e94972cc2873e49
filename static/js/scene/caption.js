/**
 * One line under the picture: the unit that is looked at, its value, how many links are shown. Screen readers hear it
 * when a key moved the unit, not while the pointer wanders or the pen draws.
 *
 * @typedef {import('../core/types.js').State} State
 * @typedef {import('../core/types.js').Unit} Unit
 * @typedef {import('../core/types.js').Translate} Translate
 */
import { values } from '../core/unit/connect.js';
import { isVector, nodeOf, sameUnit, stageName } from '../core/networks/graph.js';
import { count, short } from '../core/numbers/format.js';

/** @param {import('../core/types.js').Model} model @param {Unit} unit @param {boolean} vector */
function address(model, unit, vector) {
  const name = stageName(model, unit.stage);
  return vector ? `${name} ${unit.channel}` : `${name} ${unit.channel}, ${unit.y}, ${unit.x}`;
}

/** The unit's value; with ≈ while only its half precision is here. @param {State} state @param {Unit} unit */
function valueText({ model, frame, neuron, lang }, unit) {
  const exact = neuron?.answer?.model === model?.id && neuron?.answer && sameUnit(neuron.unit, unit) ? neuron.answer.output : null;
  if (exact !== null) return short(exact, lang);
  const value = model && frame ? values(model, frame, unit) : NaN;
  const isHalf = model !== null && frame?.tensors.get(nodeOf(model, unit.stage).stage.output)?.halves !== undefined;
  return Number.isFinite(value) ? `${isHalf ? '≈ ' : ''}${short(value, lang)}` : '';
}

/** @param {string} className @param {Record<string, string>} attributes */
function line(className, attributes) {
  const element = document.createElement('p');
  element.className = className;
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  return element;
}

export class Caption {
  /** @param {Translate} t */
  constructor(t) {
    this.t = t;
    this.element = line('scene-caption', { 'aria-hidden': 'true' });
    this.live = line('scene-live', { role: 'status', 'aria-live': 'polite' });
  }

  /**
   * @param {State} state @param {Unit|null} unit @param {{shown: number, total: number}} links
   */
  show(state, unit, links) {
    const { model, lang } = state;
    const text = model && unit ? this.#text(address(model, unit, isVector(nodeOf(model, unit.stage))), valueText(state, unit), links, lang) : '';
    if (this.element.textContent !== text) this.element.textContent = text;
  }

  /** Say the present line aloud. */
  announce() {
    this.live.textContent = this.element.textContent;
  }

  /** @param {string} name @param {string} value @param {{shown: number, total: number}} links @param {string} lang */
  #text(name, value, { shown, total }, lang) {
    const numbers = { shown: count(shown, lang), total: count(total, lang) };
    const amount = shown < total ? this.t('scene.strongest', numbers) : total > 0 ? this.t('scene.links', numbers) : '';
    return [name, value, amount].filter(Boolean).join(' · ');
  }
}
