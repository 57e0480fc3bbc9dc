/**
 * What the page shows now: the search, the facets, the order of the lists, the chosen element and value, the dialog.
 *
 * For: the views, which only show it and call its methods.
 * Never: a decision of its own; those are in store.js.
 */

/** @typedef {import("./report.js").Report} Report */
/** @typedef {import("./store.js").Store} Store */
/** @typedef {import("./store.js").Kind} Kind */
/** @typedef {import("./store.js").Part} Part */
/** @typedef {import("./keeping.js").Keeping} Keeping */
/** @typedef {import("./keeping.js").Settings} Settings */
/** @typedef {import("./facets.js").Facet} Facet */
/** @typedef {{column: string, isDescending: boolean}} Order */
/** @typedef {"decide" | "equipment" | "summary" | "inventory" | "collisions" | "deviations" | "omissions"} View */
/**
 * @typedef {{kind: "help"} | {kind: "value", row: number} | {kind: "who"} | {kind: "note", skips: boolean}
 *   | {kind: "bulk"} | {kind: "load", name: string, problem: string}
 *   | {kind: "loaded", name: string, changed: number, same: number, others: number, elsewhere: number}} Dialog
 */

import { applyFacets, makeChangingFacet, makeFacet } from "./facets.js";
import { BY_PROFILE, BY_SHEET, NOTHING_TO_READ, TO_DECIDE } from "./report.js";
import { TextSearch } from "./search.js";
import { sortRows } from "./sort.js";
import { countOf, findShape, fold } from "./text.js";
import { readNumber } from "./histogram.js";

/** The codes that a key gives. */
export const CODES = /** @type {const} */ (["K", "X", "Z", "D", "C", "U", "R"]);
/** What a code does, in the order of the keys. */
export const CODE_TEXTS = {
  K: "keep",
  X: "remove",
  Z: "empty",
  D: "dummy",
  C: "clean",
  U: "new UID",
  R: "review",
};
export const NONE = "(none)";
const DATE_VRS = new Set(["DA", "DT"]);
/** Flags that say nothing against a value. */
const CALM_FLAGS = new Set(["COLLAPSED", "ESTIMATED", "SAME_TEXT", "SHARED_VALUES", "MAKER_SAYS_SAFE"]);
const MOST_SHAPED = 50000;
const KEYS = "K X Z D C U R decide;  O takes the suggestion;  / searches;  ? shows all keys";
/** @type {Uint32Array} */
const EMPTY = new Uint32Array(0);

export class Model {
  /**
   * @param {Report} report
   * @param {Store} store
   * @param {Settings} settings
   */
  constructor(report, store, settings) {
    this.report = report;
    this.store = store;
    this.settings = settings;
    /** @type {Keeping} */
    this.keeping = /** @type {any} */ (null);
    /** @type {() => void} */
    this.onChange = () => {};
    /** @type {View} */
    this.view = "decide";
    /** @type {Dialog | null} */
    this.dialog = null;
    /** @type {(() => void) | null} what waits for the name of the person */
    this.waiting = null;
    this.message = KEYS;
    this.isPrinting = false;
    this.query = "";
    this.valueSearch = new TextSearch(report.values);
    this.cellSearch = new TextSearch(report.cells);
    /** @type {Uint8Array | null} for each distinct value whether the search has found it */
    this.valueHits = null;
    /** @type {Uint8Array | null} for each entry: 1 found by its own texts, 2 by a value, 3 by both */
    this.entryHits = null;
    this.facets = makeFacets(report, store);
    /** @type {Map<string, Set<number>>} */
    this.chosen = new Map([["class", new Set([TO_DECIDE])]]);
    /** @type {Map<string, Uint32Array>} */
    this.counts = new Map();
    /** @type {Order | null} */
    this.order = null;
    this.entries = EMPTY;
    this.at = 0;
    /** @type {Order | null} */
    this.valueOrder = null;
    this.valueAt = 0;
    this.showsAll = false;
    this.shape = "";
    /** @type {Uint32Array} */
    this.rows = EMPTY;
    /** @type {Uint32Array} */
    this.allRows = EMPTY;
    /** @type {[string, number][]} */
    this.shapes = [];
    this.rowsOfEntry = -1;
    /** @type {Uint32Array} of each element use, one more than the place of its entry in the list; only if all are shown */
    this.placeOfUse = EMPTY;
    this.update();
  }

