/** Formulas as MathML, which browsers set properly and screen readers read. */

const MATHML = 'http://www.w3.org/1998/Math/MathML';

/** @typedef {Node|string|number} Part */

/** @param {string} tag @param {Part[]} children @returns {Element} */
function node(tag, ...children) {
  const element = document.createElementNS(MATHML, tag);
  element.append(...children.map((child) => (child instanceof Node ? child : String(child))));
  return element;
}

/** An identifier: z, or an upright name such as tanh. @param {string} name */
export const mi = (name) => node('mi', name);
/** A number. @param {Part} value */
export const mn = (value) => node('mn', value);
/** An operator: =, +, (. @param {string} sign */
export const mo = (sign) => node('mo', sign);
/** A row. @param {...Part} parts */
export const row = (...parts) => node('mrow', ...parts);
/** With an index below. @param {string} name @param {string} index */
export const sub = (name, index) => node('msub', mi(name), mi(index));
/** A name with primes: z′. @param {string} name @param {number} primes */
export const primed = (name, primes) => (primes === 0 ? mi(name) : node('msup', mi(name), mo('′'.repeat(primes))));
/** A fraction. @param {Part} over @param {Part} under */
export const fraction = (over, under) => node('mfrac', wrap(over), wrap(under));
/** @param {Part} part */
const wrap = (part) => (part instanceof Node ? part : mn(part));

/** Numbers written with a point, with the language's decimal sign. @param {string} text @param {string} lang */
function decimals(text, lang) {
  return text.replaceAll('.', new Intl.NumberFormat(lang).format(0.5).charAt(1));
}

/** A number with its sign, as text or behind an equals sign. @param {string} text */
export function signedNumber(text) {
  return text.startsWith('−') ? row(prefix('−'), mn(text.slice(1))) : mn(text);
}

/** A minus that belongs to its number. @param {string} sign */
function prefix(sign) {
  const minus = mo(sign);
  minus.setAttribute('form', 'prefix');
  return minus;
}

/** A summand: in brackets if it is negative. @param {string} text */
export function term(text) {
  return text.startsWith('−') ? row(mo('('), prefix('−'), mn(text.slice(1)), mo(')')) : mn(text);
}

/** A whole formula, set as on a line of its own. @param {...Part} parts @returns {Element} */
export function formula(...parts) {
  const math = node('math', ...parts);
  math.setAttribute('displaystyle', 'true');
  return math;
}

/** Σ from i = 1 to `count`. @param {number} count */
export function sigma(count) {
  const sum = mo('∑');
  sum.setAttribute('movablelimits', 'false');
  return node('munderover', sum, row(mi('i'), mo('='), mn(1)), mn(count));
}

/** The probability of a class: p = eᵃ ÷ Σ eᵃ over all classes. @param {number} probability @param {string} lang */
export function softmaxFormula(probability, lang) {
  const power = (/** @type {Node} */ exponent) => node('msup', mi('e'), exponent);
  const sum = node('munder', mo('∑'), mi('j'));
  return formula(mi('p'), mo('='), node('mfrac', power(mi('a')), row(sum, power(sub('a', 'j')))), mo('≈'), mn(new Intl.NumberFormat(lang, { maximumFractionDigits: 6 }).format(probability)));
}

/**
 * Batch normalization with its numbers, from the server's text `γ·(x − μ)/√(σ² + ε) + β`; null for another text.
 * @param {string} text @param {Node} x @param {string} lang
 */
export function batchNormFormula(text, x, lang) {
  const found = /^(.+)·\(x ([+−]) (.+)\)\/√\((.+) \+ (.+)\) ([+−]) (.+)$/.exec(decimals(text, lang));
  if (!found) return null;
  const [, scale, sign, mean, variance, , shiftSign, shift] = found;
  const deviation = node('msqrt', mn(variance));
  return row(signedNumber(scale), mo('·'), node('mfrac', row(x, mo(sign), mn(mean)), deviation), mo(shiftSign), mn(shift));
}

/**
 * An activation function applied to `x`, by its layer type; null if this page has no formula for it.
 * @param {string} type @param {Node} x @param {string} lang
 */
export function activationFormula(type, x, lang) {
  if (type === 'ReLU') return row(mi('max'), mo('('), mn(0), mo(','), x, mo(')'));
  if (type === 'ReLU6') return row(mi('min'), mo('('), mn(6), mo(','), mi('max'), mo('('), mn(0), mo(','), x, mo(')'), mo(')'));
  if (type === 'Tanh') return row(mi('tanh'), mo('('), x, mo(')'));
  if (type === 'ScaledTanh') return row(mn(decimals('1.7159', lang)), mi('tanh'), mo('('), fraction(2, 3), x, mo(')'));
  if (type === 'SiLU') return fraction(x.cloneNode(true), row(mn(1), mo('+'), node('msup', mi('e'), row(mo('−'), x))));
  if (type === 'Sigmoid') return fraction(1, row(mn(1), mo('+'), node('msup', mi('e'), row(mo('−'), x))));
  return null;
}

/**
 * Local response normalization with its numbers, from the server's text `x/(k + α/n·Σx²)^β, Σx² = E over channels a–b`;
 * null for another text.
 * @param {string} text @param {Node} x @param {string} lang
 */
export function responseNormFormula(text, x, lang) {
  const found = responseNorm(text);
  if (!found) return null;
  const [k, alpha, size, beta, energy] = [found.k, found.alpha, found.size, found.beta, found.energy].map((part) => decimals(part, lang));
  const base = row(mo('('), mn(k), mo('+'), fraction(alpha, size), mo('·'), mn(energy), mo(')'));
  return node('mfrac', x, node('msup', base, mn(beta)));
}

/** The parts of that text; `first` to `last` are the channels whose squares are added. @param {string} text */
export function responseNorm(text) {
  const found = /^x\/\((\S+) \+ (\S+)\/(\d+)·Σx²\)\^(\S+), Σx² = (\S+) over channels (\d+)–(\d+)$/.exec(text);
  if (!found) return null;
  const [, k, alpha, size, beta, energy, first, last] = found;
  return { k, alpha, size, beta, energy, first: Number(first), last: Number(last) };
}
