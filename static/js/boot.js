// Before the first paint: the theme and the language that the reader chose last, else those of the browser.
(() => {
  const root = document.documentElement;
  const saved = (/** @type {string} */ key) => {
    try { return localStorage.getItem(key); } catch { return null; }
  };
  const dark = matchMedia('(prefers-color-scheme: dark)').matches;
  root.dataset.theme = saved('convscope.theme') ?? (dark ? 'dark' : 'light');
  const wanted = [saved('convscope.lang') ?? '', ...navigator.languages].map((tag) => tag.slice(0, 2));
  root.lang = wanted.find((id) => ['en', 'hu', 'pl'].includes(id)) ?? 'en';
})();
