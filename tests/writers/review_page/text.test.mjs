// Texts as they are shown: nothing that is not seen, no text that changes the direction of others.

import assert from "node:assert/strict";
import test from "node:test";
import {
  countOf,
  escapeUnseen,
  findShape,
  hasUnseen,
  showCount,
  splitUnseen,
} from "../../../src/tagsniff/writers/review_page/source/text.js";
import { makeHistogram, readNumber, showEnd } from "../../../src/tagsniff/writers/review_page/source/histogram.js";

test("what is not seen becomes an escape", () => {
  assert.equal(
    escapeUnseen("a\x00b\u202ec\u2028\u00a0\u{e0001}\ud800-\udcff\n"),
    "a\\x00b\\u202ec\\u2028\\xa0\\U000e0001\\ud800-\\xff\\x0a",
  );
  assert.equal(
    escapeUnseen("Gr\u00fc\u00dfe \u5c71\u7530 \u{1f600} <b>&"),
    "Gr\u00fc\u00dfe \u5c71\u7530 \u{1f600} <b>&",
  );
  assert.equal(hasUnseen("plain text"), false);
});

test("parts: seen at even places, escapes at odd ones", () => {
  assert.deepEqual(splitUnseen("a\u202eb\n"), ["a", "\\u202e", "b", "\\x0a", ""]);
  assert.deepEqual(splitUnseen("a\tb\n\x1b", true), ["a\tb\n", "\\x1b", ""]);
  assert.deepEqual(splitUnseen(""), [""]);
});

test("counts", () => {
  assert.deepEqual([0, 9999, 10000, 1234567, -1].map(showCount), [
    "0",
    "9999",
    "10\u2009000",
    "1\u2009234\u2009567",
    "",
  ]);
  assert.equal(countOf(1, "row"), "1 row");
  assert.equal(countOf(2, "row"), "2 rows");
});

test("shapes are those of the program", () => {
  assert.equal(findShape("MR Recon 3/12/1"), "AA Aa+ 9/99/9");
  assert.equal(findShape("<12 numbers, 0..5>"), "<numbers>");
  assert.equal(findShape("\u5c71\u7530 \u00fcb\u00e9r"), "\u00e4\u00e4 \u00e4a\u00e4a");
  assert.equal(findShape("a.".repeat(60)), `${"a.".repeat(16)}...`);
});

test("numbers and dates for a histogram", () => {
  assert.equal(readNumber(" -1.5e3 ", false), -1500);
  assert.ok(Number.isNaN(readNumber("1\\2", false)));
  assert.equal(showEnd(readNumber("20240229", true), true), "2024-02-29");
  assert.ok(Number.isNaN(readNumber("soon", true)));
});

test("a histogram counts every file once", () => {
  const counted = Array.from({ length: 100 }, (_, at) => [at, at % 3]);
  const found = makeHistogram(counted, false);
  assert.equal(
    found.bins.reduce((sum, bin) => sum + bin.files, 0),
    counted.reduce((sum, [, files]) => sum + files, 0),
  );
  assert.equal(found.bins[0].from, 0);
  assert.ok(found.bins.at(-1).to >= 99);
  assert.equal(makeHistogram([[1, 5]], false), null);
  assert.equal(
    makeHistogram(
      [
        [1, 5],
        [NaN, 1],
      ],
      false,
    ),
    null,
  );
  assert.equal(makeHistogram([], false), null);
});

test("broken numbers have bins too", () => {
  const found = makeHistogram(
    [
      [0, 1],
      [0.1, 1],
      [1, 2],
    ],
    false,
  );
  assert.equal(found.bins.length, 40);
  assert.equal(found.bins.at(-1).files, 2);
});
