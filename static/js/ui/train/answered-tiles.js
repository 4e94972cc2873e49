/**
 * Pictures of the data set with what the network makes of them, as tiles: "4→9" and how sure it is. A click takes one as
 * the probe.
 *
 * @typedef {import('../../core/train/learning-types.js').Answered} Answered
 * @typedef {import('../../core/types.js').Store} Store
 * @typedef {import('../../views.js').ViewContext} ViewContext
 */
import { percent } from '../../core/numbers/format.js';
import { h } from '../dom.js';
import { takeProbe } from './to-probe.js';

/** @param {Store} store @param {ViewContext} ctx */
export function createAnsweredTiles(store, ctx) {
  const { t } = ctx;
  const element = h('ul', { class: 'answered' });

  /** @param {Answered} answered @param {string[]} classes @param {string} data  Id of the data set. */
  function tile(answered, classes, data) {
    const { index, href, label, predicted, probability } = answered;
    const { lang } = store.get();
    const [truth, said] = [classes[label] ?? String(label), classes[predicted] ?? String(predicted)];
    const isRight = label === predicted;
    const name = t(isRight ? 'analysis.tile.right' : 'analysis.tile.wrong', { index, truth, said, sure: percent(probability, lang) });
    const picture = h('img', { src: href, alt: name, loading: 'lazy', class: data === 'mnist' ? 'is-ink' : null });
    const button = h('button', { class: 'answered-tile', type: 'button', data: { tip: name }, on: { click: () => void takeProbe(store, ctx, answered, data) } },
      picture, h('span', { class: isRight ? 'answered-right' : 'answered-wrong', 'aria-hidden': 'true' }, isRight ? said : `${truth} → ${said}`), h('small', { 'aria-hidden': 'true' }, percent(probability, lang)));
    return h('li', {}, button);
  }

  return {
    element,
    /** @param {Answered[]} pictures @param {string[]} classes @param {string} data @param {boolean} [append] */
    show(pictures, classes, data, append = false) {
      const tiles = pictures.map((each) => tile(each, classes, data));
      if (append) element.append(...tiles);
      else element.replaceChildren(...tiles);
    },
  };
}
