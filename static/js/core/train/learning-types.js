/**
 * What a network has learned at a checkpoint, as the API speaks of it; `app/schemas/training.py` is the source.
 *
 * @typedef {'train'|'test'} Split
 *
 * @typedef {object} Confusion  `matrix[true][predicted]` counts pictures.
 * @property {number} step
 * @property {Split} split
 * @property {string[]} classes
 * @property {number[][]} matrix
 * @property {number} accuracy
 * @property {number|null} loss
 * @property {(number|null)[]} precision
 * @property {(number|null)[]} recall
 * @property {(number|null)[]} f1
 *
 * @typedef {object} Answered  A picture of the data set and what the network makes of it.
 * @property {number} index
 * @property {string} href
 * @property {number} label
 * @property {number} predicted
 * @property {number} probability        Of the class that is named.
 * @property {number} label_probability  Of the right one.
 *
 * @typedef {{step: number, split: Split, total: number, pictures: Answered[]}} AnsweredPage
 *
 * @typedef {{edges: number[], counts: number[]}} Counts  `counts[i]` values lie in `edges[i]…edges[i + 1]`.
 *
 * @typedef {object} LayerLearning  One weighted layer at a checkpoint.
 * @property {string} layer
 * @property {string} output  The layer whose values its units show: behind the activation.
 * @property {number} parameters
 * @property {number} weight_norm
 * @property {number|null} gradient     Norm, in the last batch before it.
 * @property {number|null} change       Norm since the checkpoint before ÷ the weights' norm.
 * @property {number|null} dead         Share of units.
 * @property {number[]} dead_units
 * @property {number|null} saturated    Share of values.
 * @property {Counts} weights
 * @property {Counts} activations
 *
 * @typedef {{step: number, layers: LayerLearning[]}} LayersLearning
 *
 * @typedef {{values: number[], accuracy: number[]}} RobustnessCurve
 * @typedef {{step: number, pictures: number, curves: Record<string, RobustnessCurve>}} Robustness
 */
export {};
