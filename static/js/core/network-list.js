/**
 * The list of networks as the chooser shows it: by family, and narrowed down by words.
 *
 * @typedef {import('./types.js').ModelSummary} ModelSummary
 */

/** Families in the order in which they came up; what is not named here follows. A digit network's family is "digits". */
const ORDER = ['digits', 'AlexNet', 'VGG', 'GoogLeNet', 'ResNet', 'SqueezeNet', 'MobileNet', 'EfficientNet'];

/** @param {ModelSummary} model */
export function familyOf(model) {
  return model.input.preprocessing === 'digit' ? 'digits' : model.family;
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

/**
 * @param {ModelSummary[]} models
 * @param {string} search
 * @returns {{family: string, models: ModelSummary[]}[]}  In order; families without a match are left out.
 */
export function networkGroups(models, search) {
  const found = models.filter((model) => matches(model, search));
  const families = [...new Set([...ORDER, ...found.map(familyOf)])];
  const depth = (/** @type {ModelSummary} */ model) => model.macs;
  return families
    .map((family) => ({ family, models: found.filter((model) => familyOf(model) === family).sort((a, b) => depth(a) - depth(b)) }))
    .filter((group) => group.models.length > 0);
}
