/**
 * The dialogs: keys, a whole value, the name of the person, a note, a decision for many elements, a loaded sheet.
 *
 * For: app.js.
 * Never: more than one at a time.
 */

/** @typedef {import("./model.js").Model} Model */
/** @typedef {import("./model.js").Dialog} DialogState */
/** @typedef {import("./keeping.js").Found} Found */
/** @typedef {import("preact").ComponentChildren} Children */

import { h } from "preact";
import { useLayoutEffect, useRef, useState } from "preact/hooks";
import { showCode, showFlags, showUnseen } from "./cells.js";
import { CODES, CODE_TEXTS } from "./model.js";
import { countOf, showCount } from "./text.js";

const MOST_CHARACTERS = 200000;

/** @type {[string, string][]} */
const KEYS = [
  ["/", "search in elements, names, notes and all values"],
  ["↑ ↓", "move in a list; Page Up, Page Down, Home and End too"],
  ["Enter", "from the elements to the values; on a value: all of it"],
  ["Esc", "back to the elements; empty the search"],
  ["K X Z D C U R", "keep, remove, empty, dummy, clean, new UID, review: decides the chosen element and goes on"],
  ["O", "take the suggestion"],
  ["S", "skip, with a note"],
  ["N", "write a note"],
  ["E", "K or C for the values seen, or for the element"],
  ["B", "decide all elements that are shown, or of this creator"],
  ["A", "values of this element, or of all elements shown"],
  ["Ctrl+Z", "undo, back to the start"],
  ["Ctrl+S", "save the sheet"],
  ["?", "these keys"],
];

/** @param {{model: Model}} props */
export function Dialogs({ model }) {
  const { dialog } = model;
  if (!dialog) {
    return null;
  }
  switch (dialog.kind) {
    case "help":
      return h(Help, { model });
    case "value":
      return h(WholeValue, { model, row: dialog.row });
    case "who":
      return h(Who, { model });
    case "note":
      return h(Note, { model, skips: dialog.skips });
    case "bulk":
      return h(Bulk, { model });
    case "load":
      return h(
        Box,
        { model, title: "This sheet cannot be read" },
        h("p", null, showUnseen(`${dialog.name}: ${dialog.problem}.`, false)),
      );
    default:
      return h(Loaded, { model, dialog });
  }
}

/** @param {{model: Model, title: string, children?: Children}} props */
function Box({ model, title, children }) {
  /** @type {{current: HTMLDialogElement | null}} */
  const box = useRef(null);
  useLayoutEffect(() => {
    const dialog = box.current;
    const before = document.activeElement;
    dialog?.showModal();
    return () => {
      // As long as it is open, nothing else can have the focus.
      dialog?.close();
      if (before instanceof HTMLElement) {
        before.focus({ preventScroll: true });
      }
    };
  }, []);
  return h(
    "dialog",
    {
      ref: box,
      "aria-labelledby": "dialog-title",
      // The keys of the page are not for a dialog, and Escape is for it alone.
      onKeyDown: (/** @type {Event} */ event) => event.stopPropagation(),
      onCancel: (/** @type {Event} */ event) => {
        event.preventDefault();
        model.close();
      },
    },
    h("h2", { id: "dialog-title" }, title),
    children,
    h("button", { type: "button", class: "close", "aria-label": "Close", onClick: () => model.close() }, "✕"),
  );
}

/** @param {{model: Model}} props */
function Help({ model }) {
  return h(
    Box,
    { model, title: "Keys" },
    h(
      "table",
      { class: "keys" },
      h(
        "tbody",
        null,
        KEYS.map(([keys, text]) =>
          h("tr", { key: keys }, h("th", { scope: "row" }, h("kbd", null, keys)), h("td", null, text)),
        ),
      ),
    ),
  );
}

