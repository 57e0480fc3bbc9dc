// A report made by hand, for tests of the store and the model: the same columns as those of a page.

import { TextTable } from "../../../src/tagsniff/writers/review_page/source/container.js";
import { Report } from "../../../src/tagsniff/writers/review_page/source/report.js";

export const COLUMNS = [
  ...["element", "vr", "modality", "manufacturer", "model", "software"],
  ...["code", "collapse", "scope", "seen", "note", "who", "when"],
  ...["name", "files", "series", "patients", "distinct", "min", "max"],
  ...["shapes", "examples", "flags", "suggestion", "suggested_by"],
];

/** A table of texts that gives numbers. */
class Texts {
  constructor() {
    this.list = [""];
  }

  number(text) {
    const at = this.list.indexOf(text);
    return at >= 0 ? at : this.list.push(text) - 1;
  }

  table() {
    let end = 0;
    return new TextTable(
      this.list.join(""),
      Uint32Array.from(this.list, (text) => (end += text.length)),
    );
  }
}

/**
 * Makes a report of entries: {cells, class, inSheet, creator, values: [[value, flags]]}.
 * An entry without values is a row that nothing has met.
 */
export function makeReport(entries) {
  const cells = new Texts();
  const values = [...new Set(entries.flatMap((entry) => (entry.values ?? []).map(([value]) => value)))].sort();
  const flagSets = [[]];
  const flagsOf = (flags) => {
    const at = flagSets.findIndex((one) => one.join() === flags.join());
    return at >= 0 ? at : flagSets.push(flags) - 1;
  };
  const columns = {};
  const add = (name, numbers, Form = Uint32Array) => {
    columns[name] = Form.from(numbers);
  };
  const met = entries.filter((entry) => entry.values);
  const rows = met.flatMap((entry) => entry.values);
  add(
    "rows.kind",
    rows.map(() => 0),
  );
  add(
    "rows.value",
    rows.map(([value]) => values.indexOf(value)),
  );
  for (const name of ["files", "series", "patients", "occurrences"]) {
    add(
      `rows.${name}`,
      rows.map(() => 1),
    );
  }
  add(
    "rows.flags",
    rows.map(([, flags]) => flagsOf(flags ?? [])),
  );
  add(
    "rows.code",
    rows.map(() => 0),
  );
  add(
    "rows.deciding",
    rows.map(() => 0),
  );
  add(
    "rows.path",
    rows.map(() => 0),
  );
  add(
    "uses.rows",
    met.map((entry) => entry.values.length),
  );
  add(
    "uses.equipment",
    met.map((entry) => entry.equipment ?? 0),
  );
  add(
    "uses.element",
    met.map((entry) => cells.number(entry.cells.element)),
  );
  add(
    "uses.vr",
    met.map((entry) => cells.number(entry.cells.vr ?? "")),
  );
  add(
    "uses.blocks",
    met.map(() => 0),
  );
  add(
    "uses.summary",
    met.map((_, at) => at),
  );
  add(
    "entries.summary",
    entries.map((entry) => (entry.values ? met.indexOf(entry) + 1 : 0)),
  );
  add(
    "entries.class",
    entries.map((entry) => entry.class ?? 0),
  );
  add(
    "entries.in_sheet",
    entries.map((entry) => Number(entry.inSheet ?? true)),
  );
  add(
    "entries.score",
    entries.map((entry) => entry.score ?? 0),
    Float64Array,
  );
  add(
    "entries.key",
    entries.map((entry) => cells.number(entry.key ?? entry.cells.element)),
  );
  add(
    "entries.creator",
    entries.map((entry) => cells.number(entry.creator ?? "")),
  );
  for (const name of ["files", "series", "patients", "distinct"]) {
    add(
      `entries.${name}`,
      entries.map((entry) => Number(entry.cells[name] ?? -1)),
      Float64Array,
    );
  }
  add(
    "entries.flags",
    entries.map((entry) => flagsOf((entry.cells.flags ?? "").split(" ").filter(Boolean))),
  );
  add(
    "entries.profile_code",
    entries.map((entry) => cells.number(entry.profileCode ?? "")),
  );
  add(
    "entries.deciding",
    entries.map(() => 0),
  );
  for (const column of COLUMNS) {
    add(
      `cells.${column}`,
      entries.map((entry) => cells.number(String(entry.cells[column] ?? ""))),
    );
  }
  let end = 0;
  const tables = {
    values: new TextTable(
      values.join(""),
      Uint32Array.from(values, (text) => (end += text.length)),
    ),
    paths: new TextTable("", Uint32Array.of(0)),
    deciding: new TextTable("", Uint32Array.of(0)),
    cells: cells.table(),
  };
  const head = {
    sheet: { columns: COLUMNS, settings: [], name: "" },
    classes: ["to decide", "decided by the sheet", "decided by a profile", "nothing to read"],
    kinds: ["value"],
    codes: ["R"],
    known_codes: ["X", "X/Z", "Z", "D", "U", "C", "R", "K"],
    element_scope_vrs: ["DS", "CS"],
    equipment: [
      { text: "CT:ACME:M:1", modality: "CT", manufacturer: "ACME", model: "M", software: "1" },
      { text: "MR:OTHER:N:2", modality: "MR", manufacturer: "OTHER", model: "N", software: "2" },
    ],
    flagSets,
    flags: [],
  };
  return new Report(
    { head, column: (name) => columns[name], texts: (name) => tables[name], has: (name) => name in columns },
    "d",
  );
}
