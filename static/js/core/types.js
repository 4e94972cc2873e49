/**
 * The shapes that browser modules share, as JSDoc types; `app/schemas` is their source.
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
 * @property {string|null} [name]  The paper's ("conv1_1"), where the id is only a number.
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
 * @property {string|null} [name]
 * @property {string} output
 * @property {string[]} layers
 * @property {string[]} inputs
 * @property {number[]} shape
 * @property {number} units
 * @property {string|null} activation
 *
 * @typedef {object} InputInfo
 * @property {[number, number, number]} shape
 * @property {string} mode
 * @property {number[]} mean
 * @property {number[]} std
 * @property {string} preprocessing  'digit', 'plain' (drawings that are no digits) or 'photo'.
 * @property {string} channels       'L', 'RGB' or 'BGR'.
 * @property {number|null} resize
 * @property {string} interpolation
 *
 * @typedef {object} WeightsSource  One place that a network's weights come from.
 * @property {string} id
 * @property {'shipped'|'official'|'wheel'|'file'|'trained'} kind
 * @property {string} title
 * @property {'ready'|'downloadable'|'missing'|'downloading'} status
 * @property {string} licence
 * @property {string|null} homepage
 * @property {string|null} note
 * @property {boolean} classifier
 * @property {number|null} download_bytes
 * @property {number|null} bytes
 * @property {string|null} sha256
 * @property {InputInfo} input
 * @property {Record<string, number>} accuracy
 * @property {Record<string, number>} features  Measured figures of the features, each a share (0…1).
 * @property {string|null} job
 *
 * @typedef {object} Weights
 * @property {'ready'|'downloadable'|'missing'|'downloading'} status
 * @property {string|null} source   Id of the source in use; 'random' only when asked for.
 * @property {string|null} data
 * @property {string|null} recipe
 * @property {number|null} seed
 * @property {WeightsSource[]} sources
 * @property {number|null} bytes
 * @property {string|null} sha256
 * @property {Record<string, number>} accuracy
 * @property {Record<string, number>} features
 * @property {number|null} unsure_below
 *
 * @typedef {object} ModelSummary  A row of `GET /models`.
 * @property {string} id
 * @property {string} title
 * @property {string} family
 * @property {string} task
 * @property {string} about
 * @property {string} reference
 * @property {InputInfo} input
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
 * @typedef {{shape: number[], data: Float32Array, halves?: Uint16Array}} Tensor  A large layer as it travels has `halves`:
 *   16 bits a value (IEEE half precision). `data` is then decoded when it is first read: use `halves` where all layers are shown.
 * @typedef {Map<string, Tensor>} Kernels  Kernel tensors by layer id.
 * @typedef {{from: Unit, to: Unit, weight: number}} Edge
 * @typedef {{lo: number, hi: number, signed: boolean}} Range
 * @typedef {{sequential: Uint8Array, diverging: Uint8Array}} Palette  256 × RGB each.
 *
 * @typedef {{class: number, label: string, probability: number, logit: number}} ClassScore
 * @typedef {object} Prediction  Classes, best first.
 * @property {ClassScore[]} top
 * @property {boolean} unsure
 * @property {string|null} reason  'empty', 'low_probability', 'no_number'
 *
 * @typedef {object} PassInfo  A forward pass that the server keeps.
 * @property {string} id
 * @property {string} model
 * @property {{source: string, sha256: string}} weights
 * @property {Prediction[]} predictions  Empty where the weights have no classifier.
 * @property {LayerStats[]} layers
 * @property {PictureFrame|null} [picture]  Which part of the photograph the network sees.
 *
 * @typedef {object} PictureFrame  Edges of what is seen, in pixels of the upright photograph of width × height pixels.
 * @property {number} width
 * @property {number} height
 * @property {number} top
 * @property {number} left
 * @property {number} bottom
 * @property {number} right
 *
 * @typedef {object} Neighbours  Pictures that look alike to the network: `GET /passes/{id}/neighbours`.
 * @property {string} layer  The last hidden layer.
 * @property {'unset'|'unscanned'|'scanned'} folder  How the user's folder of pictures stands.
 * @property {number} compared
 * @property {Neighbour[]} neighbours  Nearest first.
 *
 * @typedef {object} Neighbour
 * @property {string} name  Of the file; empty where nobody gave one.
 * @property {number} distance  Euclidean.
 * @property {string} thumbnail
 * @property {string|null} pass_id  Of a picture that this server has seen.
 * @property {string|null} path  Of a picture of the user's folder: `GET /pictures/{path}`.
 *
 * @typedef {{id: string, shape: number[], min: number, max: number, mean: number, std: number, zero_fraction: number}} LayerStats
 *
 * @typedef {object} Photo  The picture that a photograph network looks at.
 * @property {Blob} blob
 * @property {string} url    Object URL of the blob, or an address on this server.
 * @property {string} name
 * @property {'gallery'|'file'|'camera'|'pass'} origin
 * @property {string|null} id  Of the gallery picture or the pass.
 *
 * @typedef {object} Arrival  What the page waits for after a photograph was chosen.
 * @property {'sending'|'waiting'|'layers'|'failed'} phase  waiting: the server is busy, we try again after `seconds`.
 * @property {number} done    Layers that have arrived.
 * @property {number} total
 * @property {number} [seconds]
 * @property {string} [problem]  In the server's words, once it failed; none where it cannot be reached.
 *
 * @typedef {object} GalleryPicture  A free picture that comes with the server.
 * @property {string} id
 * @property {string} title
 * @property {string} credit
 * @property {string} licence
 * @property {number} width
 * @property {number} height
 * @property {string} href
 * @property {string} thumbnail
 *
 * @typedef {object} Download  Weights on their way.
 * @property {JobState|null} job        Null until the server has accepted it.
 * @property {number|null} rate         Bytes a second.
 * @property {number|null} left         Seconds.
 * @property {string|null} problem      Why it ended without weights.
 *
 * @typedef {object} JobState
 * @property {string} id
 * @property {string} kind
 * @property {string|null} model
 * @property {string} title
 * @property {'queued'|'running'|'paused'|'done'|'failed'|'cancelled'} state
 * @property {{done: number, total: number|null, unit: string, message: string}} progress
 * @property {Record<string, number>} metrics
 * @property {Record<string, any>|null} result
 * @property {Record<string, any>|null} error
 * @property {string|null} [preview]  Address of a small picture of the present state; it changes with the picture.
 *
 * @typedef {object} Frame  What all layers hold for one input; tensors by layer id. An answer of the live socket, or
 *   a kept pass whose layers arrive one after the other (each arrival is a new Frame over the same Map).
 * @property {number} seq
 * @property {Prediction} prediction  Without classes (`top` is empty) where the weights have no classifier.
 * @property {Map<string, Tensor>} tensors
 * @property {string} [pass]  Id of the kept pass.
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
 * @property {string|null} weights  The chosen source of the present network's weights; null: the server's choice.
 * @property {number} exchanged  Counts how often the present network got other weights in place: it learns, or the timeline moved.
 * @property {Photo|null} photo     What a photograph network looks at.
 * @property {PassInfo|null} pass   The kept pass of the photograph through the present network.
 * @property {Arrival|null} arrival  How far that pass is; null when there is nothing to wait for.
 * @property {Photo[]} recent       The photographs of this visit, newest first.
 * @property {Record<string, Download>} downloads  By `model/source`.
 * @property {{unit: Unit, answer: any}|null} neuron  The server's arithmetic of the pinned unit (large networks: also of the one hovered at rest).
 * @property {Unit|null} hover
 * @property {Unit|null} pinned
 * @property {import('./unit/address.js').UnitAddress|null} unitPage  What the unit page's address names.
 * @property {'3d'|'flat'} projection
 * @property {'map'|'layer'|'fixed'} scale
 * @property {'weight'|'activation'|'product'} edgeColour
 * @property {boolean} outgoing
 * @property {boolean} trace
 * @property {Set<string>} hidden   Stage ids that the scene hides.
 * @property {string|null} drawer   The stage whose feature maps the drawer shows.
 * @property {import('./maximize/request.js').Choice} maximize  What the maximize view asks for, beside the pinned unit.
 * @property {import('./maximize/control.js').Kept[]} maximized  The maximizing inputs of this visit, newest first.
 * @property {string|null} training  Id of the shown training; null: the form for a new one.
 * @property {import('./train/types.js').Training|null} trainingData  The shown training as it is now (training-run.js).
 * @property {import('./train/types.js').TrainingMetrics|null} trainingMetrics  Its curves.
 * @property {import('./train/types.js').Training[]} trainings  All of them, newest first, without checkpoints.
 * @property {import('./train/types.js').TrainingRequest|null} trainingDraft  What the form holds; null: untouched.
 * @property {string} trainTab  What the train view shows of a training: 'curves' or one of analysis.
 * @property {number|null} moment   The chosen checkpoint's step; null: the newest weights.
 * @property {string|null} compared  Id of a second training beside the shown one.
 * @property {import('./points/choice.js').PointsChoice|null} playground  What the playground of 2-D points is set to; null until it is opened.
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
