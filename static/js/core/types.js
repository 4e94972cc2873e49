/**
 * The shapes that browser modules share, as JSDoc types; `app/schemas.py` is their source.
 * Import one with `@typedef {import('./types.js').Unit} Unit`.
 *
 * @typedef {'input'|'weighted'|'pool'|'merge'|'elementwise'|'reshape'} Role
 *
 * @typedef {object} ReceptiveField  Theoretical field on the input, each as [vertical, horizontal].
 * @property {[number, number]} size
 * @property {[number, number]} jump
 * @property {[number, number]} start
 *
 * @typedef {object} Layer  One node of the real graph; what does not apply is null.
 * @property {string} id
 * @property {string} type
 * @property {Role} role
 * @property {string[]} inputs
 * @property {number[]} output_shape
 * @property {number} parameters
 * @property {number} macs
 * @property {[number, number]|null} kernel_size
 * @property {[number, number]|null} stride
 * @property {[number, number]|null} padding
 * @property {[number, number]|null} dilation
 * @property {number|null} groups
 * @property {number[][]|null} connections  For a sparse table: the inputs of each output channel.
 * @property {ReceptiveField} receptive_field
 * @property {string} stage
 *
 * @typedef {object} Stage  What a viewer draws as one layer; `output` is the layer whose values it shows.
 * @property {string} id
 * @property {string} output
 * @property {string[]} layers
 * @property {string[]} inputs
 * @property {number[]} shape
 * @property {number} units
 * @property {string|null} activation
 *
 * @typedef {object} Weights
 * @property {'ready'|'downloadable'|'missing'|'downloading'} status
 * @property {string|null} source
 * @property {number|null} bytes
 * @property {string|null} sha256
 * @property {Record<string, number>} accuracy
 * @property {number|null} unsure_below
 *
 * @typedef {object} ModelSummary  A row of `GET /models`.
 * @property {string} id
 * @property {string} title
 * @property {string} family
 * @property {string} task
 * @property {string} about
 * @property {string} reference
 * @property {{shape: [number, number, number], mode: string, mean: number[], std: number[], preprocessing: string}} input
 * @property {string[]} classes
 * @property {number} parameters
 * @property {number} macs
 * @property {Weights} weights
 *
 * @typedef {ModelSummary & {layers: Layer[], stages: Stage[]}} Model  `GET /models/{model}`.
 *
 * @typedef {object} Unit  One unit. Dense: y = x = 0. `stage` is a stage id; the API wants `stage.output`.
 * @property {string} stage
 * @property {number} channel
 * @property {number} y
 * @property {number} x
 *
 * @typedef {{shape: number[], data: Float32Array}} Tensor
 * @typedef {Map<string, Tensor>} Kernels  Kernel tensors by layer id.
 * @typedef {{from: Unit, to: Unit, weight: number}} Edge
 * @typedef {{lo: number, hi: number, signed: boolean}} Range
 * @typedef {{sequential: Uint8Array, diverging: Uint8Array}} Palette  256 × RGB each.
 *
 * @typedef {{class: number, label: string, probability: number, logit: number}} ClassScore
 * @typedef {object} Prediction  Classes, best first.
 * @property {ClassScore[]} top
 * @property {boolean} unsure
 * @property {string|null} reason  'empty', 'low_probability' …
 *
 * @typedef {object} Frame  One answer of the live socket; tensors by layer id.
 * @property {number} seq
 * @property {Prediction} prediction
 * @property {Map<string, Tensor>} tensors
 *
 * @typedef {{id: string, title: string, kind: 'sequential'|'diverging', theme: 'light'|'dark', lut: string}} ColorMap
 * @typedef {{index: number, label: number, height: number, width: number, pixels: string}} Sample
 *
 * @typedef {object} Transform  Applied to the drawing before it is sent. Pixels, degrees, factors.
 * @property {number} dx
 * @property {number} dy
 * @property {number} rotate
 * @property {number} scale
 * @property {number} noise
 * @property {number} stroke
 *
 * @typedef {object} State
 * @property {ModelSummary[]} models
 * @property {Model|null} model
 * @property {Kernels|null} kernels
 * @property {Frame|null} frame
 * @property {Uint8Array} ink      28×28, white ink on black: the pad, before the transformations.
 * @property {Uint8Array} drawing  28×28: what is sent to the server (the ink, transformed).
 * @property {Transform} transform
 * @property {'center'|'none'} preprocess
 * @property {Unit|null} hover
 * @property {Unit|null} pinned
 * @property {'3d'|'flat'} projection
 * @property {'map'|'layer'|'fixed'} scale
 * @property {'weight'|'activation'|'product'} edgeColour
 * @property {boolean} outgoing
 * @property {boolean} trace
 * @property {Set<string>} hidden   Stage ids that the scene hides.
 * @property {string|null} drawer   The stage whose feature maps the drawer shows.
 * @property {'light'|'dark'} theme
 * @property {string} lang
 * @property {Palette|null} palette
 * @property {boolean} reducedMotion
 * @property {'connecting'|'open'|'closed'} connection
 *
 * @typedef {object} Store
 * @property {() => State} get
 * @property {(patch: Partial<State>) => void} set
 * @property {(keys: (keyof State)[], fn: (state: State, changed: Set<string>) => void) => () => void} on
 *
 * @typedef {(key: string, params?: Record<string, string|number>) => string} Translate
 * @typedef {{api: import('./api.js').Api, t: Translate}} Context  What every widget gets beside the store.
 * @typedef {{element: HTMLElement, destroy: () => void}} Widget
 */
export {};
