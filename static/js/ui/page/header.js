/** The page's header: wordmark, network, views, share, language, theme, keys. */
import { LANGUAGES } from '../../core/i18n.js';
import { createChooser } from './chooser.js';
import { iconButton } from '../controls.js';
import { h } from '../dom.js';
import { icon } from '../icons.js';
import { withPopover } from '../popover.js';
import { fadeScrollEdges } from '../scroll-edges.js';

/**
 * @typedef {{id: string, title: string}} Tab
 * @typedef {object} Actions
 * @property {(id: string) => void} chooseModel
 * @property {() => void} openWeights
 * @property {() => void} listTrainings
 * @property {(id: string) => void} chooseView
 * @property {(lang: string) => void} chooseLanguage
 * @property {(theme: 'light'|'dark') => void} chooseTheme
 * @property {(close: () => void) => Node[]} shareItems
 * @property {() => void} help
 */

/** @param {import('../../core/types.js').Translate} t */
function wordmark(t) {
  return h('h1', { class: 'wordmark-title' }, h('a', { class: 'wordmark', href: '/', 'aria-label': t('header.home') },
    h('img', { src: '/static/favicon.svg', alt: '', width: 24, height: 24 }), h('span', {}, 'ConvScope')));
}

/** @param {Tab[]} tabs @param {string} present @param {import('../../core/types.js').Translate} t @param {(id: string) => void} choose */
function viewTabs(tabs, present, t, choose) {
  const links = tabs.map(({ id, title }) => h('a', {
    class: 'tab', href: `#v=${id}`, 'aria-current': id === present ? 'page' : null,
    on: { click: (event) => { event.preventDefault(); choose(id); } },
  }, title));
  const nav = h('nav', { class: 'tabs', 'aria-label': t('header.views') }, ...links);
  fadeScrollEdges(nav);
  return nav;
}

/** @param {string} present @param {import('../../core/types.js').Translate} t @param {(lang: string) => void} choose */
function languageSelect(present, t, choose) {
  const input = h('select', { class: 'select language', 'aria-label': t('header.language'), title: t('header.language'), on: { change: () => choose(input.value) } },
    ...LANGUAGES.map(({ id, name }) => h('option', { value: id, selected: id === present, title: name }, id.toUpperCase())));
  return input;
}

/**
 * @param {import('../../core/types.js').Store} store
 * @param {import('../../core/types.js').Translate} t
 * @param {{tabs: Tab[], view: string}} views
 * @param {Actions} actions
 */
export function createHeader(store, t, { tabs, view }, actions) {
  const { lang } = store.get();
  const chooser = createChooser(store, t, { choose: actions.chooseModel, openWeights: actions.openWeights, listTrainings: actions.listTrainings });
  const share = withPopover(
    h('button', { class: 'tool tool-text', type: 'button', 'aria-label': t('share.button'), title: t('share.button') }, icon('share'), h('span', {}, t('share.button'))),
    () => actions.shareItems(() => share.close()), { class: 'menu', label: t('share.button') });
  const theme = iconButton('moon', t('header.theme'), () => actions.chooseTheme(store.get().theme === 'dark' ? 'light' : 'dark'));

  const showTheme = () => {
    const dark = store.get().theme === 'dark';
    theme.replaceChildren(icon(dark ? 'sun' : 'moon'));
    theme.setAttribute('aria-label', t(dark ? 'header.to_light' : 'header.to_dark'));
    theme.title = t(dark ? 'header.to_light' : 'header.to_dark');
  };
  const stop = store.on(['theme'], showTheme);
  showTheme();

  const element = h('div', { class: 'header-row' },
    wordmark(t), chooser.element, viewTabs(tabs, view, t, actions.chooseView),
    h('div', { class: 'header-tools' }, share.element, languageSelect(lang, t, actions.chooseLanguage), theme,
      iconButton('help', t('header.keys'), actions.help, { 'aria-keyshortcuts': '?' })));
  return { element, destroy() { chooser.destroy(); stop(); } };
}
