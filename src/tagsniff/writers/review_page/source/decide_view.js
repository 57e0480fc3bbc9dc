/**
 * The view in which elements are decided: facets, the list of elements, the bar of the chosen one, its values.
 *
 * For: app.js.
 * Never: a decision without a key or a button.
 */

/** @typedef {import("./model.js").Model} Model */
/** @typedef {import("./facets.js").Facet} Facet */
/** @typedef {import("./grid.js").GridColumn} GridColumn */
/** @typedef {import("preact").ComponentChildren} Children */

import { h } from "preact";
import { useState } from "preact/hooks";
import { showCode, showElement, showFlags, showFound, showText } from "./cells.js";
import { Grid } from "./grid.js";
import { HistogramView } from "./histogram_view.js";
import { CODES, CODE_TEXTS } from "./model.js";
import { BY_PROFILE } from "./report.js";
import { countOf, escapeUnseen, showCount } from "./text.js";

/** @type {GridColumn[]} */
const ELEMENT_COLUMNS = [
  { name: "code", title: "Code", width: 3.6, hint: "the decision" },
  { name: "element", title: "Element", width: 16.5, grow: 1.6 },
  { name: "vr", title: "VR", width: 2.6 },
  { name: "name", title: "Name", width: 10, grow: 1 },
  { name: "files", title: "Files", width: 3.9, isNumber: true },
  { name: "series", title: "Series", width: 4.2, isNumber: true, isUnprinted: true },
  { name: "patients", title: "Patients", width: 4.7, isNumber: true },
  { name: "distinct", title: "Distinct", width: 4.8, isNumber: true, hint: "different values" },
  { name: "flags", title: "Flags", width: 13, grow: 1.3, hint: "why a person should look" },
  { name: "suggestion", title: "Suggested", width: 8.5, hint: "what others decided; it decides nothing here" },
  {
    name: "shapes",
    title: "Shapes",
    width: 10,
    grow: 1,
    hint: "A: capital, a: small letter, 9: digit; +: more",
    isUnprinted: true,
  },
  { name: "min", title: "Min", width: 7, isNumber: true, isUnprinted: true },
  { name: "max", title: "Max", width: 7, isNumber: true, isUnprinted: true },
  { name: "creator", title: "Creator", width: 11, hint: "private creator", isUnprinted: true },
  { name: "makers", title: "Makers", width: 12, hint: "manufacturers of the equipment", isUnprinted: true },
  { name: "note", title: "Note", width: 14 },
];

/** @type {GridColumn[]} */
const VALUE_COLUMNS = [
  { name: "value", title: "Value", width: 26, grow: 4 },
  { name: "files", title: "Files", width: 3.9, isNumber: true },
  { name: "series", title: "Series", width: 4.2, isNumber: true, isUnprinted: true },
  { name: "patients", title: "Patients", width: 4.7, isNumber: true },
  { name: "occurrences", title: "Times", width: 4.2, isNumber: true, hint: "occurrences" },
  { name: "flags", title: "Flags", width: 11, grow: 1 },
  { name: "equipment", title: "Equipment", width: 11, grow: 1.5 },
  { name: "path", title: "Example file", width: 8, grow: 1 },
];
/** @type {GridColumn} */
const OF_ELEMENT = { name: "element", title: "Element", width: 12, grow: 1 };
const TITLES = new Map([
  ["class", "State"],
  ["flag", "Flag"],
  ["creator", "Private creator"],
  ["manufacturer", "Manufacturer"],
  ["suggestion", "Suggested code"],
  ["code", "Code"],
  ["equipment", "Equipment"],
]);
const FEW_CHOICES = 8;
// Where the facets are above the lists, as at 200 %, they are closed at first.
const NARROW_PIXELS = 960;
const MOST_SHAPES = 12;

/** @param {{model: Model}} props */
export function DecideView({ model }) {
  return h(
    "div",
    { class: "decide" },
    h(Facets, { model }),
    h("div", { class: "lists" }, h(Elements, { model }), h(DecisionBar, { model }), h(Values, { model })),
  );
}

