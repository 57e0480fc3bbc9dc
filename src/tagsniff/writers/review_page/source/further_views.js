/**
 * The views beside the lists: equipment by private creator, summary, inventory, collisions, deviations, what was left out.
 *
 * For: app.js.
 * Never: decide.
 */

/** @typedef {import("./model.js").Model} Model */
/** @typedef {import("preact").ComponentChildren} Children */
/** @typedef {{model: Model}} Props */

import { h } from "preact";
import { useMemo, useState } from "preact/hooks";
import { showText } from "./cells.js";
import { countOf, escapeUnseen, showCount } from "./text.js";

const MOST_ROWS = 2000;
const PUBLIC = "(public element)";

/**
 * A table of a few hundred rows at most in sight; the number of others is said.
 *
 * @param {{heads: [string, boolean][], rows: Children[][], label: string}} props heads with whether they are numbers
 */
function Table({ heads, rows, label }) {
  const [most, setMost] = useState(MOST_ROWS);
  return h(
    "div",
    { class: "table" },
    h(
      "table",
      { "aria-label": label },
      h(
        "thead",
        null,
        h(
          "tr",
          null,
          heads.map(([head, isNumber]) => h("th", { key: head, scope: "col", class: isNumber ? "number" : "" }, head)),
        ),
      ),
      h(
        "tbody",
        null,
        rows.slice(0, most).map((cells, at) =>
          h(
            "tr",
            { key: at },
            cells.map((cell, column) => h("td", { key: column, class: heads[column][1] ? "number" : "" }, cell)),
          ),
        ),
      ),
    ),
    rows.length > most
      ? h(
          "button",
          { type: "button", onClick: () => setMost(most + MOST_ROWS) },
          `${showCount(rows.length - most)} more rows`,
        )
      : null,
  );
}

/** @param {Props} props */
export function SummaryView({ model }) {
  const { head, equipment } = model.report;
  const { run, totals, profiles } = head;
  const facts = /** @type {[string, Children][]} */ ([
    ["Files", showCount(totals.files)],
    ["Series", showCount(totals.series)],
    ["Patients", totals.patients === null ? "not known" : showCount(totals.patients)],
    ["Kinds of equipment", showCount(totals.equipment)],
    ["Elements", showCount(totals.elements)],
    ["Rows", showCount(totals.rows)],
    ["To decide", `${showCount(model.store.decided)} of ${showCount(model.store.toDecide)} decided`],
    [
      "Not looked into",
      totals.unread ? `${countOf(totals.unread, "value")} of Pixel Data; only the length is listed` : "nothing",
    ],
  ]);
  return h(
    "div",
    { class: "paper" },
    h("h2", null, `${run.mode || "report"}, ${run.date}`),
    h(
      "p",
      { class: run.complete ? "" : "warning" },
      run.complete ? "The report is complete." : `The report is incomplete: ${run.incomplete}.`,
    ),
    run.names ? h("p", null, `Only files named ${run.names.join(" or ")} were read.`) : null,
    head.sheet.name
      ? null
      : h(
          "p",
          null,
          "No sheet of decisions was written with this page, so no scan remembers which values were seen here: ",
          "a K or C on text will show its values once more. To have one, give --decisions FILE.",
        ),
    h(
      "dl",
      { class: "facts" },
      facts.map(([name, fact]) => [h("dt", { key: name }, name), h("dd", null, fact)]),
    ),
    h("h3", null, "Profiles"),
    h(Table, {
      label: "Profiles",
      heads: [
        ["Layer", true],
        ["Kind", false],
        ["Name", false],
        ["Edition", false],
        ["Options", false],
        ["SHA-256", false],
      ],
      rows: profiles.map((/** @type {any} */ one) => [
        one.layer,
        one.kind,
        showText(one.name),
        showText(one.edition),
        showText(one.options.join(", ")),
        h("code", { class: "digest" }, one.sha256),
      ]),
    }),
    h("h3", null, "Equipment"),
    h(Table, {
      label: "Equipment",
      heads: [
        ["Modality", false],
        ["Manufacturer", false],
        ["Model", false],
        ["Software", false],
      ],
      rows: equipment.map((one) =>
        [one.modality, one.manufacturer, one.model, one.software].map((text) => showText(text)),
      ),
    }),
    h("h3", null, "Findings"),
    h(Table, {
      label: "Findings",
      heads: [
        ["Rows", true],
        ["Flag", false],
        ["Why a person should look", false],
      ],
      rows: head.findings.map((/** @type {[string, number]} */ [flag, count]) => [
        showCount(count),
        flag,
        model.report.flagTexts.get(flag) ?? "",
      ]),
    }),
    h("p", { class: "by" }, `tagsniff ${run.tagsniff}; report ${model.report.digest.slice(0, 16)}`),
  );
}

