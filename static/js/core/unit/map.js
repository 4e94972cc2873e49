/**
 * The map of one channel on the present input: what the page has of it at once, the exact values as soon as they are here.
 *
 * @typedef {import('../types.js').Store} Store
 * @typedef {import('../types.js').Range} Range
 * @typedef {import('../types.js').State} State
 * @typedef {import('./address.js').Subject} Subject
 * @typedef {{data: Float32Array, exact: boolean, fresh: boolean}} UnitMap  data: height × width values.
 */
import { channelOf } from '../maps/channel.js';
import { rangeOf, stageRange } from '../numbers/colormap.js';
import { createLayerFollower } from '../maps/layer-follow.js';
import { lastOf } from '../memo.js';

/**
 * What the colours of a unit's map stand for, on the page's scale.
 * @param {Subject} subject @param {Float32Array} data @param {Pick<State, 'frame'|'scale'>} state @returns {Range}
 */
export function mapRange({ model, stage, layer, shape: [, height, width] }, data, { frame, scale }) {
  const alone = { shape: [1, height, width], data };
  if (layer.id !== stage.output) return rangeOf(alone, null, scale === 'fixed' ? 'fixed' : 'layer');
  const whole = frame?.tensors.get(layer.id);
  if (scale === 'map' || !whole) return stageRange(model, stage, alone, null, 'layer');
  return stageRange(model, stage, whole, null, scale);
}

/** @param {Store} store @param {Pick<import('../session.js').Session, 'layer'>} session @param {() => void} onChange @param {(error: unknown) => void} onError */
export function createUnitMap(store, session, onChange, onError) {
  /** @type {{key: string, values: ReturnType<typeof createLayerFollower>}|null} */
  let follower = null;
  const cut = lastOf(channelOf);

  /** A follower asks for a layer; this one for a channel of it. @param {Subject} subject */
  function followerOf({ layer, channel }) {
    const key = `${layer.id} ${channel}`;
    if (follower?.key !== key) {
      follower?.values.destroy();
      const ask = (/** @type {string} */ id, /** @type {{signal?: AbortSignal}} */ options = {}) => session.layer(id, { ...options, channels: String(channel) });
      follower = { key, values: createLayerFollower(store, { layer: ask }, onChange, onError) };
    }
    return follower.values;
  }

  return {
    /** @param {Subject} subject @returns {UnitMap|null}  Null while nothing is known. */
    valuesOf(subject) {
      const found = followerOf(subject).valuesOf(subject.layer.id);
      return found && { data: cut(found.tensor, subject.channel, subject.shape[0]), exact: found.exact, fresh: found.fresh };
    },
    destroy: () => follower?.values.destroy(),
  };
}
