/**
 * Texts as a person sees them: folded for the search, with controls as escapes, numbers with their thousands apart.
 *
 * For: the search and the views.
 * Never: change a text that goes into the sheet.
 */

/**
 * Returns a text for a search in any letter case. It has as many UTF-16 code units as the text itself.
 *
 * @param {string} text
 * @returns {string}
 */
export function fold(text) {
  // U+0130 is the only letter whose small form is longer; a final sigma is a sigma.
  return text.replaceAll("\u0130", "I").toLowerCase().replaceAll("\u03c2", "\u03c3");
}

// What Python does not print: controls, formats, surrogates, what has no meaning, and spaces other than U+0020.
const UNSEEN = /[\p{C}\p{Zl}\p{Zp}]|(?! )\p{Zs}/gu;
const UNSEEN_ONCE = /[\p{C}\p{Zl}\p{Zp}]|(?! )\p{Zs}/u;

/** @param {string} text @returns {boolean} whether a text has characters that are not seen */
export function hasUnseen(text) {
  return UNSEEN_ONCE.test(text);
}

/** @param {string} letter @returns {string} the escape of a character, as in all reports: \xNN, \uNNNN or \UNNNNNNNN */
export function escapeLetter(letter) {
  let number = letter.codePointAt(0) ?? 0;
  if (number >= 0xdc80 && number <= 0xdcff) {
    number -= 0xdc00;
  }
  if (number < 0x100) {
    return `\\x${number.toString(16).padStart(2, "0")}`;
  }
  return number < 0x10000 ? `\\u${number.toString(16).padStart(4, "0")}` : `\\U${number.toString(16).padStart(8, "0")}`;
}

/** @param {string} text @returns {string} the text with escapes for what is not seen */
export function escapeUnseen(text) {
  return hasUnseen(text) ? text.replace(UNSEEN, escapeLetter) : text;
}

/**
 * Splits a text into what is seen (even places) and escapes of what is not (odd places).
 *
 * @param {string} text
 * @param {boolean} [keepsLines] whether line ends and tabs stay as they are
 * @returns {string[]}
 */
export function splitUnseen(text, keepsLines = false) {
  /** @type {string[]} */
  const parts = [];
  let start = 0;
  for (const found of text.matchAll(UNSEEN)) {
    if (keepsLines && "\n\t".includes(found[0])) {
      continue;
    }
    parts.push(text.slice(start, found.index), escapeLetter(found[0]));
    start = found.index + found[0].length;
  }
  parts.push(text.slice(start));
  return parts;
}

/** @param {number} number @returns {string} a count with narrow spaces between thousands; empty if it is negative */
export function showCount(number) {
  if (number < 0) {
    return "";
  }
  const digits = String(number);
  return digits.length < 5 ? digits : digits.replace(/\B(?=(\d{3})+$)/g, "\u2009");
}

/** @param {number} count @param {string} word @param {string} [several] @returns {string} */
export function countOf(count, word, several = `${word}s`) {
  return `${showCount(count)} ${count === 1 ? word : several}`;
}

const RUN = /([A-Z]+)|([a-z]+)|([0-9]+)|((?:(?![A-Za-z])\p{L}|\p{No}|\p{Nl})+)|(\s+)/gu;
const SIGNS = ["A", "a", "9", "\u00e4", " "];
const MOST_CHARACTERS = 32;
const DESCRIPTION = /^<(?:about |at least )?(?:[0-9,]+ )?([A-Za-z]+)/;

/**
 * Returns the shape of a value: A for a capital letter, a for a small one, 9 for a digit; runs of more than two are
 * written as one with a plus. The same as `find_shape` in Python.
 *
 * @param {string} text
 * @returns {string}
 */
export function findShape(text) {
  const described = text.startsWith("<") ? DESCRIPTION.exec(text) : null;
  if (described) {
    return `<${described[1]}>`;
  }
  const shape = text.slice(0, 8 * MOST_CHARACTERS).replace(RUN, (run, ...groups) => {
    const sign = SIGNS[groups.findIndex((group) => group !== undefined)];
    const length = [...run].length;
    return sign === " " ? sign : length <= 2 ? sign.repeat(length) : `${sign}+`;
  });
  return shape.length <= MOST_CHARACTERS ? shape : `${shape.slice(0, MOST_CHARACTERS)}...`;
}
