/**
 * Trainings as the API speaks of them; `app/schemas/training.py` and `design.py` are the source.
 *
 * @typedef {'queued'|'running'|'paused'|'done'|'failed'|'cancelled'|'interrupted'} TrainingState
 *
 * @typedef {object} DataChoice
 * @property {string} id  'mnist', 'fashion-mnist', 'cifar10', 'folder' or 'points'.
 * @property {number} [share]
 * @property {number} [shuffled]
 * @property {number|null} [size]
 * @property {string} [points]
 * @property {number} [count]
 * @property {number} [noise]
 * @property {number} [test_share]
 *
 * @typedef {object} OptimizerChoice
 * @property {string} name
 * @property {number} learning_rate
 * @property {number} [momentum]
 * @property {[number, number]} [betas]
 * @property {number} [decay]
 * @property {number|null} [clip]
 *
 * @typedef {object} ScheduleChoice
 * @property {'constant'|'step'|'cosine'|'one_cycle'|'range'} name
 * @property {number} [warmup]
 * @property {number} [factor]
 * @property {number} [epochs]
 * @property {number} [lowest]
 * @property {number} [highest]
 *
 * @typedef {object} AugmentationChoice
 * @property {number} [shift]
 * @property {number} [rotation]
 * @property {number} [shear]
 * @property {number} [scale]
 * @property {number} [brightness]
 * @property {number} [noise]
 * @property {number} [elastic]
 * @property {number} [stroke]
 * @property {boolean} [flip]
 *
 * @typedef {Record<string, any> & {type: string}} DesignLayer
 * @typedef {{name: string, layers: DesignLayer[]}} Design
 * @typedef {{id: string, title: string, about: string, datasets: string[], design: Design}} DesignPreset
 *
 * @typedef {object} TrainingRequest  What is left out, or null, comes from the default recipe.
 * @property {string|null} [model]
 * @property {Design|null} [design]
 * @property {string|null} [title]
 * @property {DataChoice} [dataset]
 * @property {Partial<OptimizerChoice>|null} [optimizer]
 * @property {ScheduleChoice|null} [schedule]
 * @property {AugmentationChoice|null} [augmentation]
 * @property {number|null} [epochs]
 * @property {number|null} [batch]
 * @property {number|null} [dropout]
 * @property {number|null} [label_smoothing]
 * @property {number|null} [ema_decay]
 * @property {string} [initialisation]
 * @property {{patience: number}|null} [stopping]
 * @property {'auto'|'float32'|'bfloat16'} [precision]
 * @property {number} [seed]
 * @property {number|null} [speed]
 * @property {boolean} [paused]
 *
 * @typedef {object} TrainingChange
 * @property {'paused'|'running'} [state]
 * @property {'step'|'epoch'} [advance]
 * @property {number} [learning_rate]
 * @property {number} [decay]
 * @property {number} [momentum]
 * @property {number} [epochs]
 * @property {number} [speed]
 * @property {string} [title]
 *
 * @typedef {{field: string, detail: string}} TrainingProblem
 * @typedef {{index: number, id: string, type: string, output_shape: number[], parameters: number, macs: number}} DesignLayerInfo
 *
 * @typedef {object} TrainingCheck
 * @property {TrainingRequest} request  With every default filled in.
 * @property {TrainingProblem[]} problems
 * @property {number|null} parameters
 * @property {number|null} macs
 * @property {DesignLayerInfo[]} layers
 * @property {number|null} pictures
 * @property {number|null} steps
 * @property {number|null} steps_per_epoch
 * @property {number|null} bytes
 *
 * @typedef {{id: string, href: string, training: string, model: string|null}} TrainingAccepted  id, href: the job's.
 *
 * @typedef {object} CheckpointInfo
 * @property {number} step
 * @property {number} epoch
 * @property {string} href
 * @property {string} weights  The source to name in calls: 'step-400'.
 * @property {number} bytes
 * @property {number|null} loss
 * @property {number|null} [test_loss]
 * @property {number|null} [test_accuracy]
 *
 * @typedef {object} Update  One application of the perceptron's rule.
 * @property {number} step
 * @property {number} index
 * @property {number[]} x
 * @property {number} target
 * @property {number} sum
 * @property {number} output
 * @property {number} learning_rate
 * @property {number[]} before
 * @property {number} bias_before
 * @property {number[]} after
 * @property {number} bias_after
 *
 * @typedef {object} Training
 * @property {string} id
 * @property {string} title
 * @property {string} href
 * @property {string|null} job
 * @property {string|null} model
 * @property {string|null} weights
 * @property {TrainingState} state
 * @property {string|null} error
 * @property {string} created
 * @property {TrainingRequest} request
 * @property {number} parameters
 * @property {string[]} classes
 * @property {string|null} device
 * @property {string|null} precision
 * @property {number|null} [live]  Counts the newest weights that were written, while it runs.
 * @property {number} step
 * @property {number} steps
 * @property {number} steps_per_epoch
 * @property {number} epoch
 * @property {number|null} learning_rate
 * @property {number|null} loss
 * @property {number|null} accuracy
 * @property {number|null} test_loss
 * @property {number|null} test_accuracy
 * @property {number|null} best_test_accuracy
 * @property {number|null} diverged
 * @property {boolean} stopped_early
 * @property {number|null} images_per_second
 * @property {number} seconds
 * @property {number|null} seconds_left
 * @property {{done: number, total: number|null}|null} [loading]  The pictures that are read before its first step.
 * @property {{step: number, name: string, value: number}[]} changes
 * @property {Update|null} update
 * @property {number|null} suggested_rate
 * @property {CheckpointInfo[]} checkpoints  Empty in a row of the list.
 *
 * @typedef {{steps: number[], columns: Record<string, (number|null)[]>}} TrainingMetrics  Columns as long as `steps`.
 *
 * @typedef {object} DatasetInfo
 * @property {string} id
 * @property {string} title
 * @property {string} about
 * @property {string} source
 * @property {string} licence
 * @property {number[]} shape
 * @property {string[]} classes
 * @property {number} train
 * @property {number} test
 * @property {string[]} models
 * @property {string|null} missing  How to get one that is not on this machine.
 */
export {};
