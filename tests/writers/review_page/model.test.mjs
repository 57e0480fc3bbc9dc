// The model: facets with counts, search, order, decisions by key and for many, going on to the next one.

import assert from "node:assert/strict";
import test from "node:test";
import { Model } from "../../../src/tagsniff/writers/review_page/source/model.js";
import { Store } from "../../../src/tagsniff/writers/review_page/source/store.js";
import { makeReport } from "./made_report.mjs";

function make(who = "AB") {
  const report = makeReport([
    {
      cells: { element: "(0008,1030)", vr: "LO", name: "StudyDescription", flags: "NAME_LIKE", files: 9 },
      values: [["Doe"], ["Head"]],
      score: 3,
    },
    {
      cells: { element: '(0009,"A",01)', vr: "LO", suggestion: "X", files: 5 },
      creator: "A",
      values: [["Roe", ["NAME_LIKE"]]],
      equipment: 1,
    },
    {
      cells: { element: '(0009,"A",02)', vr: "DS", suggestion: "K", files: 7 },
      creator: "A",
      values: [["10"], ["9"], ["-2.5"]],
    },
    { cells: { element: "(0008,0060)", vr: "CS", code: "K", files: 9 }, class: 1, values: [["CT"]] },
    {
      cells: { element: "(0010,0010)", vr: "PN", files: 9 },
      class: 2,
      inSheet: false,
      values: [["-"]],
      profileCode: "Z",
    },
  ]);
  const store = new Store(report);
  return new Model(report, store, { who, theme: "" });
}
const elements = (model) => [...model.entries].map((entry) => model.report.cell(entry, "element"));
const countsOf = (model, name) => {
  const facet = model.facets.find((one) => one.name === name);
  return Object.fromEntries(
    facet.choices.map((choice, at) => [choice, model.counts.get(name)[at]]).filter(([, count]) => count),
  );
};

test("it begins with what is to be decided, and all classes are counted", () => {
  const model = make();
  assert.equal(model.entries.length, 3);
  assert.deepEqual(countsOf(model, "class"), { "to decide": 3, "decided by the sheet": 1, "decided by a profile": 1 });
  assert.deepEqual(countsOf(model, "creator"), { "(public element)": 1, A: 2 });
  assert.deepEqual(countsOf(model, "manufacturer"), { ACME: 2, OTHER: 1 });
  assert.deepEqual(countsOf(model, "flag"), { "(none)": 2, NAME_LIKE: 1 });
});

test("a facet filters, its own counts stay, others follow", () => {
  const model = make();
  const creator = model.facets.find((one) => one.name === "creator");
  model.toggleFacet("creator", creator.choices.indexOf("A"));
  assert.deepEqual(elements(model), ['(0009,"A",01)', '(0009,"A",02)']);
  assert.deepEqual(countsOf(model, "creator"), { "(public element)": 1, A: 2 });
  assert.deepEqual(countsOf(model, "VR"), { LO: 1, DS: 1 });
  model.clearFacet("creator");
  assert.equal(model.entries.length, 3);
});

test("the search finds values and names; the values of a name are all shown", () => {
  const model = make();
  model.search("oe");
  assert.deepEqual(elements(model), ["(0008,1030)", '(0009,"A",01)']);
  assert.equal(model.rows.length, 1);
  model.search("studydesc");
  assert.deepEqual(elements(model), ["(0008,1030)"]);
  assert.equal(model.rows.length, 2);
  model.search("nowhere");
  assert.deepEqual([model.entries.length, model.entry, model.rows.length], [0, -1, 0]);
  model.search("");
  assert.equal(model.entries.length, 3);
});

test("a decision goes on to the next open element, and stays in sight", () => {
  const model = make();
  model.decide("K");
  assert.equal(model.entry, 1);
  assert.equal(model.entries.length, 3);
  assert.deepEqual(countsOf(model, "class"), { "to decide": 2, "decided by the sheet": 2, "decided by a profile": 1 });
  model.takeSuggestion();
  assert.deepEqual([model.store.codeOf(1), model.entry], ["X", 2]);
  assert.match(model.store.cell(1, "when"), /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/);
  assert.equal(model.store.cell(1, "who"), "AB");
  model.decide("Z");
  assert.match(model.message, /decided/);
  model.undo();
  model.undo();
  assert.deepEqual([model.entry, model.store.codeOf(1), model.store.decided], [1, "", 1]);
});

