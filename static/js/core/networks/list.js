/**
 * The list of networks as the chooser shows it: by family, and narrowed down by words.
 *
 * @typedef {import('../types.js').ModelSummary} ModelSummary
 */

import { isTrained } from '../train/follow-network.js';

/** Families in the order in which they came up; what is not named here follows. A digit network's family is "digits", that of one that was trained here "trained". */
const ORDER = ['trained', 'digits', 'AlexNet', 'VGG', 'GoogLeNet', 'ResNet', 'SqueezeNet', 'MobileNet', 'EfficientNet'];

/** @param {ModelSummary} model */
export function familyOf(model) {
  if (isTrained(model)) return 'trained';
  return model.input.preprocessing === 'digit' ? 'digits' : model.family;
}

/** One sentence about a network: the catalogue's, or the server's own if the catalogue lacks it. @param {import('../types.js').Translate} t @param {ModelSummary} model */
export function aboutNetwork(t, model) {
  const key = `network.${model.id}`;
  const words = t(key);
  return words === key ? model.about : words;
}

/** Letters and digits only, small, without accents: what is compared. @param {string} text */
function plain(text) {
  return text.normalize('NFKD').toLowerCase().replace(/[^\p{L}\p{N} ]/gu, '');
}

/** Does every word of the search stand in the network's id, title, family or reference? @param {ModelSummary} model @param {string} search */
export function matches(model, search) {
  const text = plain(`${model.id} ${model.title} ${familyOf(model)} ${model.family} ${model.reference}`);
  const squeezed = text.replace(/ /g, '');
  return plain(search).split(/\s+/).every((word) => text.includes(word) || squeezed.includes(word));
}

/** The network of the same family whose weights come with the server: what can be had without a download. @param {ModelSummary[]} models @param {ModelSummary} model */
export function shippedKin(models, { id, family }) {
  return models.find((each) => each.id !== id && each.family === family && each.weights.source === 'shipped') ?? null;
}

/** Of what was trained here the newest comes first: the server lists it last. @param {string} family @param {ModelSummary[]} models */
function sorted(family, models) {
  return family === 'trained' ? models.reverse() : models.sort((a, b) => a.macs - b.macs);
}

/**
 * @param {ModelSummary[]} models
 * @param {string} search
 * @returns {{family: string, models: ModelSummary[]}[]}  In order; families without a match are left out.
 */
export function networkGroups(models, search) {
  const found = models.filter((model) => matches(model, search));
  const families = [...new Set([...ORDER, ...found.map(familyOf)])];
  return families
    .map((family) => ({ family, models: sorted(family, found.filter((model) => familyOf(model) === family)) }))
    .filter((group) => group.models.length > 0);
}
