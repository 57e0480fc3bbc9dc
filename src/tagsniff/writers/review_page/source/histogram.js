/**
 * Bins of numbers and dates for the histogram of an element.
 *
 * For: the view of the values of an element.
 * Never: a histogram of values of which some are neither: it would hide them.
 */

/** @typedef {{from: number, to: number, files: number}} Bin */
/** @typedef {{bins: Bin[], isDate: boolean, least: number, most: number}} Histogram */

const BINS = 40;
const NUMBER = /^[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?$/;
const DATE = /^(\d{4})(\d{2})(\d{2})$/;
const DAY_MS = 86400000;

/**
 * Returns the number of a value: of a date the days since 1970; NaN if it is neither a number nor a date.
 *
 * @param {string} text
 * @param {boolean} isDate whether its VR is that of dates
 * @returns {number}
 */
export function readNumber(text, isDate) {
  if (isDate) {
    const found = DATE.exec(text.slice(0, 8));
    return found ? Date.UTC(+found[1], +found[2] - 1, +found[3]) / DAY_MS : NaN;
  }
  return NUMBER.test(text.trim()) ? Number(text) : NaN;
}

/** @param {number} number @param {boolean} isDate @returns {string} */
export function showEnd(number, isDate) {
  return isDate ? new Date(number * DAY_MS).toISOString().slice(0, 10) : String(Number(number.toPrecision(6)));
}

/**
 * Returns the histogram of values with the files of each; null if one of them is no number, or all are equal.
 *
 * @param {Iterable<[number, number]>} counted each number with its files
 * @param {boolean} isDate
 * @returns {Histogram | null}
 */
export function makeHistogram(counted, isDate) {
  const all = [...counted];
  let least = Infinity;
  let most = -Infinity;
  for (const [number] of all) {
    if (!Number.isFinite(number)) {
      return null;
    }
    least = Math.min(least, number);
    most = Math.max(most, number);
  }
  if (!(most > least)) {
    return null;
  }
  const isWhole = all.every(([number]) => Number.isInteger(number));
  const count = isWhole ? Math.min(BINS, most - least + 1) : BINS;
  const width = isWhole ? Math.ceil((most - least + 1) / count) : (most - least) / count;
  /** @type {Bin[]} */
  const bins = [];
  for (let at = 0; at < count && least + at * width <= most; at++) {
    bins.push({
      from: least + at * width,
      to: isWhole ? least + (at + 1) * width - 1 : least + (at + 1) * width,
      files: 0,
    });
  }
  for (const [number, files] of all) {
    bins[Math.min(bins.length - 1, Math.floor((number - least) / width))].files += files;
  }
  return { bins, isDate, least, most };
}