test("the person is asked once, and what waits is done then", () => {
  const model = make("");
  model.decide("K");
  assert.deepEqual([model.dialog.kind, model.store.decided], ["who", 0]);
  model.name("CD");
  assert.deepEqual([model.dialog, model.store.decided, model.store.cell(0, "who")], [null, 1, "CD"]);
  model.decide("X");
  assert.equal(model.dialog, null);
});

test("a decision for many counts only what is open, and is one act", () => {
  const model = make();
  model.decide("C");
  assert.deepEqual(model.listBulk("shown", false), [1, 2]);
  assert.deepEqual(model.listBulk("shown", true), [0, 1, 2]);
  assert.deepEqual(model.listBulk("creator", false), [1, 2]);
  model.decideAll("o", [1, 2], "as suggested");
  assert.deepEqual(
    [model.store.codeOf(1), model.store.codeOf(2), model.store.cell(2, "note")],
    ["X", "K", "as suggested"],
  );
  assert.match(model.store.acts.at(-1).what, /2 elements \(class to decide\)/);
  model.undo();
  assert.deepEqual([model.store.codeOf(0), model.store.codeOf(1), model.store.codeOf(2)], ["C", "", ""]);
});

test("what a bulk act says has nothing of the search, which may be a value", () => {
  const model = make();
  model.search("Roe");
  model.decideAll("X", [1], "");
  assert.doesNotMatch(JSON.stringify(model.store.acts), /Roe/);
});

test("the order of elements: up, down, and as it was", () => {
  const model = make();
  model.sortBy("files");
  assert.deepEqual([...model.entries], [1, 2, 0]);
  model.sortBy("files");
  assert.deepEqual([...model.entries], [0, 2, 1]);
  model.sortBy("files");
  assert.deepEqual([...model.entries], [0, 1, 2]);
});

test("values that are numbers are sorted as numbers", () => {
  const model = make();
  model.choose(2);
  model.sortValuesBy("value");
  assert.deepEqual(
    [...model.rows].map((row) => model.report.values.get(model.report.rows.value[row])),
    ["-2.5", "9", "10"],
  );
});

test("values of all elements shown, each once", () => {
  const model = make();
  model.showAll(true);
  assert.equal(model.rows.length, 6);
  model.search("oe");
  assert.equal(model.rows.length, 2);
});

test("a shape filters the values", () => {
  const model = make();
  model.choose(2);
  assert.deepEqual(model.shapes, [
    ["-9.9", 1],
    ["9", 1],
    ["99", 1],
  ]);
  model.chooseShape("9");
  assert.equal(model.rows.length, 1);
});

test("K on a text holds for the values seen, unless the scope says otherwise", () => {
  const model = make();
  assert.deepEqual([model.holdsForElement(0), model.holdsForElement(2)], [false, true]);
  model.setScope("element");
  assert.equal(model.holdsForElement(0), true);
});

test("among the values of all elements, a code is for the element of the value that is looked at", () => {
  const model = make();
  model.choose(2);
  model.showAll(true);
  assert.equal(model.entry, 0);
  model.chooseValue(2);
  const value = model.report.values.get(model.report.rows.value[model.rows[2]]);
  assert.deepEqual([value, model.entry], ["Roe", 1]);
  model.decide("X");
  assert.deepEqual([model.store.codeOf(1), model.store.codeOf(0), model.entry], ["X", "", 2]);
  model.search("head");
  assert.equal(model.entry, 0);
  model.search("");
  model.sortBy("files");
  assert.equal(model.report.useOfRow[model.rows[model.valueAt]], model.report.usesOf(model.entry)[0]);
  model.sortValuesBy("value");
  assert.equal(model.report.useOfRow[model.rows[model.valueAt]], model.report.usesOf(model.entry)[0]);
});

test("notes that were typed are found", () => {
  const model = make();
  model.setNote("Ask Dr. X", false);
  model.search("ask dr");
  assert.deepEqual(elements(model), ["(0008,1030)"]);
});