/** @param {{model: Model}} props */
function Facets({ model }) {
  return h(
    "nav",
    { class: "facets", "aria-label": "Filter the elements" },
    model.facets.map((facet) => h(FacetView, { key: facet.name, model, facet })),
  );
}

/** @param {{model: Model, facet: Facet}} props */
function FacetView({ model, facet }) {
  const [showsAll, setShowsAll] = useState(false);
  const chosen = model.chosen.get(facet.name) ?? new Set();
  const counts = model.counts.get(facet.name) ?? new Uint32Array(facet.choices.length);
  const order = facet.choices.map((_, number) => number).filter((number) => counts[number] || chosen.has(number));
  if (facet.name !== "class") {
    order.sort((one, other) => counts[other] - counts[one] || (facet.choices[one] < facet.choices[other] ? -1 : 1));
  }
  const listed = showsAll ? order : order.filter((number, at) => at < FEW_CHOICES || chosen.has(number));
  if (!order.length) {
    return null;
  }
  return h(
    "details",
    { class: "facet", open: facet.name !== "equipment" && innerWidth > NARROW_PIXELS },
    h(
      "summary",
      null,
      TITLES.get(facet.name) ?? facet.name,
      chosen.size ? h("span", { class: "on" }, chosen.size) : null,
    ),
    h(
      "ul",
      null,
      listed.map((number) =>
        h(
          "li",
          { key: number },
          h(
            "label",
            { class: chosen.has(number) ? "chosen" : "" },
            h("input", {
              type: "checkbox",
              checked: chosen.has(number),
              onChange: () => model.toggleFacet(facet.name, number),
            }),
            h(
              "span",
              {
                class: "choice",
                title: model.report.flagTexts.get(facet.choices[number]) ?? escapeUnseen(facet.choices[number]),
              },
              showText(facet.choices[number]),
            ),
            h("span", { class: "number" }, showCount(counts[number])),
          ),
        ),
      ),
    ),
    h(
      "div",
      { class: "links" },
      order.length > listed.length || showsAll
        ? h(
            "button",
            { type: "button", class: "link", onClick: () => setShowsAll(!showsAll) },
            showsAll ? "fewer" : `all ${order.length}`,
          )
        : null,
      chosen.size
        ? h("button", { type: "button", class: "link", onClick: () => model.clearFacet(facet.name) }, "any")
        : null,
    ),
  );
}

/** @param {{model: Model}} props */
function Elements({ model }) {
  const { report, store } = model;
  const { entries } = report;
  return h(Grid, {
    id: "elements",
    label: "Elements",
    columns: ELEMENT_COLUMNS,
    count: model.entries.length,
    at: model.at,
    order: model.order,
    isPrinting: model.isPrinting,
    stamp: model.query,
    empty: [
      "No element passes the search and the filters. ",
      h(
        "button",
        { key: "any", type: "button", class: "link", onClick: () => model.clearFacets() },
        "Take the filters off",
      ),
    ],
    rowClass: (place) => {
      const entry = model.entries[place];
      return store.isDecided(entry) ? "decided" : "";
    },
    cell: (place, column) => {
      const entry = model.entries[place];
      switch (column.name) {
        case "code":
          return showCode(model.shownCode(entry), entries.class[entry] === BY_PROFILE && !store.isDecided(entry));
        case "files":
          return showCount(entries.files[entry]);
        case "series":
          return showCount(entries.series[entry]);
        case "patients":
          return showCount(entries.patients[entry]);
        case "distinct": {
          const cell = report.cell(entry, "distinct");
          return cell.startsWith("about ")
            ? `about ${showCount(entries.distinct[entry])}`
            : showCount(entries.distinct[entry]);
        }
        case "flags":
          return showFlags(model, report.flagSets[entries.flags[entry]]);
        case "suggestion": {
          const by = report.cell(entry, "suggested_by");
          return [
            showCode(report.cell(entry, "suggestion"), true),
            by ? h("span", { class: "by" }, showText(by)) : null,
          ];
        }
        case "creator":
          return showText(report.cells.get(entries.creator[entry]));
        case "makers":
          return showText(model.makersOf(entry).join(", ") || report.cell(entry, "manufacturer"));
        case "note":
          return showText(store.cell(entry, "note"));
        case "element": {
          const maker = report.cell(entry, "manufacturer");
          return [
            showElement(report.cell(entry, "element")),
            maker ? h("span", { class: "by" }, showText(maker)) : null,
          ];
        }
        default:
          return showText(report.cell(entry, column.name));
      }
    },
    onChoose: (at) => model.choose(at),
    onOpen: () => document.getElementById("values")?.focus(),
    onSort: (column) => model.sortBy(column),
  });
}

