/** Theme, language and motion: what the reader chose last, else what the system prefers. boot.js has applied them already. */

/** @param {'theme'|'lang'} key @param {string} value */
export function remember(key, value) {
  try {
    localStorage.setItem(`convscope.${key}`, value);
  } catch {
    // Private windows may refuse; the choice then lasts until the page is closed.
  }
}

/** @param {string} key */
function remembered(key) {
  try {
    return localStorage.getItem(`convscope.${key}`);
  } catch {
    return null;
  }
}

/** Fills the store from the page and keeps both in step. @param {import('../../core/types.js').Store} store */
export function followPreferences(store) {
  const root = document.documentElement;
  const dark = matchMedia('(prefers-color-scheme: dark)');
  const calm = matchMedia('(prefers-reduced-motion: reduce)');
  store.set({ theme: root.dataset.theme === 'dark' ? 'dark' : 'light', lang: root.lang, reducedMotion: calm.matches });
  store.on(['theme'], ({ theme }) => { root.dataset.theme = theme; });
  calm.addEventListener('change', () => store.set({ reducedMotion: calm.matches }));
  dark.addEventListener('change', () => {
    if (!remembered('theme')) store.set({ theme: dark.matches ? 'dark' : 'light' });
  });
}
