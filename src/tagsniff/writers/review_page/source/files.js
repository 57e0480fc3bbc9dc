/**
 * The sheet as a file: saved, and loaded again.
 *
 * For: app.js.
 * Never: a file that the person has not asked for.
 */

/** @typedef {import("./model.js").Model} Model */

import { readSheet, writeSheet } from "./sheet_csv.js";

const NAME = "decisions.csv";

/** @param {Model} model */
export async function saveSheet(model) {
  const { report, store } = model;
  const { settings, columns, name } = report.head.sheet;
  const file = new Blob(writeSheet(columns, settings, store.listRows()), { type: "text/csv;charset=utf-8" });
  const suggestedName = name || NAME;
  const picker = /** @type {any} */ (window).showSaveFilePicker;
  if (picker) {
    try {
      const types = [{ description: "Sheet of decisions", accept: { "text/csv": [".csv"] } }];
      const handle = await picker({ suggestedName, types });
      const stream = await handle.createWritable();
      await stream.write(file);
      await stream.close();
      noteSaved(model, handle.name);
      return;
    } catch (error) {
      if (error instanceof DOMException && error.name === "AbortError") {
        return;
      }
      // The browser has the function, and forbids it here: a download is the other way.
    }
  }
  const address = URL.createObjectURL(file);
  const link = document.createElement("a");
  link.href = address;
  link.download = suggestedName;
  link.click();
  setTimeout(() => URL.revokeObjectURL(address), 60000);
  noteSaved(model, suggestedName);
}

/** @param {Model} model @param {string} name */
function noteSaved(model, name) {
  model.store.markSaved();
  model.keeping.noteSaved();
  model.say(`Saved as ${name}.`);
}

/** @param {Model} model @param {File} file */
export async function loadSheet(model, file) {
  try {
    const bytes = await file.arrayBuffer();
    const text = new TextDecoder("utf-8", { fatal: true }).decode(bytes);
    const { rows } = readSheet(text);
    const { parts, others: without, same, elsewhere } = model.store.compare(rows);
    // The server would put a row for values of another run in the place of the open one.
    const others = model.keeping.isServed ? without.filter((row) => !model.store.hasKey(row)) : without;
    const areSame = JSON.stringify(others) === JSON.stringify(model.store.others);
    if (parts.length || !areSame) {
      model.store.apply("load", `loading ${file.name}`, parts, others);
    }
    model.update();
    model.message = `Loaded ${file.name}.`;
    model.open({ kind: "loaded", name: file.name, changed: parts.length, same, others: others.length, elsewhere });
  } catch (error) {
    const problem = error instanceof TypeError ? "it is not UTF-8" : error instanceof Error ? error.message : "";
    model.open({ kind: "load", name: file.name, problem });
  }
}
