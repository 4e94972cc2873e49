/**
 * The network of the shown training becomes the present one: the probe, the other views and the header speak of it.
 *
 * @typedef {import('../types.js').Store} Store
 */

/** @param {Store} store @param {{api: import('../api.js').Api, session: Pick<import('../session.js').Session, 'choose'>}} parts */
export function followPresent(store, { api, session }) {
  /** Networks that were asked for: the reader may choose another one meanwhile. @type {string|null} */
  let asked = null;

  async function show() {
    const model = store.get().trainingData?.model ?? null;
    if (model === null || model === asked || store.get().model === null) return;
    asked = model;
    if (store.get().model?.id === model) return;
    if (!store.get().models.some(({ id }) => id === model)) {
      const models = await api.models().catch(() => null);
      if (models) store.set({ models });
    }
    if (asked === model && store.get().trainingData?.model === model) await session.choose(model);
  }

  const stop = store.on(['trainingData', 'model'], () => void show());
  void show();
  return { destroy: stop };
}

/** Goes to a view with the network of the shown training, whatever is the present one. @param {Store} store @param {Pick<import('../../views.js').ViewContext, 'open'|'session'>} ctx @param {string} view */
export function openTrained(store, { open, session }, view) {
  const model = store.get().trainingData?.model ?? null;
  open(view);
  if (model !== null && store.get().model?.id !== model) void session.choose(model);
}