/** @param {{model: Model}} props */
function DecisionBar({ model }) {
  const { entry, report, store } = model;
  if (entry < 0) {
    return h("div", { class: "bar" }, "No element is chosen.");
  }
  const code = store.codeOf(entry);
  const suggestion = report.cell(entry, "suggestion");
  const flags = report.flagSets[report.entries.flags[entry]];
  const deciding = report.cells.get(report.entries.deciding[entry]);
  const isDefault = deciding.startsWith("none");
  const maker = report.cell(entry, "manufacturer");
  return h(
    "section",
    { class: "bar", "aria-label": "The chosen element" },
    h(
      "div",
      { class: "what" },
      h("strong", { class: "mono" }, showElement(report.cell(entry, "element"))),
      h("span", { class: "vr" }, report.cell(entry, "vr")),
      h("span", null, showText(report.cell(entry, "name"))),
      maker ? h("span", { class: "by" }, "only of ", showText(maker)) : null,
      deciding
        ? h(
            "span",
            { class: "by rest", title: escapeUnseen(deciding) },
            isDefault ? "no row of a profile: the default decides" : "row of a profile: ",
            isDefault ? null : showText(deciding),
          )
        : null,
    ),
    h(
      "div",
      { class: "act" },
      h(
        "div",
        { class: "codes", role: "group", "aria-label": "Code" },
        CODES.map((one) =>
          h(
            "button",
            {
              key: one,
              type: "button",
              class: `code-button code-${one}`,
              "aria-pressed": code === one,
              onClick: () => model.decide(one),
            },
            h("kbd", null, one),
            ` ${CODE_TEXTS[one]}`,
          ),
        ),
      ),
      suggestion
        ? h(
            "button",
            { type: "button", class: "suggested", onClick: () => model.takeSuggestion() },
            h("kbd", null, "O"),
            ` take ${suggestion}`,
            h("span", { class: "by" }, report.cell(entry, "suggested_by")),
          )
        : null,
      h(
        "button",
        { type: "button", onClick: () => model.open({ kind: "note", skips: true }) },
        h("kbd", null, "S"),
        " skip",
      ),
      h(
        "button",
        { type: "button", onClick: () => model.open({ kind: "note", skips: false }) },
        h("kbd", null, "N"),
        " note",
      ),
      h(
        "button",
        { type: "button", onClick: () => model.open({ kind: "bulk" }) },
        h("kbd", null, "B"),
        ` all shown (${showCount(model.entries.length)})`,
      ),
      h(
        "label",
        { class: "scope", title: "New values of an element whose K or C holds for the values seen show again" },
        h("kbd", null, "E"),
        " K and C hold for ",
        h(
          "select",
          {
            value: model.holdsForElement(entry) ? "element" : "values",
            onChange: (/** @type {Event} */ event) =>
              model.setScope(/** @type {HTMLSelectElement} */ (event.target).value),
          },
          h("option", { value: "values" }, "the values seen"),
          h("option", { value: "element" }, "the element, any value"),
        ),
      ),
    ),
    h(
      "div",
      { class: "why" },
      store.cell(entry, "note") ? h("span", { class: "note" }, "Note: ", showText(store.cell(entry, "note"))) : null,
      flags.map((flag) =>
        h("span", { key: flag, class: "reason" }, h("b", null, flag), ` ${report.flagTexts.get(flag) ?? ""}`),
      ),
    ),
  );
}

