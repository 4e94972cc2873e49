/** A training, and a server that knows it, as tests need them. */

/** @param {Record<string, unknown>} [patch] */
export function aTraining(patch = {}) {
  return /** @type {any} */ ({
    id: 't1', title: 'LeNet-5 on MNIST', href: '/api/v1/trainings/t1', job: 'j1', model: 'lenet5-t1', weights: 'live', state: 'running', error: null, created: '2026-11-21T10:00:00Z',
    request: { model: 'lenet5', dataset: { id: 'mnist' }, optimizer: { name: 'adamw', learning_rate: 0.004 }, batch: 100 }, parameters: 60850, classes: [], device: 'cpu', precision: 'float32',
    step: 10, steps: 100, steps_per_epoch: 50, epoch: 0.2, learning_rate: 0.004, loss: 2, accuracy: 0.3, test_loss: null, test_accuracy: null, best_test_accuracy: null,
    diverged: null, stopped_early: false, images_per_second: 1000, seconds: 1, seconds_left: 9, changes: [], update: null, suggested_rate: null, checkpoints: [], ...patch,
  });
}

/** @param {string} state @param {number} done @param {Record<string, unknown>} [metrics] */
export function aJob(state, done, metrics = {}) {
  return /** @type {any} */ ({ id: 'j1', kind: 'training', state, progress: { done, total: 100, unit: 'steps', message: '' }, metrics: { step: done, ...metrics }, error: null });
}

/**
 * Answers by `METHOD path`; a function is asked, an Error is thrown. What was asked is in `asked`.
 * @param {Record<string, unknown>} answers
 */
export function server(answers) {
  /** @type {[string, string, any][]} */
  const asked = [];
  const answer = async (/** @type {string} */ path, /** @type {any} */ init = {}) => {
    const method = init.method ?? 'GET';
    asked.push([method, path, init.body ? JSON.parse(init.body) : undefined]);
    const key = `${method} ${path.split('?')[0]}`;
    const found = /** @type {any} */ (answers)[key];
    const value = typeof found === 'function' ? found(init.body ? JSON.parse(init.body) : undefined, path) : found;
    if (value instanceof Error) throw value;
    return structuredClone(value);
  };
  const api = /** @type {any} */ ({ base: '/api/v1', json: answer, request: answer, job: (/** @type {string} */ id) => answer(`/jobs/${id}`), cancelJob: (/** @type {string} */ id) => answer(`/jobs/${id}`, { method: 'DELETE' }), models: () => answer('/models') });
  return { api, asked };
}

/** Until everything that was begun has come to rest. */
export async function settled(turns = 20) {
  for (let i = 0; i < turns; i++) await new Promise((go) => { setTimeout(go, 0); });
}