  changed() {
    this.onChange();
  }

  /** @returns {number} the chosen entry; -1 if none is shown */
  get entry() {
    return this.at < this.entries.length ? this.entries[this.at] : -1;
  }

  /** Finds again what passes the search and the facets; the chosen element stays chosen if it is still shown. */
  update() {
    const before = this.entry;
    const hits = this.entryHits;
    const found = applyFacets(this.facets, this.chosen, this.report.entryCount, (entry) => !hits || hits[entry] > 0);
    this.counts = found.counts;
    this.entries = this.#sortEntries(found.entries);
    const at = before < 0 ? 0 : this.entries.indexOf(before);
    this.at = Math.max(0, at);
    this.updateRows();
  }

  /** Counts again what the facets would show, and leaves the list as it is: what was decided stays in sight. */
  recount() {
    const hits = this.entryHits;
    const found = applyFacets(this.facets, this.chosen, this.report.entryCount, (entry) => !hits || hits[entry] > 0);
    this.counts = found.counts;
  }

  /** @param {string} query */
  search(query) {
    this.query = query;
    this.view = "decide";
    if (!query) {
      this.valueHits = null;
      this.entryHits = null;
    } else {
      this.valueHits = this.valueSearch.find(query).hits;
      this.entryHits = this.#findEntries(this.valueHits, this.cellSearch.find(query).hits);
    }
    this.update();
    this.changed();
  }