/** @param {{model: Model}} props */
function Values({ model }) {
  const { report } = model;
  const { rows } = report;
  const columns = model.showsAll ? [OF_ELEMENT, ...VALUE_COLUMNS] : VALUE_COLUMNS;
  const isSearched = model.valueHits && model.rows.length !== model.allRows.length;
  return h(
    "section",
    { class: "values", "aria-label": "Values" },
    h(
      "div",
      { class: "above" },
      h("b", null, countOf(model.rows.length, "row"), model.showsAll ? " of all elements in the list" : ""),
      isSearched ? h("span", { class: "by" }, `of ${showCount(model.allRows.length)}`) : null,
      h(
        "label",
        null,
        h("input", {
          type: "checkbox",
          checked: model.showsAll,
          onChange: () => model.showAll(!model.showsAll),
        }),
        " values of all elements shown",
      ),
      model.shapes.length > 1
        ? h(
            "div",
            { class: "shapes", role: "group", "aria-label": "Shapes" },
            model.shapes.slice(0, MOST_SHAPES).map(([shape, count]) =>
              h(
                "button",
                {
                  key: shape,
                  type: "button",
                  class: "shape",
                  "aria-pressed": model.shape === shape,
                  onClick: () => model.chooseShape(shape),
                },
                showText(shape),
                h("span", { class: "number" }, showCount(count)),
              ),
            ),
            model.shapes.length > MOST_SHAPES
              ? h("span", { class: "by" }, `and ${model.shapes.length - MOST_SHAPES} other shapes`)
              : null,
          )
        : null,
    ),
    h(
      "div",
      { class: "beside" },
      h(Grid, {
        id: "values",
        label: "Values of the chosen element",
        columns,
        count: model.rows.length,
        at: model.valueAt,
        order: model.valueOrder,
        isPrinting: model.isPrinting,
        stamp: model.showsAll ? model.query : `${model.entry} ${model.shape}`,
        empty: model.entry < 0 ? "" : "Nothing of this element is in the collection.",
        cell: (place, column) => {
          const row = model.rows[place];
          switch (column.name) {
            case "value":
              return showValue(model, row);
            case "files":
              return showCount(rows.files[row]);
            case "series":
              return showCount(rows.series[row]);
            case "patients":
              return showCount(rows.patients[row]);
            case "occurrences":
              return showCount(rows.occurrences[row]);
            case "flags":
              return showFlags(model, report.flagSets[rows.flags[row]]);
            case "equipment":
              return showText(report.equipmentOf(row).text);
            case "element":
              return showElement(report.cells.get(report.uses.element[report.useOfRow[row]]));
            default:
              return h("bdi", { dir: "ltr" }, showText(report.paths.get(rows.path[row])));
          }
        },
        onChoose: (at) => model.chooseValue(at),
        onOpen: (at) => {
          if (at < model.rows.length) {
            model.open({ kind: "value", row: model.rows[at] });
          }
        },
        onLeave: () => document.getElementById("elements")?.focus(),
        onSort: (column) => model.sortValuesBy(column),
      }),
      model.showsAll ? null : h(HistogramView, { model }),
    ),
  );
}

/** @param {Model} model @param {number} row @returns {Children} */
function showValue(model, row) {
  const { report } = model;
  const number = report.rows.value[row];
  switch (report.kindOf(row)) {
    case "code":
      return [
        showCode(report.head.codes[report.rows.code[row]], true),
        h("span", { class: "by" }, "no value is recorded"),
      ];
    case "more":
      return h("span", { class: "by" }, `about ${report.values.get(number)} different values; not all are listed`);
    case "count":
      return h("span", { class: "by" }, `${report.values.get(number)} different values`);
    default:
      return model.valueHits?.[number]
        ? showFound(report.values.get(number), model.query)
        : showText(report.values.begin(number, 400), report.values.lengthOf(number));
  }
}
