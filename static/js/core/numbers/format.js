/** Numbers as people read them: three significant digits, the language's own decimal sign, a true minus. */

/** @type {Map<string, Intl.NumberFormat>} */
const formats = new Map();

/** @param {string} lang @param {Intl.NumberFormatOptions} options */
function formatter(lang, options) {
  const key = lang + JSON.stringify(options);
  let format = formats.get(key);
  if (!format) formats.set(key, format = new Intl.NumberFormat(lang, options));
  return format;
}

/** @param {string} text */
const minus = (text) => text.replace('-', '−');

/** Three significant digits: 0.123, 12.3, 1,230; 2.5e7 where they would be lost among zeros. @param {number} value @param {string} lang */
export function short(value, lang) {
  if (value !== 0 && Math.abs(value) < 0.0005) return minus(value.toExponential(1));
  if (Math.abs(value) >= 1e6 && Number.isFinite(value)) return minus(value.toExponential(2).replace(/\.?0*e\+/, 'e'));
  return minus(formatter(lang, { maximumSignificantDigits: 3, minimumSignificantDigits: 1 }).format(value));
}

/** Whole numbers with separators: 9,134. @param {number} value @param {string} lang */
export function count(value, lang) {
  return formatter(lang, { maximumFractionDigits: 0, useGrouping: true }).format(value);
}

/** A share 0…1 as per cent, never a false 0 or 100: <1 %, >99 %. @param {number} share @param {string} lang */
export function percent(share, lang) {
  const format = formatter(lang, { style: 'percent', maximumFractionDigits: 0 });
  if (share > 0 && share < 0.005) return `<${format.format(0.01)}`;
  if (share < 1 && share >= 0.995) return `>${format.format(0.99)}`;
  return format.format(share);
}

/** A share with two decimals, for an accuracy: 99.54 %. @param {number} share @param {string} lang */
export function accuracy(share, lang) {
  return formatter(lang, { style: 'percent', minimumFractionDigits: 2, maximumFractionDigits: 2 }).format(share);
}

/** A signed quantity on a slider: +2, −0.5, 0. @param {number} value @param {string} lang */
export function signed(value, lang) {
  return minus(formatter(lang, { maximumFractionDigits: 2, signDisplay: 'exceptZero' }).format(value));
}

/** 6 × 28 × 28. @param {readonly number[]} shape */
export function shape(shape) {
  return shape.join(' × ');
}

/** A size of a file: 1.2 MB, 553 MB. @param {number} size @param {string} lang */
export function bytes(size, lang) {
  const [unit, value] = size < 1e6 ? ['kilobyte', size / 1e3] : size < 1e9 ? ['megabyte', size / 1e6] : ['gigabyte', size / 1e9];
  return formatter(lang, { style: 'unit', unit, unitDisplay: 'short', maximumSignificantDigits: 3 }).format(value);
}

/** A wait, roughly: 12 sec, 3 min. @param {number} seconds @param {string} lang */
export function duration(seconds, lang) {
  const [unit, value] = seconds < 90 ? ['second', Math.ceil(seconds)] : ['minute', Math.round(seconds / 60)];
  return formatter(lang, { style: 'unit', unit, unitDisplay: 'short', maximumFractionDigits: 0 }).format(value);
}

/** An epoch as people say it: 0.85, 12. @param {number} epoch @param {string} lang */
export function epochText(epoch, lang) {
  return formatter(lang, { maximumFractionDigits: epoch < 10 ? 2 : 1 }).format(epoch);
}

/** A large count, shortened: 138 M, 1.24 M. @param {number} value @param {string} lang */
export function compact(value, lang) {
  return formatter(lang, { notation: 'compact', maximumSignificantDigits: 3 }).format(value);
}
