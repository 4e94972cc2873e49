/**
 * Words of the page from one catalogue a language: flat JSON, `"pad.clear": "Clear"`, with `{name}` placeholders.
 *
 * @typedef {Record<string, string>} Catalogue
 * @typedef {import('./types.js').Translate} Translate
 */

export const LANGUAGES = Object.freeze([
  { id: 'en', name: 'English' },
  { id: 'hu', name: 'Magyar' },
  { id: 'pl', name: 'Polski' },
]);

/**
 * The language to use: the wanted one if we have it, else the first of the browser's that we have, else English.
 * @param {string|null} wanted
 * @param {readonly string[]} preferred
 */
export function pickLanguage(wanted, preferred) {
  const known = LANGUAGES.map((language) => language.id);
  return [wanted ?? '', ...preferred].map((tag) => tag.slice(0, 2).toLowerCase()).find((id) => known.includes(id)) ?? 'en';
}

/**
 * A translator over `catalogue`, with `fallback` for what it lacks; an unknown key shows itself.
 * @param {Catalogue} catalogue
 * @param {Catalogue} [fallback]
 * @returns {Translate}
 */
export function createTranslator(catalogue, fallback = {}) {
  return (key, params = {}) => {
    const text = catalogue[key] ?? fallback[key] ?? key;
    return text.replace(/\{(\w+)\}/g, (whole, name) => (name in params ? String(params[name]) : whole));
  };
}

/**
 * The translator of a language, its catalogue fetched from `base`.
 * @param {string} lang
 * @param {string} base  URL of the folder of catalogues, without the last slash.
 * @param {typeof fetch} [get]
 * @returns {Promise<Translate>}
 */
export async function loadTranslator(lang, base, get = fetch) {
  const ids = lang === 'en' ? ['en'] : [lang, 'en'];
  const [own, english] = await Promise.all(ids.map((id) => loadCatalogue(id, base, get)));
  return createTranslator(own, english);
}

/** @param {string} lang @param {string} base @param {typeof fetch} get @returns {Promise<Catalogue>} */
async function loadCatalogue(lang, base, get) {
  const response = await get(`${base}/${lang}.json`);
  return response.ok ? response.json() : {};
}
