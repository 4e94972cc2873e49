/**
 * The other side of a comparison: another picture through the present network, or another network that looks at the same
 * picture (of a drawing: the drawing as it was when the comparison began). It loads itself whenever what it stands for changes.
 *
 * @typedef {import('../../core/types.js').Store} Store
 * @typedef {import('../../core/types.js').Model} Model
 * @typedef {import('../../core/types.js').Photo} Photo
 * @typedef {import('../../core/types.js').Stage} Stage
 * @typedef {import('../../core/types.js').Layer} Layer
 * @typedef {import('../../views.js').ViewContext} ViewContext
 * @typedef {import('./sides.js').FeatureSide} FeatureSide
 * @typedef {{stage: Stage, layer: Layer}} Chosen
 */
import { isAbort } from '../../core/api.js';
import { matchingStage } from '../../core/maps/stage-layers.js';
import { statsOf } from '../../core/maps/stats.js';
import { isLarge } from '../../core/session.js';
import { createSeenPicture } from './seen-picture.js';

/** @param {Store} store @param {ViewContext} ctx @param {() => Chosen|null} present @param {() => void} onNews */
export function createOther(store, { api, t }, present, onNews) {
  const seen = createSeenPicture(onNews);
  const wish = { isOn: false, model: /** @type {string|null} */ (null), photo: /** @type {Photo|null} */ (null), stage: /** @type {string|null} */ (null), layer: /** @type {string|null} */ (null) };
  /** @type {{drawing: Uint8Array, preprocess: 'center'|'none'}|null} The drawing that is kept. */
  let kept = null;
  let control = new AbortController();
  /** @type {unknown[]} What the present load is for. */
  let asked = [];
  /** @type {{key: unknown[], model: Promise<Model>}|null} */
  let network = null;
  /** @type {{key: unknown[], id: Promise<string>}|null} */
  let pass = null;
  /** @type {FeatureSide|null} */
  let side = null;
  let problem = '';

  /** Is there another picture or another network? */
  const isChosen = () => wish.photo !== null || wish.model !== null || kept !== null;

  function follow() {
    const { model, weights, photo } = store.get();
    const chosen = present();
    if (!wish.isOn || !model || !chosen || !isChosen()) return;
    const key = [model, weights, wish.photo ?? photo, kept, wish.model, wish.stage, wish.layer, chosen.layer];
    if (key.every((part, i) => part === asked[i])) return;
    asked = key;
    control.abort();
    control = new AbortController();
    void load(model, chosen, wish.photo ?? photo, control.signal);
  }

  /** @param {Model} model @param {Chosen} chosen @param {Photo|null} photo @param {AbortSignal} signal */
  async function load(model, chosen, photo, signal) {
    try {
      const own = await networkOf(model);
      const place = own === model ? chosen : placeIn(own, model, chosen);
      const id = await passOf(own, photo);
      const tensor = await api.layer(id, place.layer.id, { signal });
      const input = isLarge(own) ? null : await api.layer(id, own.stages[0].output, { signal });
      if (signal.aborted) return;
      if (input) seen.showDrawing(own, input, store.get().theme);
      else seen.showPass(own, api.seenUrl(id));
      const name = isLarge(own) ? photo?.name || t('photo.unnamed') : t('features.compare.kept');
      side = { model: own, ...place, tensor, stats: statsOf(tensor), exact: true, fresh: true, seen: null, title: `${own.title} · ${name}` };
      problem = '';
    } catch (error) {
      if (signal.aborted || isAbort(error)) return;
      side = null;
      problem = error instanceof Error ? error.message : String(error);
    }
    onNews();
  }

  /** @param {Model} model @returns {Promise<Model>} */
  function networkOf(model) {
    if (wish.model === null || wish.model === model.id) return Promise.resolve(model);
    if (network?.key[0] !== wish.model) network = { key: [wish.model], model: api.model(wish.model, null) };
    return network.model;
  }

  /** @param {Model} own @param {Model} model @param {Chosen} chosen @returns {Chosen} */
  function placeIn(own, model, chosen) {
    const stage = own.stages.find(({ id }) => id === wish.stage) ?? matchingStage(own, model, chosen.stage);
    const layer = own.layers.find(({ id }) => id === (wish.layer ?? stage.output)) ?? own.layers[0];
    return { stage, layer };
  }

  /** @param {Model} own @param {Photo|null} photo */
  function passOf(own, photo) {
    const key = [own, photo, kept, store.get().weights];
    if (!pass?.key.every((part, i) => part === key[i])) {
      const made = kept && !isLarge(own) ? api.createPass(own.id, kept.drawing, { preprocess: kept.preprocess })
        : photo ? api.createPhotoPass(own.id, photo.blob, { name: photo.name }) : Promise.reject(new Error(t('photo.no_photo')));
      pass = { key, id: made.then(({ id }) => id) };
      pass.id.catch(() => { pass = null; asked = []; });
    }
    return pass.id;
  }

  return {
    follow, isChosen,
    isOn: () => wish.isOn,
    problem: () => problem,
    /** @returns {FeatureSide|null} */
    side: () => (wish.isOn && side && isChosen() ? { ...side, seen: seen.isReady() ? seen.canvas : null } : null),
    wish: () => wish,
    /** @param {boolean} on */
    turn(on) {
      const { model, drawing, preprocess } = store.get();
      Object.assign(wish, { isOn: on, model: null, photo: null, stage: null, layer: null });
      kept = on && model && !isLarge(model) ? { drawing: drawing.slice(), preprocess } : null;
      side = null;
      asked = [];
      problem = '';
      onNews();
    },
    /** @param {Partial<typeof wish>} change */
    choose(change) { Object.assign(wish, change); onNews(); },
    destroy: () => control.abort(),
  };
}
