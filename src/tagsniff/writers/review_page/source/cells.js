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
import { escapeUnseen, fold, hasUnseen, splitUnseen } from "./text.js";

const MOST_CHARACTERS = 300;
const ITEM = "[<0>]";
// Where something was found so far from the start, the start is left out.
const FAR_CHARACTERS = 40;
const BEFORE_CHARACTERS = 16;

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

/**
 * A text in which the search has found something: from shortly before it, with what was found marked.
 *
 * @param {string} text the whole text
 * @param {string} query
 * @returns {Children}
 */
export function showFound(text, query) {
  const at = query ? fold(text).indexOf(fold(query)) : -1;
  if (at < 0) {
    return showText(text);
  }
  const start = at > FAR_CHARACTERS ? at - BEFORE_CHARACTERS : 0;
  const end = at + query.length;
  const last = Math.min(text.length, start + MOST_CHARACTERS);
  return h(
    "bdi",
    { class: "text" },
    start ? h("span", { class: "more" }, "... ") : null,
    showUnseen(text.slice(start, at), false),
    h("mark", null, showUnseen(text.slice(at, end), false)),
    showUnseen(text.slice(end, Math.max(end, last)), false),
    text.length > last ? h("span", { class: "more" }, ` ... ${text.length} characters`) : null,
  );
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
    h("bdi", { class: "path-before", title: escapeUnseen(element) }, `in ${escapeUnseen(element.slice(0, start))}`),
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