  /**
   * @param {Uint8Array} valueHits
   * @param {Uint8Array} cellHits
   * @returns {Uint8Array}
   */
  #findEntries(valueHits, cellHits) {
    const { report } = this;
    const { rows, uses, sheetCells } = report;
    const ofUse = new Uint8Array(report.useCount);
    for (let use = 0; use < report.useCount; use++) {
      const end = report.endOf(use);
      for (let row = uses.start[use]; row < end; row++) {
        if (valueHits[rows.value[row]]) {
          ofUse[use] = 1;
          break;
        }
      }
    }
    const found = new Uint8Array(report.entryCount);
    const searched = ["element", "name", "manufacturer", "note"].map((name) => sheetCells[name]);
    for (let entry = 0; entry < report.entryCount; entry++) {
      const isNamed = searched.some((column) => cellHits[column[entry]] === 1);
      const hasValue = report.usesOf(entry).some((use) => ofUse[use] === 1);
      found[entry] = Number(isNamed) | (Number(hasValue) << 1);
    }
    const wanted = fold(this.query);
    for (const [entry, { note }] of this.store.changed) {
      found[entry] |= Number(note !== undefined && fold(note).includes(wanted));
    }
    return found;
  }

  /** @param {Uint32Array} entries @returns {Uint32Array} */
  #sortEntries(entries) {
    if (!this.order) {
      return entries;
    }
    return sortRows(entries, this.#entryKey(this.order.column), this.order.isDescending);
  }

  /** @param {string} column @returns {(entry: number) => number} */
  #entryKey(column) {
    const { report, store } = this;
    const { entries } = report;
    if (column === "code") {
      return (entry) => Math.max(0, CODES.findIndex((code) => code === store.codeOf(entry)) + 1);
    }
    if (column === "files" || column === "series" || column === "patients" || column === "distinct") {
      const numbers = entries[column];
      return (entry) => numbers[entry];
    }
    if (column === "flags") {
      return (entry) => entries.score[entry];
    }
    if (column === "min" || column === "max") {
      const texts = report.sheetCells[column];
      return (entry) => {
        const number = Number.parseFloat(report.cells.get(texts[entry]));
        return Number.isNaN(number) ? -Infinity : number;
      };
    }
    const texts = column === "creator" ? entries.creator : report.sheetCells[column];
    if (column === "makers") {
      return (entry) => this.makersOf(entry).length;
    }
    const ranks = this.#rankCells();
    return (entry) => ranks[texts[entry]];
  }

  /** @returns {Uint32Array} the rank of each text of the cells, made once */
  #rankCells() {
    if (!this.cellRanks) {
      const { cells } = this.report;
      const texts = Array.from({ length: cells.length }, (_, number) => cells.get(number));
      const order = texts.map((_, number) => number).sort((one, other) => (texts[one] < texts[other] ? -1 : 1));
      this.cellRanks = new Uint32Array(texts.length);
      order.forEach((number, rank) => {
        /** @type {Uint32Array} */ (this.cellRanks)[number] = rank;
      });
    }
    return this.cellRanks;
  }

  /** Finds the value rows again: those of the chosen entry, or of all entries that are shown. */
  updateRows() {
    const { report } = this;
    const { entry } = this;
    if (this.showsAll) {
      this.allRows = this.#gatherRows();
    } else {
      this.allRows = entry < 0 ? EMPTY : report.rowsOf(entry);
    }
    if (this.rowsOfEntry !== entry || this.showsAll) {
      this.shape = "";
      this.valueAt = 0;
    }
    this.rowsOfEntry = entry;
    this.shapes = this.showsAll ? [] : this.#countShapes(this.allRows);
    this.filterRows();
  }

  /** Applies the search, the shape and the order to the value rows. */
  filterRows() {
    const { rows, values } = this.report;
    let kept = this.allRows;
    const hits = this.valueHits;
    if (hits) {
      const found = kept.filter((row) => hits[rows.value[row]] === 1);
      // An element that was found by its name is shown with all its values.
      kept = found.length || this.showsAll ? found : kept;
    }
    if (this.shape) {
      kept = kept.filter((row) => findShape(values.begin(rows.value[row], 256)) === this.shape);
    }
    if (!this.valueOrder && !this.showsAll) {
      kept = this.#sortByDefault(kept);
    }
    if (this.valueOrder) {
      kept = sortRows(kept, this.#valueKey(this.valueOrder.column, kept), this.valueOrder.isDescending);
    }
    this.rows = kept;
    this.valueAt = Math.min(this.valueAt, Math.max(0, kept.length - 1));
    this.#followValue();
  }

  /** Among the values of all elements, chooses the element of the value that a person looks at: a code is for it. */
  #followValue() {
    if (this.showsAll && this.rows.length) {
      this.at = this.placeOfUse[this.report.useOfRow[this.rows[this.valueAt]]] - 1;
    }
  }

  /** @returns {Uint32Array} the rows of all entries that are shown, each once, in the order of the report */
  #gatherRows() {
    const { report } = this;
    const placeOfUse = new Uint32Array(report.useCount);
    let count = 0;
    this.entries.forEach((entry, place) => {
      for (const use of report.usesOf(entry)) {
        if (!placeOfUse[use]) {
          placeOfUse[use] = place + 1;
          count += report.endOf(use) - report.uses.start[use];
        }
      }
    });
    this.placeOfUse = placeOfUse;
    const rows = new Uint32Array(count);
    let at = 0;
    for (let use = 0; use < report.useCount; use++) {
      if (placeOfUse[use]) {
        for (let row = report.uses.start[use]; row < report.endOf(use); row++) {
          rows[at++] = row;
        }
      }
    }
    return rows;
  }

  /** @param {Uint32Array} rows @returns {[string, number][]} shapes with the number of values, the most frequent first */
  #countShapes(rows) {
    const { report } = this;
    /** @type {Map<string, number>} */
    const counts = new Map();
    for (const row of rows.subarray(0, MOST_SHAPED)) {
      if (report.kindOf(row) === "value") {
        const shape = findShape(report.values.begin(report.rows.value[row], 256));
        counts.set(shape, (counts.get(shape) ?? 0) + 1);
      }
    }
    return [...counts].sort((one, other) => other[1] - one[1] || (one[0] < other[0] ? -1 : 1));
  }

  /** @param {string} column @param {Uint32Array} kept @returns {(row: number) => number} */
  #valueKey(column, kept) {
    const { report } = this;
    const { rows } = report;
    switch (column) {
      case "files":
      case "series":
      case "patients":
      case "occurrences":
      case "code":
      case "path": {
        const numbers = rows[column];
        return (row) => numbers[row];
      }
      case "flags": {
        const sets = report.flagSets;
        return (row) => sets[rows.flags[row]].length;
      }
      case "equipment": {
        const numbers = report.uses.equipment;
        return (row) => numbers[report.useOfRow[row]];
      }
      case "element":
        return (row) => report.useOfRow[row];
      default:
        return this.#numbersOf(kept) ?? ((row) => rows.value[row]);
    }
  }

  /**
   * Returns rows in the order in which they are to be read: those with flags first, then by number or text.
   *
   * @param {Uint32Array} rows
   * @returns {Uint32Array}
   */
  #sortByDefault(rows) {
    const { flagSets } = this.report;
    const flags = this.report.rows.flags;
    const isCalm = flagSets.map((set) => Number(set.every((flag) => CALM_FLAGS.has(flag))));
    return sortRows(sortRows(rows, this.#valueKey("value", rows), false), (row) => isCalm[flags[row]], false);
  }

  /** @param {Uint32Array} kept @returns {((row: number) => number) | null} the numbers of values, if all are numbers */
  #numbersOf(kept) {
    const { rows, values } = this.report;
    /** @type {Map<number, number>} */
    const numbers = new Map();
    for (const row of kept) {
      const value = rows.value[row];
      if (!numbers.has(value)) {
        const number = readNumber(values.begin(value, 64), false);
        if (Number.isNaN(number)) {
          return null;
        }
        numbers.set(value, number);
      }
    }
    return (row) => numbers.get(rows.value[row]) ?? 0;
  }

  /** @param {number} at */
  choose(at) {
    const place = Math.max(0, Math.min(at, this.entries.length - 1));
    if (place !== this.at) {
      this.at = place;
      if (!this.showsAll) {
        this.updateRows();
      }
    }
    this.changed();
  }

  /** @param {number} at */
  chooseValue(at) {
    this.valueAt = Math.max(0, Math.min(at, this.rows.length - 1));
    this.#followValue();
    this.changed();
  }

  /** @param {string} column */
  sortBy(column) {
    this.order = nextOrder(this.order, column);
    this.update();
    this.changed();
  }

  /** @param {string} column */
  sortValuesBy(column) {
    this.valueOrder = nextOrder(this.valueOrder, column);
    this.filterRows();
    this.changed();
  }

  /** @param {string} shape */
  chooseShape(shape) {
    this.shape = this.shape === shape ? "" : shape;
    this.filterRows();
    this.changed();
  }

  /** @param {boolean} all */
  showAll(all) {
    this.showsAll = all;
    this.updateRows();
    this.changed();
  }

  /** @param {string} name @param {number} number */
  toggleFacet(name, number) {
    const chosen = this.chosen.get(name) ?? new Set();
    if (!chosen.delete(number)) {
      chosen.add(number);
    }
    this.chosen.set(name, chosen);
    this.update();
    this.changed();
  }

  /** @param {string} name */
  clearFacet(name) {
    this.chosen.delete(name);
    this.update();
    this.changed();
  }

  clearFacets() {
    this.chosen.clear();
    this.update();
    this.changed();
  }

  /** @param {Record<string, string>} texts choices by the name of their facet; everything else is shown again */
  filterBy(texts) {
    this.chosen.clear();
    if (this.query) {
      this.search("");
    }
    for (const [name, text] of Object.entries(texts)) {
      const number = this.facets.find((facet) => facet.name === name)?.choices.indexOf(text) ?? -1;
      this.chosen.set(name, new Set(number < 0 ? [] : [number]));
    }
    this.update();
    this.view = "decide";
    this.changed();
  }

  /** @param {View} view */
  show(view) {
    this.message = KEYS;
    this.view = view;
    this.changed();
  }

  /** @param {Dialog} dialog */
  open(dialog) {
    this.dialog = dialog;
    this.changed();
  }

  close() {
    this.dialog = null;
    this.waiting = null;
    this.changed();
  }

  /** @param {number} entry @returns {string[]} the manufacturers whose equipment has an element */
  makersOf(entry) {
    const { report } = this;
    const makers = new Set();
    for (const use of report.usesOf(entry)) {
      makers.add(report.equipment[report.uses.equipment[use]].manufacturer);
    }
    return [...makers];
  }

  /** @param {number} entry @returns {string} the code of an element, of the sheet or of a profile */
  shownCode(entry) {
    const code = this.store.codeOf(entry);
    const { report } = this;
    return (
      code || (report.entries.class[entry] === BY_PROFILE ? report.cells.get(report.entries.profileCode[entry]) : "")
    );
  }

  /**
   * Whether a K or C on an entry holds for all values of the element, whatever they will be.
   *
   * @param {number} entry
   * @returns {boolean}
   */
  holdsForElement(entry) {
    const scope = this.store.cell(entry, "scope").toLowerCase();
    return scope === "element" || (scope !== "values" && this.report.holdsForElement(this.report.cell(entry, "vr")));
  }

  /**
   * Decides the chosen entry and goes to the next one that is not decided.
   *
   * @param {string} code
   */
  decide(code) {
    const { entry } = this;
    if (entry < 0) {
      return;
    }
    this.perform(
      "key",
      `${code} for ${this.report.cell(entry, "element")}`,
      [{ entries: [entry], set: { code } }],
      () => this.#goOn(),
    );
  }

  takeSuggestion() {
    const { entry } = this;
    const suggestion = entry < 0 ? "" : this.report.cell(entry, "suggestion");
    if (suggestion) {
      this.decide(suggestion);
    } else {
      this.say("Nobody suggests a code for this element.");
    }
  }

  /**
   * Performs an act in the name of the person; asks for it first if it is not known.
   *
   * @param {Kind} kind
   * @param {string} what
   * @param {Part[]} parts
   * @param {() => void} [then]
   */
  perform(kind, what, parts, then) {
    const who = this.settings.who;
    if (!who) {
      this.waiting = () => this.perform(kind, what, parts, then);
      this.dialog = { kind: "who" };
      this.changed();
      return;
    }
    const when = `${new Date().toISOString().slice(0, 19)}Z`;
    const signed = parts.map(({ entries, set }) => ({ entries, set: { ...set, who, when } }));
    if (this.store.apply(kind, what, signed)) {
      this.recount();
    }
    then?.();
    this.changed();
  }

  /** @param {string} who */
  name(who) {
    this.settings.who = who;
    const { waiting } = this;
    this.dialog = null;
    this.waiting = null;
    waiting?.();
    this.changed();
  }

  #goOn() {
    if (this.showsAll) {
      for (let at = this.valueAt + 1; at < this.rows.length; at++) {
        const place = this.placeOfUse[this.report.useOfRow[this.rows[at]]] - 1;
        if (!this.store.isDecided(this.entries[place])) {
          this.chooseValue(at);
          return;
        }
      }
      this.say("No value after this one is of an element to decide.");
      return;
    }
    for (let at = this.at + 1; at < this.entries.length; at++) {
      if (!this.store.isDecided(this.entries[at])) {
        this.choose(at);
        return;
      }
    }
    const first = this.entries.findIndex((entry) => !this.store.isDecided(entry));
    if (first >= 0 && first !== this.at) {
      this.choose(first);
      return;
    }
    if (first < 0) {
      this.say("All that is shown here is decided.");
    }
  }

  /** @param {string} note @param {boolean} goesOn */
  setNote(note, goesOn) {
    const { entry } = this;
    if (entry < 0) {
      return;
    }
    this.dialog = null;
    const what = `note on ${this.report.cell(entry, "element")}`;
    this.perform("key", what, [{ entries: [entry], set: { note } }], () => {
      if (goesOn && this.at + 1 < this.entries.length) {
        this.choose(this.at + 1);
      }
    });
  }

  /** @param {string} scope */
  setScope(scope) {
    const { entry } = this;
    if (entry >= 0) {
      this.perform("key", `scope of ${this.report.cell(entry, "element")}`, [{ entries: [entry], set: { scope } }]);
    }
  }

  undo() {
    const act = this.store.undo();
    if (act) {
      const first = act.parts[0]?.entries[0];
      if (first === undefined || !this.entries.includes(first)) {
        // It is to be seen again what was undone.
        this.update();
      } else {
        this.recount();
      }
      const at = first === undefined ? -1 : this.entries.indexOf(first);
      if (at >= 0) {
        this.at = at;
        this.updateRows();
      }
      this.say(`Undone: ${act.what}.`);
    } else {
      this.say("Nothing is left to undo.");
    }
  }

  /**
   * Returns the entries that a bulk act is for.
   *
   * @param {"shown" | "creator"} which
   * @param {boolean} alsoDecided
   * @returns {number[]}
   */
  listBulk(which, alsoDecided) {
    const { entry, report } = this;
    let entries = [...this.entries];
    if (which === "creator") {
      const creator = entry < 0 ? -1 : report.entries.creator[entry];
      entries = [];
      for (let one = 0; one < report.entryCount; one++) {
        if (report.entries.creator[one] === creator && report.entries.class[one] !== BY_PROFILE) {
          entries.push(one);
        }
      }
    }
    return entries.filter((one) => alsoDecided || !this.store.isDecided(one));
  }

  /**
   * @param {string} code a code, or "o" for the suggestion of each
   * @param {number[]} entries
   * @param {string} note empty to leave the notes as they are
   */
  decideAll(code, entries, note) {
    const more = note ? { note } : {};
    /** @type {Map<string, number[]>} */
    const byCode = new Map();
    for (const entry of entries) {
      const own = code === "o" ? this.report.cell(entry, "suggestion") : code;
      if (own) {
        const some = byCode.get(own) ?? [];
        some.push(entry);
        byCode.set(own, some);
      }
    }
    const parts = [...byCode].map(([own, some]) => ({ entries: some, set: { code: own, ...more } }));
    const count = parts.reduce((sum, part) => sum + part.entries.length, 0);
    const named = code === "o" ? "what is suggested" : code;
    this.dialog = null;
    this.perform("bulk", `${named} for ${countOf(count, "element")}${this.#describeFilter()}`, parts, () =>
      this.say(`${countOf(count, "element")} decided. Ctrl+Z undoes it.`),
    );
  }

  /** @returns {string} what the list is filtered by, without what was searched: it may be a value */
  #describeFilter() {
    const words = [];
    for (const facet of this.facets) {
      const chosen = this.chosen.get(facet.name);
      if (chosen?.size) {
        words.push(`${facet.name} ${[...chosen].map((number) => facet.choices[number]).join(" or ")}`);
      }
    }
    return words.length ? ` (${words.join("; ")})` : "";
  }

  /** @param {string} message */
  say(message) {
    this.message = message;
    this.changed();
  }

  /** @returns {string} the VR of the chosen entry */
  get vr() {
    return this.entry < 0 ? "" : this.report.cell(this.entry, "vr");
  }

  /** @returns {boolean} */
  get isDate() {
    return DATE_VRS.has(this.vr);
  }
}

