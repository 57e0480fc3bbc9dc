/**
 * The frame of the page: its head, the views, the keys, the message at its foot.
 *
 * For: main.js.
 * Never: a key that does something while a person writes in a field.
 */

/** @typedef {import("./model.js").Model} Model */
/** @typedef {import("./model.js").View} View */

import { h } from "preact";
import { useLayoutEffect, useRef } from "preact/hooks";
import { showUnseen } from "./cells.js";
import { DecideView } from "./decide_view.js";
import { Dialogs } from "./dialogs.js";
import { loadSheet, saveSheet } from "./files.js";
import { CODES } from "./model.js";
import {
  CollisionsView,
  DeviationsView,
  EquipmentView,
  InventoryView,
  OmissionsView,
  SummaryView,
} from "./further_views.js";
import { showCount } from "./text.js";

/** @type {[View, string][]} */
const VIEWS = [
  ["decide", "Decide"],
  ["equipment", "Equipment"],
  ["summary", "Summary"],
  ["inventory", "Inventory"],
  ["collisions", "Collisions"],
  ["deviations", "Deviations"],
  ["omissions", "Left out"],
];
const VIEW_OF = {
  decide: DecideView,
  equipment: EquipmentView,
  summary: SummaryView,
  inventory: InventoryView,
  collisions: CollisionsView,
  deviations: DeviationsView,
  omissions: OmissionsView,
};

/** @param {{model: Model}} props */
export function App({ model }) {
  // Before the first frame, so that no key is lost.
  useLayoutEffect(() => {
    const onKeyDown = (/** @type {KeyboardEvent} */ event) => handleKey(model, event);
    document.addEventListener("keydown", onKeyDown);
    return () => document.removeEventListener("keydown", onKeyDown);
  }, []);
  const { head } = model.report;
  const note = model.keeping.describe();
  return h(
    "div",
    {
      class: "app",
      onDragOver: (/** @type {DragEvent} */ event) => event.preventDefault(),
      onDrop: (/** @type {DragEvent} */ event) => {
        event.preventDefault();
        const file = event.dataTransfer?.files[0];
        if (file) {
          loadSheet(model, file);
        }
      },
    },
    h(Head, { model }),
    head.run.complete
      ? null
      : h("p", { class: "notice warning" }, h("b", null, "Incomplete report: "), head.run.incomplete),
    note ? h("p", { class: "notice", role: "status" }, note) : null,
    h("main", { class: `view ${model.view}` }, h(VIEW_OF[model.view], { model })),
    h("p", { class: "message", role: "status", "aria-live": "polite" }, showUnseen(model.message, false)),
    h(Dialogs, { model }),
  );
}

