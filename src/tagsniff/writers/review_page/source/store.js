/**
 * What a person has decided on the page: acts, their undoing, progress, and the rows of the sheet that follow.
 *
 * For: all views, and keeping.js, which keeps the acts.
 * Never: a value. An act has codes, notes and numbers of entries.
 *
 * An act sets cells of entries. It can be undone as a whole, back to the first one. The state of an entry is the cells
 * of the report with those that acts have set.
 */

/** @typedef {import("./report.js").Report} Report */
/** @typedef {{code?: string, collapse?: string, scope?: string, note?: string, who?: string, when?: string}} Cells */
/** @typedef {{entries: number[], set: Cells}} Part what an act sets in some of its entries */
/** @typedef {"key" | "bulk" | "load"} Kind */
/** @typedef {Record<string, string>} OtherRow a row of a loaded sheet that belongs to no entry */
/**
 * @typedef {object} Act
 * @property {number} id
 * @property {Kind} act
 * @property {string} what said to a person
 * @property {Part[]} parts
 * @property {OtherRow[]} [others] the rows without an entry after this act
 */
/** @typedef {{act: Act, before: Map<number, Cells | undefined>, othersBefore: OtherRow[]}} Done */

import { EDITED, KEY, TO_DECIDE } from "./report.js";

export class Store {
  /** @param {Report} report */
  constructor(report) {
    this.report = report;
    /** @type {Map<number, Cells>} the cells that differ from those of the report */
    this.changed = new Map();
    /** @type {OtherRow[]} */
    this.others = [];
    /** @type {Done[]} */
    this.done = [];
    /** @type {Map<string, number[]> | undefined} */
    this.keys = undefined;
    this.savedId = 0;
    this.lastId = 0;
    this.toDecide = 0;
    this.decided = 0;
    /** @type {Set<(act: Act, isUndone: boolean) => void>} */
    this.listeners = new Set();
    const codes = report.sheetCells.code;
    /** Whether each entry has a code now: 1 or 0. */
    this.hasCode = Uint8Array.from(codes, (number) => Number(report.cells.lengthOf(number) > 0));
    for (let entry = 0; entry < report.entryCount; entry++) {
      this.toDecide += report.entries.class[entry] === TO_DECIDE ? 1 : 0;
    }
  }

  /**
   * @param {number} entry
   * @param {typeof EDITED[number]} column
   * @returns {string}
   */
  cell(entry, column) {
    return this.changed.get(entry)?.[column] ?? this.report.cell(entry, column);
  }

  /** @param {number} entry @returns {string} */
  codeOf(entry) {
    return this.cell(entry, "code");
  }

  /** @param {number} entry @returns {boolean} */
  isDecided(entry) {
    return this.hasCode[entry] === 1;
  }

  /** @param {number} entry @returns {boolean} whether a person has set something in it on this page */
  isChanged(entry) {
    return this.changed.has(entry);
  }

  /** @returns {number} the number of the state: that of its last act, 0 without any */
  get stateId() {
    return this.done.length ? this.done[this.done.length - 1].act.id : 0;
  }

  /** @returns {boolean} whether the file that was saved last, or the one of the report, has another state */
  get isUnsaved() {
    return this.stateId !== this.savedId;
  }

  /** @returns {Act[]} */
  get acts() {
    return this.done.map(({ act }) => act);
  }

  /**
   * Sets cells of entries, as one act.
   *
   * @param {Kind} kind
   * @param {string} what
   * @param {Part[]} parts an entry is in one of them at most
   * @param {OtherRow[]} [others]
   * @returns {Act | null} null if nothing would change
   */
  apply(kind, what, parts, others) {
    const some = parts.filter((part) => part.entries.length);
    if (!some.length && !others) {
      return null;
    }
    /** @type {Act} */
    const act = { id: ++this.lastId, act: kind, what, parts: some, ...(others ? { others } : {}) };
    this.#perform(act);
    this.#tell(act, false);
    return act;
  }

  /** @returns {Act | null} the act that was undone; null if there is none */
  undo() {
    const act = this.#takeBack();
    if (act) {
      this.#tell(act, true);
    }
    return act;
  }