/** @param {{model: Model, row: number}} props */
function WholeValue({ model, row }) {
  const { report } = model;
  const { rows } = report;
  const use = report.useOfRow[row];
  const text = report.values.get(rows.value[row]);
  const flags = report.flagSets[rows.flags[row]];
  const [found, setFound] = useState(/** @type {Found | string} */ (""));
  const element = report.cells.get(report.uses.element[use]);
  const vr = report.cells.get(report.uses.vr[use]);
  const facts = /** @type {[string, Children][]} */ ([
    ["Element", h("bdi", null, `${element} ${vr}`)],
    ["Equipment", h("bdi", null, showUnseen(report.equipment[report.uses.equipment[use]].text, false))],
    ["Blocks", report.cells.get(report.uses.blocks[use])],
    [
      "Counts",
      [
        countOf(rows.files[row], "file"),
        `${showCount(rows.series[row])} series`,
        ...(rows.patients[row] >= 0 ? [countOf(rows.patients[row], "patient")] : []),
        countOf(rows.occurrences[row], "occurrence"),
      ].join(", "),
    ],
    [
      "Row of a profile",
      [
        showCode(report.head.codes[rows.code[row]], true),
        " ",
        h("bdi", null, showUnseen(report.deciding.get(rows.deciding[row]), false)),
      ],
    ],
    [
      "Flags",
      flags.map((flag) => h("div", { key: flag }, showFlags(model, [flag]), " ", report.flagTexts.get(flag) ?? "")),
    ],
    ["Example file", h("bdi", null, showUnseen(report.paths.get(rows.path[row]), false))],
  ]);
  return h(
    Box,
    { model, title: "Value" },
    report.kindOf(row) === "value"
      ? h("pre", { tabIndex: 0, dir: "auto" }, showUnseen(text.slice(0, MOST_CHARACTERS), true))
      : h("p", null, "No value is recorded here."),
    text.length > 100 ? h("p", { class: "by" }, countOf(text.length, "character")) : null,
    h(
      "dl",
      null,
      facts
        .filter(([, fact]) => (Array.isArray(fact) ? fact.length : fact))
        .map(([name, fact]) => [h("dt", { key: name }, name), h("dd", null, fact)]),
    ),
    model.keeping.find && report.head.finds
      ? h(
          "button",
          {
            type: "button",
            onClick: () => {
              model.keeping
                .find?.(row, element, vr)
                .then(setFound, (/** @type {Error} */ error) => setFound(error.message));
            },
          },
          "Find the files",
        )
      : null,
    typeof found === "string"
      ? h("p", null, found)
      : h(
          "ul",
          { class: "paths" },
          found.files.map(({ path, item }) =>
            h("li", { key: path + item }, h("bdi", null, showUnseen(path, false)), item ? ` ${item}` : ""),
          ),
          found.more ? h("li", null, `and ${found.more} more`) : null,
        ),
  );
}

/** @param {{model: Model}} props */
function Who({ model }) {
  const [who, setWho] = useState(model.settings.who);
  return h(
    Box,
    { model, title: "Who decides?" },
    h(
      "form",
      {
        method: "dialog",
        onSubmit: (/** @type {Event} */ event) => {
          event.preventDefault();
          if (who.trim()) {
            model.name(who.trim());
          }
        },
      },
      h("p", null, "Your name or initials go into the column who of the sheet, beside each decision."),
      h("input", {
        class: "wide",
        value: who,
        autofocus: true,
        "aria-label": "Name or initials",
        onInput: (/** @type {Event} */ event) => setWho(/** @type {HTMLInputElement} */ (event.target).value),
      }),
      h("div", { class: "buttons" }, h("button", { type: "submit", class: "main", disabled: !who.trim() }, "Go on")),
    ),
  );
}

/** @param {{model: Model, skips: boolean}} props */
function Note({ model, skips }) {
  const [note, setNote] = useState(model.entry < 0 ? "" : model.store.cell(model.entry, "note"));
  return h(
    Box,
    { model, title: skips ? "Skip, with a note" : "Note" },
    h(
      "form",
      {
        method: "dialog",
        onSubmit: (/** @type {Event} */ event) => {
          event.preventDefault();
          if (!skips || note.trim()) {
            model.setNote(note.trim().replace(/\s+/g, " "), skips);
          }
        },
      },
      h("input", {
        class: "wide",
        value: note,
        autofocus: true,
        "aria-label": "Note",
        onInput: (/** @type {Event} */ event) => setNote(/** @type {HTMLInputElement} */ (event.target).value),
      }),
      h(
        "div",
        { class: "buttons" },
        h("button", { type: "submit", class: "main", disabled: skips && !note.trim() }, skips ? "Skip" : "Write"),
      ),
    ),
  );
}

