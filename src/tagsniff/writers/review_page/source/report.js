/**
 * The report of the page: its value rows, element uses and entries, from the columns of the container.
 *
 * For: all views.
 * Never: changes. What a person decides is in store.js.
 *
 * An entry is what a person decides: a row of the sheet, or an element for which the sheet has none yet.
 */

/** @typedef {import("./container.js").Container} Container */
/** @typedef {import("./container.js").Column} Column */
/** @typedef {import("./container.js").TextTable} TextTable */
/**
 * @typedef {object} Equipment
 * @property {string} text
 * @property {string} modality
 * @property {string} manufacturer
 * @property {string} model
 * @property {string} software
 */

export const TO_DECIDE = 0;
export const BY_SHEET = 1;
export const BY_PROFILE = 2;
export const NOTHING_TO_READ = 3;

/** The cells that a person fills in. */
export const EDITED = /** @type {const} */ (["code", "collapse", "scope", "note", "who", "when"]);
/** The cells that say what a row is for. */
export const KEY = /** @type {const} */ (["element", "vr", "modality", "manufacturer", "model", "software"]);

export class Report {
  /**
   * @param {Container} container
   * @param {string} digest of the container
   */
  constructor(container, digest) {
    const { head } = container;
    this.head = head;
    this.digest = digest;
    this.values = container.texts("values");
    this.paths = container.texts("paths");
    this.cells = container.texts("cells");
    this.deciding = container.texts("deciding");
    this.rows = {
      kind: container.column("rows.kind"),
      value: container.column("rows.value"),
      files: container.column("rows.files"),
      series: container.column("rows.series"),
      patients: container.column("rows.patients"),
      occurrences: container.column("rows.occurrences"),
      flags: container.column("rows.flags"),
      code: container.column("rows.code"),
      deciding: container.column("rows.deciding"),
      path: container.column("rows.path"),
    };
    this.rowCount = this.rows.value.length;
    this.uses = {
      start: findStarts(container.column("uses.rows")),
      equipment: container.column("uses.equipment"),
      element: container.column("uses.element"),
      vr: container.column("uses.vr"),
      blocks: container.column("uses.blocks"),
      summary: container.column("uses.summary"),
    };
    this.useCount = this.uses.start.length;
    this.useOfRow = spread(this.uses.start, this.rowCount);
    this.entries = {
      summary: container.column("entries.summary"),
      class: container.column("entries.class"),
      inSheet: container.column("entries.in_sheet"),
      score: container.column("entries.score"),
      key: container.column("entries.key"),
      creator: container.column("entries.creator"),
      files: container.column("entries.files"),
      series: container.column("entries.series"),
      patients: container.column("entries.patients"),
      distinct: container.column("entries.distinct"),
      flags: container.column("entries.flags"),
      profileCode: container.column("entries.profile_code"),
      deciding: container.column("entries.deciding"),
    };
    this.entryCount = this.entries.class.length;
    /** @type {string[]} */
    this.columns = head.sheet.columns;
    /** @type {Record<string, Column>} */
    this.sheetCells = Object.fromEntries(this.columns.map((name) => [name, container.column(`cells.${name}`)]));
    /** @type {Equipment[]} */
    this.equipment = head.equipment;
    /** @type {string[][]} */
    this.flagSets = head.flagSets;
    /** @type {Map<string, string>} */
    this.flagTexts = new Map(head.flags);
    this.elementScope = new Set(head.element_scope_vrs);
    this.usesOfSummary = groupNumbers(this.uses.summary);
    this.container = container;
  }

  /** @param {number} entry @param {string} column @returns {string} a cell of the sheet, as it was in the report */
  cell(entry, column) {
    return this.cells.get(this.sheetCells[column][entry]);
  }

  /** @param {number} entry @returns {Uint32Array} the element uses of an entry */
  usesOf(entry) {
    const summary = this.entries.summary[entry];
    return summary ? this.usesOfSummary.of(summary - 1) : new Uint32Array(0);
  }

  /** @param {number} use @returns {number} the end of the rows of an element use */
  endOf(use) {
    return use + 1 < this.useCount ? this.uses.start[use + 1] : this.rowCount;
  }

  /** @param {number} entry @returns {Uint32Array} the value rows of an entry */
  rowsOf(entry) {
    const uses = this.usesOf(entry);
    let count = 0;
    for (const use of uses) {
      count += this.endOf(use) - this.uses.start[use];
    }
    const rows = new Uint32Array(count);
    let at = 0;
    for (const use of uses) {
      for (let row = this.uses.start[use]; row < this.endOf(use); row++) {
        rows[at++] = row;
      }
    }
    return rows;
  }

  /** @param {number} row @returns {Equipment} */
  equipmentOf(row) {
    return this.equipment[this.uses.equipment[this.useOfRow[row]]];
  }

  /** @param {number} row @returns {string} */
  kindOf(row) {
    return this.head.kinds[this.rows.kind[row]];
  }

  /** @param {string} vr @returns {boolean} whether a K on this VR holds for the element if no scope is named */
  holdsForElement(vr) {
    return this.elementScope.has(vr);
  }
}

/** Numbers grouped: for each group, the places that have its number. */
export class Groups {
  /** @param {Uint32Array} starts @param {Uint32Array} members */
  constructor(starts, members) {
    this.starts = starts;
    this.members = members;
  }

  /** @param {number} group @returns {Uint32Array} */
  of(group) {
    return group + 1 < this.starts.length
      ? this.members.subarray(this.starts[group], this.starts[group + 1])
      : new Uint32Array(0);
  }
}

/** @param {Column} numbers @returns {Groups} */
export function groupNumbers(numbers) {
  let most = -1;
  for (let at = 0; at < numbers.length; at++) {
    most = Math.max(most, numbers[at]);
  }
  const starts = new Uint32Array(most + 2);
  for (let at = 0; at < numbers.length; at++) {
    starts[numbers[at] + 1]++;
  }
  for (let group = 0; group <= most; group++) {
    starts[group + 1] += starts[group];
  }
  const places = starts.slice();
  const members = new Uint32Array(numbers.length);
  for (let at = 0; at < numbers.length; at++) {
    members[places[numbers[at]]++] = at;
  }
  return new Groups(starts, members);
}

/** @param {Column} counts @returns {Uint32Array} where each part begins */
function findStarts(counts) {
  const starts = new Uint32Array(counts.length);
  for (let part = 1; part < counts.length; part++) {
    starts[part] = starts[part - 1] + counts[part - 1];
  }
  return starts;
}

/** @param {Column} starts @param {number} count @returns {Uint32Array} for each row the number of its part */
function spread(starts, count) {
  const numbers = new Uint32Array(count);
  for (let part = 0; part < starts.length; part++) {
    numbers.fill(part, starts[part], part + 1 < starts.length ? starts[part + 1] : count);
  }
  return numbers;
}
