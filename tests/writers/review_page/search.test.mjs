// The search: any letter case, no text is found across the border of two, the same as a search of each text.

import assert from "node:assert/strict";
import test from "node:test";
import { TextTable } from "../../../src/tagsniff/writers/review_page/source/container.js";
import { TextSearch } from "../../../src/tagsniff/writers/review_page/source/search.js";
import { fold } from "../../../src/tagsniff/writers/review_page/source/text.js";

function tableOf(texts) {
  let end = 0;
  return new TextTable(
    texts.join(""),
    Uint32Array.from(texts, (text) => (end += text.length)),
  );
}

function find(texts, query) {
  const { hits, count } = new TextSearch(tableOf(texts)).find(query);
  const found = texts.filter((_, number) => hits[number]);
  assert.equal(found.length, count);
  return found;
}

test("any letter case, other alphabets too", () => {
  assert.deepEqual(find(["Doe^Jane", "ROE", "joe"], "oe"), ["Doe^Jane", "ROE", "joe"]);
  assert.deepEqual(find(["M\u00dcLLER", "mueller"], "m\u00fcll"), ["M\u00dcLLER"]);
  assert.deepEqual(find(["\u03a3\u0399\u03a3\u03a5\u03a6\u039f\u03a3"], "\u03c3\u03b9\u03c3\u03c5\u03c6\u03bf\u03c2"), [
    "\u03a3\u0399\u03a3\u03a5\u03a6\u039f\u03a3",
  ]);
  assert.deepEqual(find(["\u0130stanbul", "x"], "istanbul"), ["\u0130stanbul"]);
});

test("no text is found across a border", () => {
  assert.deepEqual(find(["ab", "cd", "bc"], "bc"), ["bc"]);
  assert.deepEqual(find(["aa", "a", "aaa"], "aaa"), ["aaa"]);
  assert.deepEqual(find(["", "", "a", ""], "a"), ["a"]);
  assert.deepEqual(find([], "a"), []);
});

test("what was typed is no pattern", () => {
  assert.deepEqual(find(["a.c", "abc", "a*"], "a.c"), ["a.c"]);
  assert.deepEqual(find(["a.c", "abc", "a*"], "*"), ["a*"]);
});

test("the same as a search of each text", () => {
  let state = 7;
  const random = (bound) => (state = (state * 1103515245 + 12345) & 0x7fffffff) % bound;
  const texts = Array.from({ length: 3000 }, () => Array.from({ length: random(6) }, () => "abAB"[random(4)]).join(""));
  for (const query of ["a", "ab", "aab", "bbbb", "abab"]) {
    assert.deepEqual(
      find(texts, query),
      texts.filter((text) => text.toLowerCase().includes(query)),
    );
  }
});

test("folding keeps the length of every character", () => {
  for (let unit = 0; unit < 0x10000; unit++) {
    assert.equal(fold(String.fromCharCode(unit)).length, 1, unit.toString(16));
  }
  for (let point = 0x10000; point < 0x20000; point++) {
    assert.equal(fold(String.fromCodePoint(point)).length, 2, point.toString(16));
  }
});