/** @param {{model: Model}} props */
function Bulk({ model }) {
  // No code is chosen beforehand: a K that nobody meant would hide values.
  const [code, setCode] = useState("");
  const [which, setWhich] = useState(/** @type {"shown" | "creator"} */ ("shown"));
  const [alsoDecided, setAlsoDecided] = useState(false);
  const [note, setNote] = useState("");
  const [asked, setAsked] = useState("");
  const creator = model.entry < 0 ? "" : model.report.cells.get(model.report.entries.creator[model.entry]);
  const entries = model
    .listBulk(which, alsoDecided)
    .filter((entry) => code !== "o" || model.report.cell(entry, "suggestion"));
  const isSure = code !== "" && entries.length > 0 && asked.replace(/\D/g, "") === String(entries.length);
  const ofText = entries.filter((entry) => !model.holdsForElement(entry)).length;
  return h(
    Box,
    { model, title: "Decide many elements" },
    h(
      "form",
      {
        method: "dialog",
        onSubmit: (/** @type {Event} */ event) => {
          event.preventDefault();
          if (isSure) {
            model.decideAll(code, entries, note.trim().replace(/\s+/g, " "));
          }
        },
      },
      h(
        "fieldset",
        null,
        h("legend", null, "Code"),
        [...CODES, "o"].map((one, index) =>
          h(
            "label",
            { key: one, class: "radio" },
            h("input", {
              type: "radio",
              name: "code",
              checked: code === one,
              autofocus: index === 0,
              onChange: () => setCode(one),
            }),
            one === "o" ? " what is suggested for each" : ` ${one} ${CODE_TEXTS[/** @type {"K"} */ (one)]}`,
          ),
        ),
      ),
      h(
        "fieldset",
        null,
        h("legend", null, "For"),
        h(
          "label",
          { class: "radio" },
          h("input", { type: "radio", name: "which", checked: which === "shown", onChange: () => setWhich("shown") }),
          ` all elements that the list shows`,
        ),
        creator
          ? h(
              "label",
              { class: "radio" },
              h("input", {
                type: "radio",
                name: "which",
                checked: which === "creator",
                onChange: () => setWhich("creator"),
              }),
              " all elements of the private creator ",
              h("bdi", null, showUnseen(creator, false)),
            )
          : null,
        h(
          "label",
          { class: "radio" },
          h("input", { type: "checkbox", checked: alsoDecided, onChange: () => setAlsoDecided(!alsoDecided) }),
          " also those that are decided already",
        ),
      ),
      h(
        "label",
        { class: "field" },
        "Note for each",
        h("input", {
          value: note,
          onInput: (/** @type {Event} */ event) => setNote(/** @type {HTMLInputElement} */ (event.target).value),
        }),
      ),
      h(
        "p",
        { class: "sum" },
        h("b", null, countOf(entries.length, "element")),
        entries.length === 1 ? " is decided." : " are decided.",
        "KC".includes(code) && code !== "" && ofText
          ? ` On ${showCount(ofText)} of them ${code} holds for the values seen in this report; new values show again.`
          : "",
      ),
      h(
        "label",
        { class: "field" },
        "Type this number to go on",
        h("input", {
          value: asked,
          inputMode: "numeric",
          onInput: (/** @type {Event} */ event) => setAsked(/** @type {HTMLInputElement} */ (event.target).value),
        }),
      ),
      h(
        "div",
        { class: "buttons" },
        h("button", { type: "submit", class: "main", disabled: !isSure }, `Decide ${showCount(entries.length)}`),
      ),
    ),
  );
}

/** @param {{model: Model, dialog: Extract<DialogState, {kind: "loaded"}>}} props */
function Loaded({ model, dialog }) {
  const { name, changed, same, others, elsewhere } = dialog;
  return h(
    Box,
    { model, title: "Sheet loaded" },
    h("p", null, h("bdi", null, showUnseen(name, false))),
    h(
      "ul",
      null,
      h("li", null, `${countOf(changed, "row")} changed decisions or notes here`),
      h("li", null, `${countOf(same, "row")} said the same already`),
      others
        ? h(
            "li",
            null,
            `${countOf(others, "row")} without an element of this report, or for other values: kept, and saved again`,
          )
        : null,
      elsewhere
        ? h(
            "li",
            null,
            `${countOf(elsewhere, "element")} stay to decide: the sheet keeps or cleans values of another run there, not those seen here`,
          )
        : null,
    ),
    model.store.others.length
      ? h(
          "details",
          { open: true },
          h("summary", null, "Rows without an element"),
          h(
            "ul",
            { class: "paths" },
            model.store.others
              .slice(0, 200)
              .map((row, at) =>
                h(
                  "li",
                  { key: at },
                  h("bdi", null, showUnseen(`${row.element} ${row.vr} ${row.code} ${row.note}`, false)),
                ),
              ),
          ),
        )
      : null,
    h("p", null, "Ctrl+Z undoes it."),
  );
}
