// The store: acts, undoing back to the start, progress, the rows of the sheet, and sheets that are loaded.

import assert from "node:assert/strict";
import test from "node:test";
import { Store } from "../../../src/tagsniff/writers/review_page/source/store.js";
import { COLUMNS, makeReport } from "./made_report.mjs";

const make = () =>
  new Store(
    makeReport([
      { cells: { element: "(0008,1030)", vr: "LO", name: "StudyDescription", seen: "run1" }, values: [["Head"]] },
      { cells: { element: '(0009,"A",01)', vr: "LO", manufacturer: "ACME" }, values: [["x"]], creator: "A" },
      { cells: { element: "(0008,0060)", vr: "CS", code: "K", who: "AB" }, class: 1, values: [["CT"]] },
      { cells: { element: "(0010,0010)", vr: "PN" }, class: 2, inSheet: false, values: [["-"]], profileCode: "Z" },
    ]),
  );
const rowsOf = (store) =>
  [...store.listRows()].map((cells) => Object.fromEntries(cells.map((cell, at) => [COLUMNS[at], cell])));

test("an act sets cells, and undoing brings all of them back", () => {
  const store = make();
  const before = rowsOf(store);
  assert.deepEqual([store.decided, store.toDecide, store.isUnsaved], [0, 2, false]);
  store.apply("key", "K", [{ entries: [0], set: { code: "K", who: "CD", when: "w" } }]);
  store.apply("bulk", "X", [{ entries: [0, 1, 2], set: { code: "X", note: "n" } }]);
  assert.deepEqual([store.decided, store.codeOf(0), store.cell(0, "who"), store.cell(2, "who")], [2, "X", "CD", "AB"]);
  assert.equal(store.isUnsaved, true);
  assert.equal(store.undo().what, "X");
  assert.deepEqual([store.codeOf(0), store.codeOf(1), store.codeOf(2), store.decided], ["K", "", "K", 1]);
  store.undo();
  assert.equal(store.undo(), null);
  assert.deepEqual(rowsOf(store), before);
  assert.deepEqual([store.decided, store.isUnsaved], [0, false]);
});

test("an element that a profile decides gets a row when it gets a code", () => {
  const store = make();
  assert.equal(rowsOf(store).length, 3);
  store.apply("key", "X", [{ entries: [3], set: { code: "X" } }]);
  assert.deepEqual(
    rowsOf(store).map((row) => [row.element, row.code]),
    [
      ["(0008,1030)", ""],
      ['(0009,"A",01)', ""],
      ["(0008,0060)", "K"],
      ["(0010,0010)", "X"],
    ],
  );
  assert.equal(store.decided, 0);
  store.undo();
  assert.equal(rowsOf(store).length, 3);
});

test("the state that was saved is known after undoing", () => {
  const store = make();
  store.apply("key", "K", [{ entries: [0], set: { code: "K" } }]);
  store.markSaved();
  assert.equal(store.isUnsaved, false);
  store.apply("key", "K", [{ entries: [1], set: { code: "K" } }]);
  assert.equal(store.isUnsaved, true);
  store.undo();
  assert.equal(store.isUnsaved, false);
  store.undo();
  assert.equal(store.isUnsaved, true);
});

test("acts that were kept are performed again, and can be undone", () => {
  const store = make();
  store.apply("key", "K", [{ entries: [0], set: { code: "K" } }]);
  store.apply("bulk", "X", [{ entries: [0, 1], set: { code: "X" } }]);
  store.markSaved();
  store.undo();
  const kept = JSON.parse(JSON.stringify({ acts: store.acts, savedId: store.savedId }));
  const later = make();
  later.restore(kept.acts, kept.savedId);
  assert.deepEqual([later.codeOf(0), later.codeOf(1), later.isUnsaved], ["K", "", true]);
  // The number of a state that was saved and undone is not given to another one.
  later.apply("key", "Z", [{ entries: [1], set: { code: "Z" } }]);
  assert.equal(later.isUnsaved, true);
  later.undo();
  later.undo();
  assert.equal(later.codeOf(0), "");
  assert.throws(() => make().restore([{ id: 1, act: "key", what: "", parts: [{ entries: [99], set: {} }] }], 0));
});

test("an act without entries is none", () => {
  const store = make();
  assert.equal(store.apply("bulk", "X", [{ entries: [], set: { code: "X" } }]), null);
  assert.equal(store.undo(), null);
});

