// The sheet as CSV: as spreadsheets save it, and what is refused. A test in Python compares what is written.

import assert from "node:assert/strict";
import test from "node:test";
import { readSheet, writeSheet } from "../../../src/tagsniff/writers/review_page/source/sheet_csv.js";

const COLUMNS = ["element", "code", "note"];

test("what is written is read again", () => {
  const rows = [
    ['(0009,"GEMS_IDEN_01",02)', "K", 'a "note", with; signs'],
    ["(0008,1030)", "", "=1+1"],
    ["(0008,1031)", "X", ""],
  ];
  const text = writeSheet(COLUMNS, [["name", "mine"]], rows).join("");
  assert.equal(text.split("\n")[0], "# name = mine");
  const found = readSheet(text);
  assert.deepEqual(found.settings, [["name", "mine"]]);
  assert.deepEqual(
    found.rows.map((row) => COLUMNS.map((column) => row[column])),
    rows,
  );
});

test("as spreadsheets save it", () => {
  for (const [start, separator, end] of [
    ["\ufeff", ";", "\r\n"],
    ["", "\t", "\r"],
    ["sep=;\n", ";", "\n"],
    ['"sep=,"\n', ",", "\n"],
  ]) {
    const lines = [
      ["Element", "CODE", "note"],
      ['"(0009,""A"",01)"', "k", "' x "],
      ["", "", ""],
      ["StudyDescription", "X"],
    ];
    const { rows } = readSheet(start + lines.map((cells) => cells.join(separator)).join(end));
    assert.deepEqual(rows, [
      { element: '(0009,"A",01)', code: "k", note: "' x" },
      { element: "StudyDescription", code: "X", note: "" },
    ]);
  }
});

test("the apostrophe before a formula is taken off, and no other", () => {
  const { rows } = readSheet("element,code,note\nA,K,'=1\nB,K,'x\nC,K,'-2\n");
  assert.deepEqual(
    rows.map((row) => row.note),
    ["=1", "'x", "-2"],
  );
});

test("what is wrong is said with its line", () => {
  assert.throws(() => readSheet(""), /no line with column names/);
  assert.throws(() => readSheet("a,b\n1,2\n"), /line 1: .*element and code/);
  assert.throws(() => readSheet('element,code\n"A,K\n'), /line 2: the quotes/);
  assert.throws(() => readSheet('element,code\n"A"x,K\n'), /line 2: the quotes/);
  assert.throws(() => readSheet("element,code\nA,K,more\n"), /line 2: 3 cells/);
  assert.throws(() => readSheet("element,code\n# a = b\n"), /line 2: a line that begins with #/);
});

test("a value of 25,000 characters and quotes at the ends", () => {
  const long = `"${"x".repeat(25000)}"`;
  const { rows } = readSheet(writeSheet(COLUMNS, [], [["A", "K", long]]).join(""));
  assert.equal(rows[0].note, long);
});