/** @param {Props} props */
export function EquipmentView({ model }) {
  const { report, store } = model;
  const found = countUndecided(model);
  const creators = [...found.byCreator.keys()].sort(
    (one, other) => (found.byCreator.get(other) ?? 0) - (found.byCreator.get(one) ?? 0) || (one < other ? -1 : 1),
  );
  const most = Math.max(1, ...found.cells.values());
  const undecided = report.equipment.filter(({ text }) => found.equipment.has(text));
  const all = [...found.byCreator.values()].reduce((sum, count) => sum + count, 0);
  return h(
    "div",
    { class: "paper wide" },
    h("h2", null, "Undecided elements by equipment and private creator"),
    h(
      "p",
      { class: "by" },
      all
        ? "A number opens the list of its elements. An element that several kinds of equipment have is counted for each."
        : "Nothing is left to decide.",
    ),
    h(
      "div",
      { class: "matrix" },
      h(
        "table",
        null,
        h(
          "thead",
          null,
          h(
            "tr",
            null,
            h("th", null, ""),
            creators.map((creator) =>
              h(
                "th",
                { key: creator, scope: "col" },
                h(
                  "button",
                  {
                    type: "button",
                    class: "link",
                    onClick: () => model.filterBy({ class: "to decide", creator, equipment: "" }),
                  },
                  showText(creator),
                ),
              ),
            ),
          ),
        ),
        h(
          "tbody",
          null,
          undecided.map((equipment) =>
            h(
              "tr",
              { key: equipment.text },
              h(
                "th",
                { scope: "row" },
                h(
                  "button",
                  {
                    type: "button",
                    class: "link",
                    onClick: () => model.filterBy({ class: "to decide", creator: "", equipment: equipment.text }),
                  },
                  showText(equipment.text),
                ),
              ),
              creators.map((creator) => {
                const count = found.cells.get(`${equipment.text}\n${creator}`) ?? 0;
                return h(
                  "td",
                  { key: creator },
                  count
                    ? h(
                        "button",
                        {
                          type: "button",
                          class: "cellcount",
                          style: { "--share": `${Math.round(8 + 27 * Math.sqrt(count / most))}%` },
                          "aria-label": escapeUnseen(
                            `${count} undecided elements of ${creator} with ${equipment.text}`,
                          ),
                          onClick: () => model.filterBy({ class: "to decide", creator, equipment: equipment.text }),
                        },
                        showCount(count),
                      )
                    : null,
                );
              }),
            ),
          ),
        ),
      ),
    ),
    h(
      "p",
      { class: "by" },
      `${showCount(store.decided)} of ${showCount(store.toDecide)} decided. On ${showCount(report.equipment.length - undecided.length)} of ${countOf(report.equipment.length, "kind of equipment", "kinds of equipment")} nothing is left.`,
    ),
  );
}