test("a loaded sheet is taken over by key", () => {
  const store = make();
  const { parts, others, same } = store.compare([
    { element: "StudyDescription", vr: "lo", code: "K", note: "by keyword", seen: "run0 run1" },
    { element: '(0009,"A",01)', vr: "LO", manufacturer: "acme", code: "X" },
    { element: "(0008,0060)", vr: "CS", code: "K", who: "AB" },
    { element: "(0008,9999)", vr: "LO", code: "X", examples: "gone" },
  ]);
  assert.equal(same, 1);
  assert.deepEqual(
    parts.map((part) => [part.entries, part.set.code, part.set.note]),
    [
      [[0], "K", "by keyword"],
      [[1], "X", ""],
    ],
  );
  assert.deepEqual(
    others.map((row) => [row.element, row.examples]),
    [["(0008,9999)", "gone"]],
  );
  store.apply("load", "loading", parts, others);
  assert.deepEqual([store.decided, rowsOf(store).at(-1).element], [2, "(0008,9999)"]);
  store.undo();
  assert.deepEqual([store.decided, store.others, rowsOf(store).length], [0, [], 3]);
});

test("a saved sheet that is loaded again changes nothing", () => {
  const store = make();
  store.apply("key", "X", [{ entries: [0, 3], set: { code: "X", note: "=1" } }]);
  const { parts, others, same, elsewhere } = store.compare(rowsOf(store));
  assert.deepEqual([parts, others, same, elsewhere], [[], [], 4, 0]);
});

test("of two rows with one key, the one that says the same stays, the other decides what is open", () => {
  const store = new Store(
    makeReport([
      { cells: { element: "(0008,1030)", vr: "LO" }, values: [["new"]] },
      { cells: { element: "(0008,1030)", vr: "LO", code: "K", seen: "run1" }, class: 1, values: [["new"]] },
    ]),
  );
  const { parts, same } = store.compare([
    { element: "(0008,1030)", vr: "LO", code: "K", seen: "run1" },
    { element: "(0008,1030)", vr: "LO", code: "X", note: "no" },
  ]);
  assert.equal(same, 1);
  assert.deepEqual(parts, [
    { entries: [0], set: { code: "X", collapse: "", scope: "", note: "no", who: "", when: "" } },
  ]);
});

test("an open row of a loaded sheet takes no decision away", () => {
  const store = make();
  store.apply("key", "X", [{ entries: [0], set: { code: "X" } }]);
  assert.deepEqual(store.compare([{ element: "(0008,1030)", vr: "LO", code: "" }]).parts, []);
});

test("listeners hear each act and each undoing", () => {
  const store = make();
  const heard = [];
  store.listeners.add((act, isUndone) => heard.push([act.what, isUndone]));
  store.apply("key", "K", [{ entries: [0], set: { code: "K" } }]);
  store.undo();
  assert.deepEqual(heard, [
    ["K", false],
    ["K", true],
  ]);
});

test("a K for the values of another run does not decide values that nobody has seen", () => {
  const store = make();
  const old = { element: "(0008,1030)", vr: "LO", code: "K", seen: "run0" };
  const found = store.compare([
    old,
    { element: '(0009,"A",01)', vr: "LO", manufacturer: "ACME", code: "C", seen: "run0" },
  ]);
  assert.deepEqual([found.parts, found.elsewhere, found.others.length], [[], 2, 2]);
  store.apply("load", "loading", found.parts, found.others);
  assert.deepEqual(
    rowsOf(store)
      .filter((row) => row.element === "(0008,1030)")
      .map((row) => [row.code, row.seen]),
    [
      ["", "run1"],
      ["K", "run0"],
    ],
  );
  assert.equal(store.hasKey(old), true);
  // What holds for the element, and what removes, holds for any values.
  for (const row of [
    { ...old, scope: "element" },
    { ...old, code: "X" },
    { ...old, seen: "run1 run0" },
  ]) {
    assert.equal(make().compare([row]).parts.length, 1);
  }
  assert.equal(make().compare([{ element: "(0008,0060)", vr: "CS", code: "C", seen: "run0" }]).parts.length, 1);
});

test("an act that could not be written is taken back, if it is the last one, and nobody is told", () => {
  const store = make();
  const heard = [];
  const first = store.apply("key", "K", [{ entries: [0], set: { code: "K" } }]);
  const second = store.apply("key", "X", [{ entries: [1], set: { code: "X" } }]);
  store.listeners.add((act) => heard.push(act.what));
  assert.equal(store.withdraw(first.id), false);
  assert.equal(store.withdraw(0), false);
  assert.equal(store.withdraw(second.id), true);
  assert.deepEqual([store.codeOf(0), store.codeOf(1), store.decided, heard], ["K", "", 1, []]);
});
