/** What stands where the address names no unit: why, and where to go from here. */
import { whatInstead } from '../../core/unit/address.js';
import { h } from '../dom.js';
import { unitLink } from '../unit-links.js';

/** @param {import('../../core/types.js').Store} store @param {import('../../views.js').ViewContext} ctx */
export function createMissing(store, ctx) {
  const { t } = ctx;
  const title = h('h2', {}, t('unit.missing'));
  const [why, hint] = [h('p', {}), h('p', { class: 'unit-note' })];
  const links = h('ul', { class: 'unit-instead' });
  const element = h('section', { class: 'unit-missing', 'aria-label': t('unit.missing') }, title, why, hint, links);

  function update() {
    const state = store.get();
    const { unitPage } = state;
    if (!unitPage) return;
    const { what, links: found, most } = whatInstead(state, unitPage);
    why.textContent = t(`unit.missing.${what}`, { model: unitPage.model, layer: unitPage.layer, channel: unitPage.channel < 0 ? '?' : unitPage.channel, most });
    hint.textContent = t('unit.missing.instead');
    links.replaceChildren(...found.map(({ name, address }) => h('li', {}, unitLink(store, ctx, address, { class: 'link-button' }, name))));
  }

  return { element, update };
}