/** @param {Model} model */
function countUndecided(model) {
  const { report, store } = model;
  /** @type {Map<string, number>} */
  const cells = new Map();
  /** @type {Map<string, number>} */
  const byCreator = new Map();
  /** @type {Set<string>} */
  const equipment = new Set();
  for (let entry = 0; entry < report.entryCount; entry++) {
    if (report.entries.class[entry] !== 0 || store.isDecided(entry)) {
      continue;
    }
    const creator = report.cells.get(report.entries.creator[entry]) || PUBLIC;
    byCreator.set(creator, (byCreator.get(creator) ?? 0) + 1);
    const names = new Set();
    for (const use of report.usesOf(entry)) {
      names.add(report.equipment[report.uses.equipment[use]].text);
    }
    for (const name of names) {
      equipment.add(name);
      const key = `${name}\n${creator}`;
      cells.set(key, (cells.get(key) ?? 0) + 1);
    }
  }
  return { cells, byCreator, equipment };
}

/** @typedef {{name: string, count: number, rows: number[]}} CreatorNode */

/** @param {Props} props */
export function InventoryView({ model }) {
  const { report } = model;
  const { container, cells } = report;
  const tree = useMemo(() => (report.head.has_inventory ? makeTree(model) : new Map()), []);
  if (!report.head.has_inventory) {
    return h("div", { class: "paper" }, h("p", null, "This page was made without the inventory."));
  }
  const column = (/** @type {string} */ name) => container.column(`identities.${name}`);
  const [identity, name, vrs, blocks] = ["identity", "name", "vrs", "blocks"].map(column);
  const [files, series, patients, occurrences] = ["files", "series", "patients", "occurrences"].map(column);
  return h(
    "div",
    { class: "paper wide" },
    h("h2", null, `Inventory: ${countOf(files.length, "identity", "identities")}`),
    [...tree].map(([group, creators]) =>
      h(LazyDetails, {
        key: group,
        title: h(
          "span",
          null,
          h("b", { class: "mono" }, group),
          h("span", { class: "by" }, countOf(countRows(creators), "element")),
        ),
        content: () =>
          [.../** @type {Map<string, number[]>} */ (creators)].map(([creator, rows]) =>
            h(LazyDetails, {
              key: creator,
              isOpen: creators.size === 1,
              title: h(
                "span",
                null,
                showText(creator || "(public)"),
                h("span", { class: "by" }, countOf(rows.length, "element")),
              ),
              content: () =>
                h(Table, {
                  label: `Elements of group ${group}`,
                  heads: [
                    ["Identity", false],
                    ["Name", false],
                    ["VR", false],
                    ["Blocks", false],
                    ["Files", true],
                    ["Series", true],
                    ["Patients", true],
                    ["Times", true],
                  ],
                  rows: rows.map((row) => [
                    h("span", { class: "mono" }, showText(cells.get(identity[row]))),
                    showText(cells.get(name[row])),
                    cells.get(vrs[row]),
                    cells.get(blocks[row]),
                    showCount(files[row]),
                    showCount(series[row]),
                    showCount(patients[row]),
                    showCount(occurrences[row]),
                  ]),
                }),
            }),
          ),
      }),
    ),
  );
}

/** @param {Map<string, number[]>} creators @returns {number} */
function countRows(creators) {
  return [...creators.values()].reduce((sum, rows) => sum + rows.length, 0);
}

/** @param {Model} model @returns {Map<string, Map<string, number[]>>} rows of the inventory by group and creator */
function makeTree(model) {
  const { container, cells } = model.report;
  const identity = container.column("identities.identity");
  const creator = container.column("identities.creator");
  /** @type {Map<string, Map<string, number[]>>} */
  const tree = new Map();
  for (let row = 0; row < identity.length; row++) {
    // The group of the first step: an element in a sequence is listed with its sequence.
    const group = cells.get(identity[row]).slice(1, 5);
    const creators = tree.get(group) ?? new Map();
    const name = cells.get(creator[row]);
    const rows = creators.get(name) ?? [];
    rows.push(row);
    creators.set(name, rows);
    tree.set(group, creators);
  }
  return tree;
}