  /** @returns {Act | null} */
  #takeBack() {
    const last = this.done.pop();
    if (!last) {
      return null;
    }
    for (const [entry, cells] of last.before) {
      this.#put(entry, cells);
    }
    this.others = last.othersBefore;
    return last.act;
  }

  /**
   * Takes back the last act, without a word to those who listen: it could not be written.
   *
   * @param {number} id
   * @returns {boolean} false if it is not the last one
   */
  withdraw(id) {
    return this.stateId === id && this.#takeBack() !== null;
  }

  /** Notes that the file that was written now has the state of now. */
  markSaved() {
    this.savedId = this.stateId;
  }

  /**
   * Performs acts that were kept.
   *
   * @param {Act[]} acts
   * @param {number} savedId
   */
  restore(acts, savedId) {
    for (const act of acts) {
      if (act.parts.some((part) => part.entries.some((entry) => !(entry < this.report.entryCount)))) {
        throw new Error("what was kept belongs to another report");
      }
      this.#perform(act);
      this.lastId = Math.max(this.lastId, act.id);
    }
    this.savedId = savedId;
    this.lastId = Math.max(this.lastId, savedId);
  }

  /** @param {Act} act */
  #perform(act) {
    /** @type {Map<number, Cells | undefined>} */
    const before = new Map();
    for (const { entries, set } of act.parts) {
      for (const entry of entries) {
        const cells = this.changed.get(entry);
        before.set(entry, cells);
        this.#put(entry, { ...cells, ...set });
      }
    }
    this.done.push({ act, before, othersBefore: this.others });
    this.others = act.others ?? this.others;
  }

  /** @param {number} entry @param {Cells | undefined} cells */
  #put(entry, cells) {
    const was = this.hasCode[entry];
    if (cells) {
      this.changed.set(entry, cells);
    } else {
      this.changed.delete(entry);
    }
    this.hasCode[entry] = Number(this.codeOf(entry) !== "");
    if (this.report.entries.class[entry] === TO_DECIDE) {
      this.decided += this.hasCode[entry] - was;
    }
  }

  /** @param {Act} act @param {boolean} isUndone */
  #tell(act, isUndone) {
    for (const listener of this.listeners) {
      listener(act, isUndone);
    }
  }

  /** @param {number} entry @returns {boolean} whether the sheet has a row for the entry now */
  isInSheet(entry) {
    return this.report.entries.inSheet[entry] === 1 || this.isDecided(entry) || this.cell(entry, "note") !== "";
  }

  /** @param {number} entry @returns {Record<string, string>} the cells of the row of an entry, as it is now */
  rowOf(entry) {
    /** @type {Record<string, string>} */
    const row = {};
    for (const column of this.report.columns) {
      row[column] = this.report.cell(entry, column);
    }
    return { ...row, ...this.changed.get(entry) };
  }

  /** @returns {Generator<string[]>} the cells of all rows of the sheet in the order of its columns */
  *listRows() {
    const { columns, entryCount } = this.report;
    for (let entry = 0; entry < entryCount; entry++) {
      if (this.isInSheet(entry)) {
        const row = this.rowOf(entry);
        yield columns.map((column) => row[column]);
      }
    }
    for (const other of this.others) {
      yield columns.map((column) => other[column] ?? "");
    }
  }

  /**
   * Returns what a sheet changes: the parts for entries that it decides otherwise, and its rows without an entry.
   *
   * A K or C for the values of other runs than those of an entry does not decide it: nobody has seen its values. Such a
   * row (counted in `elsewhere`) is kept beside the entry, as in a sheet that the program writes.
   *
   * @param {readonly Record<string, string>[]} rows
   * @returns {{parts: Part[], others: OtherRow[], same: number, elsewhere: number}}
   */
  compare(rows) {
    const byKey = this.#findKeys();
    /** @type {Map<string, {entries: number[], rows: Record<string, string>[]}>} */
    const met = new Map();
    /** @type {OtherRow[]} */
    const others = [];
    for (const row of rows) {
      const key = this.#keyOfRow(row);
      const entries = byKey.get(key);
      if (!entries) {
        others.push(takeCells(row, this.report.columns));
        continue;
      }
      const group = met.get(key) ?? { entries: [...entries], rows: [] };
      group.rows.push(row);
      met.set(key, group);
    }
    /** @type {Part[]} */
    const parts = [];
    let same = 0;
    let elsewhere = 0;
    for (const { entries, rows: found } of met.values()) {
      // First the rows that say what an entry has already, then the others: to undecided entries first.
      const rest = found.filter((row) => {
        const at = entries.findIndex((entry) => this.#isSame(entry, row));
        if (at >= 0) {
          entries.splice(at, 1);
          same++;
        }
        return at < 0;
      });
      entries.sort((one, other) => Number(this.isDecided(one)) - Number(this.isDecided(other)) || one - other);
      for (const row of rest) {
        const entry = entries[0];
        if (entry === undefined) {
          others.push(takeCells(row, this.report.columns));
          continue;
        }
        if (this.#isForOtherValues(entry, row)) {
          others.push(takeCells(row, this.report.columns));
          elsewhere++;
          continue;
        }
        entries.shift();
        if (row.code || !this.isDecided(entry)) {
          parts.push({ entries: [entry], set: takeCells(row, EDITED) });
        }
      }
    }
    return { parts, others, same, elsewhere };
  }

  /** @param {Record<string, string>} row @returns {boolean} whether an entry has the key of a row */
  hasKey(row) {
    return this.#findKeys().has(this.#keyOfRow(row));
  }

  /** @returns {Map<string, number[]>} the entries by their keys, made once */
  #findKeys() {
    this.keys ??= this.#makeKeys();
    return this.keys;
  }

  /** @returns {Map<string, number[]>} */
  #makeKeys() {
    /** @type {Map<string, number[]>} */
    const byKey = new Map();
    for (let entry = 0; entry < this.report.entryCount; entry++) {
      const others = KEY.slice(1).map((column) => this.report.cell(entry, column).toLowerCase());
      const elements = new Set([
        this.report.cells.get(this.report.entries.key[entry]),
        this.report.cell(entry, "element"),
      ]);
      const name = this.report.cell(entry, "name");
      // A keyword names a public element of the root data set; it may be in the sheet in its place.
      if (/^\([0-9a-f]{4},[0-9a-f]{4}\)$/.test(this.report.cell(entry, "element")) && /^\w+$/.test(name)) {
        elements.add(name);
      }
      for (const element of elements) {
        const key = JSON.stringify([element, ...others]);
        const entries = byKey.get(key) ?? [];
        entries.push(entry);
        byKey.set(key, entries);
      }
    }
    return byKey;
  }

  /** @param {Record<string, string>} row @returns {string} */
  #keyOfRow(row) {
    return JSON.stringify([row.element, ...KEY.slice(1).map((column) => (row[column] ?? "").toLowerCase())]);
  }

  /**
   * Whether a row of a sheet keeps or cleans values of which those of an entry are no part.
   *
   * @param {number} entry
   * @param {Record<string, string>} row
   * @returns {boolean}
   */
  #isForOtherValues(entry, row) {
    const scope = (row.scope ?? "").toLowerCase();
    const holdsForElement =
      scope === "element" || (!scope && this.report.holdsForElement(this.report.cell(entry, "vr")));
    if (!["K", "C"].includes((row.code ?? "").toUpperCase()) || holdsForElement) {
      return false;
    }
    const runs = listRuns(this.report.cell(entry, "seen"));
    const seen = new Set(listRuns(row.seen ?? ""));
    return runs.length ? !runs.every((run) => seen.has(run)) : seen.size > 0;
  }

  /** @param {number} entry @param {Record<string, string>} row @returns {boolean} */
  #isSame(entry, row) {
    return EDITED.every((column) => this.cell(entry, column) === (row[column] ?? ""));
  }
}

/** @param {string} seen @returns {string[]} the runs whose values a row was decided on */
function listRuns(seen) {
  return seen.split(/\s+/).filter(Boolean);
}

/**
 * @param {Record<string, string>} row
 * @param {readonly string[]} columns
 * @returns {Record<string, string>}
 */
function takeCells(row, columns) {
  return Object.fromEntries(columns.map((column) => [column, row[column] ?? ""]));
}
