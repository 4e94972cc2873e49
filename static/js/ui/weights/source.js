/**
 * One source of weights: what it is, under which licence, how it wants its pictures, and what can be done with it.
 *
 * @typedef {import('../../core/types.js').WeightsSource} WeightsSource
 * @typedef {import('../../core/types.js').Model} Model
 * @typedef {import('../../core/types.js').Translate} Translate
 * @typedef {import('../../views.js').ViewContext} ViewContext
 */
import { downloadKey } from '../../core/networks/downloads.js';
import { accuracy, bytes, percent } from '../../core/numbers/format.js';
import { mainAccuracy, normalisation, sourceWords } from '../../core/networks/weights-text.js';
import { h } from '../dom.js';
import { createWeightsProgress } from './progress.js';

const SHORT_HASH = 8;

/** The preprocessing in words. @param {import('../../core/types.js').InputInfo} input @param {Translate} t @param {string} lang */
function preprocessing(input, t, lang) {
  const { top, mean, std } = normalisation(input);
  const number = new Intl.NumberFormat(lang, { maximumSignificantDigits: 6 });
  const list = (/** @type {number[]} */ values) => values.map((value) => number.format(value)).join('; ');
  const [, height, width] = input.shape;
  const size = input.resize ? t('weights.input.crop', { resize: input.resize, interpolation: t(`weights.resample.${input.interpolation}`), height, width }) : `${height} × ${width}`;
  const plain = std.length === 1 && std[0] === 1;
  return `${input.channels}; ${size}; ${t(plain ? 'weights.input.minus' : 'weights.input.norm', { top, mean: list(mean), std: list(std) })}`;
}

/** The file's hash: the first digits, and all of them on demand. @param {string} sha256 @param {Translate} t */
function hash(sha256, t) {
  const isLong = sha256.length > SHORT_HASH;
  const code = h('code', {}, sha256.slice(0, SHORT_HASH), isLong && '…');
  if (!isLong) return code;
  const button = h('button', { class: 'hash', type: 'button', 'aria-expanded': 'false', title: t('weights.hash.all'), on: { click: () => {
    const open = button.getAttribute('aria-expanded') === 'true';
    button.setAttribute('aria-expanded', String(!open));
    code.textContent = open ? `${sha256.slice(0, SHORT_HASH)}…` : sha256;
  } } }, code);
  return button;
}

/** How much it gets right, and of what. @param {Record<string, number>} shares @param {Translate} t @param {string} lang */
function rightAnswers(shares, t, lang) {
  const main = mainAccuracy(shares);
  if (!main) return null;
  const [key, share] = [`weights.accuracy.${main.test}`, accuracy(main.share, lang)];
  const words = t(key, { share });
  return words === key ? share : words;
}

/** What was measured of the features, a line each; figures without words stand by their names. @param {Record<string, number>} features @param {Translate} t @param {string} lang */
function measured(features, t, lang) {
  return Object.entries(features).map(([name, value]) => {
    const [key, share] = [`weights.measured.${name}`, percent(value, lang)];
    const words = t(key, { share });
    return h('p', {}, words === key ? `${name}: ${share}` : words);
  });
}

/** @param {string} name @param {import('../dom.js').Child} value */
const fact = (name, value) => h('div', { class: 'fact' }, h('dt', {}, name), h('dd', {}, value));

/** How weights in use were trained, in the server's own words, which are English. @param {Model} model @param {WeightsSource} source @param {Translate} t */
function training({ weights }, source, t) {
  if (weights.source !== source.id) return [];
  const { data, recipe, seed } = weights;
  const english = (/** @type {string} */ words) => h('span', { lang: 'en' }, words);
  return [
    data && fact(t('weights.data'), english(data)),
    recipe && fact(t('weights.recipe'), english(recipe)),
    recipe && seed !== null && fact(t('weights.seed'), String(seed))];
}

/** @param {Model} model @param {WeightsSource} source @param {Translate} t @param {string} lang */
function facts(model, source, t, lang) {
  const licence = sourceWords(t, model.id, source, 'licence');
  const { homepage, input, sha256, download_bytes: toFetch, bytes: kept } = source;
  const size = kept ?? toFetch;
  const right = rightAnswers(source.accuracy, t, lang);
  const figures = measured(source.features, t, lang);
  return h('dl', { class: 'facts' },
    licence && fact(t('weights.licence'), homepage ? h('a', { href: homepage, target: '_blank', rel: 'noopener noreferrer' }, licence) : licence),
    size && fact(t('weights.size'), bytes(size, lang)),
    right && fact(t('weights.accuracy'), right),
    figures.length > 0 && fact(t('weights.measured'), h('div', {}, ...figures)),
    ...training(model, source, t),
    fact(t('weights.input'), preprocessing(input, t, lang)),
    sha256 && fact('SHA-256', hash(sha256, t)));
}

/** @param {string} words @param {() => void} click @param {boolean} [first] */
function action(words, click, first = false) {
  return h('button', { class: first ? 'button button-first' : 'button', type: 'button', on: { click } }, words);
}

/**
 * What can be done with a source: get it, use it, remove it.
 * @param {Model} model @param {WeightsSource} source @param {ViewContext} ctx @param {string} lang
 */
function createActions(model, source, { t, session }, lang) {
  const { downloads } = session;
  const [ready, inUse] = [source.status === 'ready', model.weights.source === source.id];
  const get = action(t(source.download_bytes ? 'weights.get_size' : 'weights.get', { size: bytes(source.download_bytes ?? 0, lang) }), () => void downloads.get(model.id, source.id), true);
  const element = h('div', { class: 'weights-actions' },
    inUse && h('span', { class: 'weights-state' }, t('weights.used')),
    ready && source.kind !== 'shipped' && source.kind !== 'trained' && action(t('weights.remove'), () => void downloads.remove(model.id, source.id)),
    ready && !inUse && action(t('weights.use'), () => void session.chooseWeights(source.id)),
    (source.status === 'downloadable' || source.status === 'downloading') && get);
  return { element, get };
}

/**
 * @param {Model} model
 * @param {WeightsSource} source
 * @param {ViewContext} ctx
 * @param {string} lang
 */
export function createWeightsSource(model, source, ctx, lang) {
  const { t, session } = ctx;
  const progress = createWeightsProgress(t, () => void session.downloads.cancel(model.id, source.id));
  const { element: actions, get } = createActions(model, source, ctx, lang);
  const getWords = get.textContent;
  const element = h('li', { class: 'weights-source' },
    h('div', { class: 'weights-head' }, h('h3', {}, sourceWords(t, model.id, source, 'title')), actions), progress.element,
    h('p', { class: 'weights-note' }, sourceWords(t, model.id, source, 'note') ?? t(source.classifier ? 'weights.whole' : 'weights.features')),
    facts(model, source, t, lang));

  /** @param {Record<string, import('../../core/types.js').Download>} all */
  function show(all) {
    const download = all[downloadKey(model.id, source.id)];
    const focused = document.activeElement !== null && element.contains(document.activeElement);
    progress.show(download, lang);
    const wasHidden = get.hidden;
    get.hidden = download !== undefined && download.problem === null;
    get.textContent = download?.problem ? t('weights.again') : getWords;
    if (focused && get.hidden && !wasHidden) progress.focus();
    if (focused && wasHidden && !get.hidden) get.focus();
  }

  return { element, show };
}