/** @param {Order | null} order @param {string} column @returns {Order | null} up, down, and none again */
function nextOrder(order, column) {
  if (order?.column !== column) {
    return { column, isDescending: false };
  }
  return order.isDescending ? null : { column, isDescending: true };
}

/** @param {Report} report @param {Store} store @returns {Facet[]} */
function makeFacets(report, store) {
  const { entries, entryCount } = report;
  const codes = [NONE, ...new Set([...CODES, ...report.head.known_codes])];
  const numberOfCode = new Map(codes.map((code, number) => [code, number]));
  /** @param {string} column @returns {(entry: number) => string[]} */
  const cell = (column) => (entry) => [report.cell(entry, column) || NONE];
  return [
    makeChangingFacet("class", report.head.classes, (entry) => {
      if (store.isDecided(entry)) {
        return BY_SHEET;
      }
      return entries.class[entry] === BY_SHEET ? TO_DECIDE : entries.class[entry];
    }),
    makeFacet("flag", entryCount, (entry) => {
      const flags = report.flagSets[entries.flags[entry]];
      return flags.length ? flags : [NONE];
    }),
    makeFacet("creator", entryCount, (entry) => [report.cells.get(entries.creator[entry]) || "(public element)"]),
    makeFacet("manufacturer", entryCount, (entry) => {
      const makers = new Set();
      for (const use of report.usesOf(entry)) {
        makers.add(report.equipment[report.uses.equipment[use]].manufacturer);
      }
      return makers.size ? makers : [NONE];
    }),
    makeFacet("VR", entryCount, cell("vr")),
    makeFacet("suggestion", entryCount, cell("suggestion")),
    makeChangingFacet("code", codes, (entry) =>
      store.isDecided(entry) ? (numberOfCode.get(store.codeOf(entry).toUpperCase()) ?? 0) : 0,
    ),
    makeFacet("equipment", entryCount, (entry) => {
      const names = new Set();
      for (const use of report.usesOf(entry)) {
        names.add(report.equipment[report.uses.equipment[use]].text);
      }
      return names.size ? names : [NONE];
    }),
  ];
}

export { NOTHING_TO_READ };