/** @param {{model: Model}} props */
function Head({ model }) {
  const { store, report, settings } = model;
  /** @type {{current: HTMLInputElement | null}} */
  const chooser = useRef(null);
  const { run } = report.head;
  return h(
    "header",
    { class: "head" },
    h("h1", { title: `tagsniff ${run.tagsniff} ${run.mode} ${run.date}` }, "tagsniff"),
    h(
      "nav",
      { class: "views", "aria-label": "Views" },
      VIEWS.map(([view, title]) =>
        h(
          "button",
          {
            key: view,
            type: "button",
            "aria-current": model.view === view ? "page" : undefined,
            onClick: () => model.show(view),
          },
          title,
        ),
      ),
    ),
    h("input", {
      id: "search",
      type: "search",
      placeholder: "Search values and elements  ( / )",
      "aria-label": "Search values and elements",
      autocomplete: "off",
      spellcheck: false,
      value: model.query,
      onInput: (/** @type {Event} */ event) => model.search(/** @type {HTMLInputElement} */ (event.target).value),
      onKeyDown: (/** @type {KeyboardEvent} */ event) => {
        if (event.key === "Escape" || event.key === "Enter" || event.key === "ArrowDown") {
          if (event.key === "Escape") {
            model.search("");
          }
          document.getElementById("elements")?.focus();
          event.preventDefault();
        }
      },
    }),
    h(
      "div",
      { class: "progress" },
      h(
        "span",
        null,
        h("b", null, showCount(store.decided)),
        ` of ${showCount(store.toDecide)} decided`,
        store.isUnsaved && !model.keeping.isServed ? h("span", { class: "warning" }, ", not saved") : null,
      ),
      h("progress", { value: store.decided, max: store.toDecide || 1, "aria-label": "Decided elements" }),
    ),
    model.keeping.isServed
      ? null
      : h(
          "button",
          {
            type: "button",
            class: store.isUnsaved ? "main" : "",
            title: store.isUnsaved
              ? "What is decided here differs from the file saved last"
              : "The file has all that is decided here",
            onClick: () => saveSheet(model),
          },
          "Save sheet",
        ),
    h("button", { type: "button", onClick: () => chooser.current?.click() }, "Load"),
    h("input", {
      ref: chooser,
      type: "file",
      accept: ".csv,text/csv",
      class: "hidden",
      tabIndex: -1,
      "aria-label": "Sheet of decisions",
      onChange: (/** @type {Event} */ event) => {
        const input = /** @type {HTMLInputElement} */ (event.target);
        if (input.files?.[0]) {
          loadSheet(model, input.files[0]);
        }
        input.value = "";
      },
    }),
    h(
      "button",
      {
        type: "button",
        "aria-label": "Dark or light",
        title: "Dark or light",
        onClick: () => {
          settings.theme = isDark(settings.theme) ? "light" : "dark";
          showTheme(settings.theme);
          model.changed();
        },
      },
      "◐",
    ),
    h(
      "button",
      { type: "button", "aria-label": "Keys", title: "Keys", onClick: () => model.open({ kind: "help" }) },
      "?",
    ),
  );
}

/** @param {string} theme @returns {boolean} */
function isDark(theme) {
  return theme ? theme === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
}

/** @param {string} theme dark, light, or empty for what the system has */
export function showTheme(theme) {
  document.documentElement.dataset.theme = theme || (isDark("") ? "dark" : "light");
}

/** @param {Model} model @param {KeyboardEvent} event */
function handleKey(model, event) {
  const { target } = event;
  const writes =
    target instanceof HTMLSelectElement ||
    target instanceof HTMLTextAreaElement ||
    (target instanceof HTMLInputElement && !["checkbox", "radio"].includes(target.type));
  if (model.dialog || event.altKey) {
    return;
  }
  const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
  if (event.ctrlKey || event.metaKey) {
    if (key === "z" && !writes) {
      model.undo();
    } else if (key === "s" && !model.keeping.isServed) {
      saveSheet(model);
    } else {
      return;
    }
    event.preventDefault();
    return;
  }
  // A key that is held down decides once.
  if (writes || (event.repeat && !event.key.startsWith("Arrow")) || !act(model, key)) {
    return;
  }
  event.preventDefault();
}

/** @param {Model} model @param {string} key @returns {boolean} whether the key does something */
function act(model, key) {
  if (key === "?") {
    model.open({ kind: "help" });
    return true;
  }
  if (key === "/") {
    const search = document.getElementById("search");
    if (search instanceof HTMLInputElement) {
      search.focus();
      search.select();
    }
    return true;
  }
  if (model.view !== "decide") {
    return false;
  }
  const code = CODES.find((one) => one.toLowerCase() === key);
  if (code) {
    model.decide(code);
    return true;
  }
  switch (key) {
    case "o":
      model.takeSuggestion();
      return true;
    case "s":
      model.open({ kind: "note", skips: true });
      return true;
    case "n":
      model.open({ kind: "note", skips: false });
      return true;
    case "e":
      model.setScope(model.holdsForElement(model.entry) ? "values" : "element");
      return true;
    case "b":
      model.open({ kind: "bulk" });
      return true;
    case "a":
      model.showAll(!model.showsAll);
      return true;
    case "ArrowDown":
    case "ArrowUp":
      model.choose(model.at + (key === "ArrowDown" ? 1 : -1));
      document.getElementById("elements")?.focus();
      return true;
    case "Escape":
      if (model.query) {
        model.search("");
      }
      document.getElementById("elements")?.focus();
      return true;
    default:
      return false;
  }
}