/**
 * A part of a tree, made when it is opened.
 *
 * @param {{title: Children, isOpen?: boolean, content: () => Children}} props
 */
function LazyDetails({ title, isOpen = false, content }) {
  const [wasOpened, setOpened] = useState(isOpen);
  return h(
    "details",
    {
      class: "tree",
      open: isOpen,
      onToggle: (/** @type {Event} */ event) => {
        if (/** @type {HTMLDetailsElement} */ (event.target).open) {
          setOpened(true);
        }
      },
    },
    h("summary", null, title),
    wasOpened ? content() : null,
  );
}

const COLLISION_TEXTS = {
  tag: "a private tag, as in the files, belongs to several private creators",
  block: "a private creator reserved several blocks of a group",
  case: "private creators of a group differ in letter case only",
  code: "the code of an element depends on the equipment, the VR or the block",
};

/** @param {Props} props */
export function CollisionsView({ model }) {
  /** @type {any[]} */
  const rows = model.report.head.collisions;
  return h(
    "div",
    { class: "paper wide" },
    h("h2", null, "Collisions: what means two things"),
    rows.length ? null : h("p", null, "There are none."),
    Object.entries(COLLISION_TEXTS).map(([kind, text]) => {
      const some = rows.filter((row) => row.kind === kind);
      return some.length
        ? h(
            "section",
            { key: kind },
            h("h3", null, kind, h("span", { class: "by" }, text)),
            h(Table, {
              label: kind,
              heads: [
                ["Subject", false],
                ["Element", false],
                ["VR", false],
                ["Code", false],
                ["Blocks", false],
                ["Files", true],
                ["Patients", true],
                ["Equipment", false],
              ],
              rows: some.map((row) => [
                h("span", { class: "mono" }, showText(row.subject)),
                h("span", { class: "mono" }, showText(row.element)),
                row.vr,
                row.code,
                row.blocks.join("/"),
                row.files === null ? "" : showCount(row.files),
                row.patients === null ? "" : showCount(row.patients),
                showText(row.equipment),
              ]),
            }),
          )
        : null;
    }),
  );
}

/** @param {Props} props */
export function DeviationsView({ model }) {
  /** @type {[string, number, string][]} */
  const rows = model.report.head.deviations;
  return h(
    "div",
    { class: "paper" },
    h("h2", null, "Deviations: files that break a rule of the standard, and could be read"),
    rows.length
      ? h(Table, {
          label: "Deviations",
          heads: [
            ["Files", true],
            ["Status", false],
            ["What it means", false],
          ],
          rows: rows.map(([name, count, text]) => [showCount(count), h("span", { class: "mono" }, name), text]),
        })
      : h("p", null, "There are none."),
  );
}

/** @param {Props} props */
export function OmissionsView({ model }) {
  const { left_out: counts, omissions } = model.report.head;
  return h(
    "div",
    { class: "paper wide" },
    h("h2", null, "Left out: faults and exclusions"),
    counts.length
      ? h(Table, {
          label: "Counts",
          heads: [
            ["Paths", true],
            ["Kind", false],
            ["Status", false],
            ["What it means", false],
          ],
          rows: counts.map((/** @type {[string, string, number, string]} */ [name, kind, count, text]) => [
            showCount(count),
            kind,
            h("span", { class: "mono" }, name),
            text,
          ]),
        })
      : h("p", null, "Nothing was left out."),
    omissions.length ? h("h3", null, "Paths") : null,
    omissions.length
      ? h(Table, {
          label: "Paths",
          heads: [
            ["Path", false],
            ["Status", false],
            ["Offset in bytes", true],
            ["Tag", false],
            ["Detail", false],
          ],
          rows: omissions.map((/** @type {any} */ one) => [
            h("span", { class: "mono" }, showText(one.path)),
            one.reason,
            one.offset_bytes === null ? "" : showCount(one.offset_bytes),
            one.tag ?? "",
            showText(one.detail ?? ""),
          ]),
        })
      : null,
  );
}
