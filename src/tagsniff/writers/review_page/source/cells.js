/**
 * Small parts of the views: texts from files, flags, codes.
 *
 * For: the views.
 * Never: a text from a file as anything but text: each is isolated, and what is not seen is written as an escape.
 */

/** @typedef {import("preact").ComponentChildren} Children */
/** @typedef {import("./model.js").Model} Model */

import { h } from "preact";
import { CODES, CODE_TEXTS } from "./model.js";
import { escapeUnseen, hasUnseen, splitUnseen } from "./text.js";

const MOST_CHARACTERS = 300;
const ITEM = "[<0>]";

/**
 * A text of a file in a list: its beginning, in one line.
 *
 * @param {string} text
 * @param {number} [length] of the whole text, if `text` is only its beginning
 * @returns {Children}
 */
export function showText(text, length = text.length) {
  const shown = text.slice(0, MOST_CHARACTERS);
  const more = length > shown.length ? h("span", { class: "more" }, ` ... ${length} characters`) : null;
  return h("bdi", { class: "text" }, showUnseen(shown, false), more);
}

/** @param {string} text @param {boolean} keepsLines @returns {Children} */
export function showUnseen(text, keepsLines) {
  if (!hasUnseen(text)) {
    return text;
  }
  return splitUnseen(text, keepsLines).map((part, at) =>
    at % 2 ? h("span", { class: "escape", key: at }, part) : part,
  );
}

/**
 * An element in a list: the element itself first, then the path to it, which is long and the same for many.
 *
 * @param {string} element
 * @returns {Children}
 */
export function showElement(element) {
  const at = element.lastIndexOf(ITEM);
  if (at < 0) {
    return showText(element);
  }
  const start = at + ITEM.length;
  return [
    showText(element.slice(start)),
    h("bdi", { class: "path-before", title: element }, `in ${escapeUnseen(element.slice(0, start))}`),
  ];
}

/** @param {Model} model @param {readonly string[]} flags @returns {Children} */
export function showFlags(model, flags) {
  return flags.map((flag) =>
    h("span", { key: flag, class: `flag ${flag}`, title: model.report.flagTexts.get(flag) ?? "" }, flag),
  );
}

/** @param {string} code @param {boolean} [isWeak] whether a profile has decided it @returns {Children} */
export function showCode(code, isWeak = false) {
  if (!code) {
    return null;
  }
  const text = CODES.find((one) => one === code.toUpperCase());
  const title = text ? CODE_TEXTS[text] : "a code of PS3.15 Table E.1-1a";
  return h("span", { class: `code code-${code.slice(0, 1).toUpperCase()} ${isWeak ? "weak" : ""}`, title }, code);
}
