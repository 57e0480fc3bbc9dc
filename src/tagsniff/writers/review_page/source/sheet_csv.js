/**
 * The sheet of decisions as CSV: written as `writers/sheet.py` writes it, read as `profile/csv_lines.py` reads it.
 *
 * For: what is downloaded, and what is dropped on the page.
 * Never: a cell with a line break, or one that a spreadsheet runs as a formula.
 */

import { escapeUnseen } from "./text.js";

// The same as output/csv_text.py: see the reasons there.
const FORMULA_START = /^[=+\-@\t\r\uff1d\uff0b\uff0d\uff20]/;
const NUMBER = "[+-]?(?:[0-9]+\\.?[0-9]*|\\.[0-9]+)(?:[eE][+-]?[0-9]+)?";
const NUMBERS = new RegExp(`^${NUMBER}(?:\\\\${NUMBER})*$`);
const FORMULA_WITHIN = /([;\t\r\n][ "]*)([=+@\uff1d\uff0b\uff0d\uff20-])/g;
const NEEDS_QUOTES = /[,"\r\n]/;
const PROTECTED = /^'[=+\-@\t]/;

/** @param {string} cell @returns {string} */
function formatCell(cell) {
  let text = escapeUnseen(cell);
  if (FORMULA_START.test(text) && !NUMBERS.test(text)) {
    text = `'${text}`;
  }
  text = text.replace(FORMULA_WITHIN, "$1'$2");
  return NEEDS_QUOTES.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/** @param {string[]} cells @returns {string} */
function formatRow(cells) {
  const texts = cells.map(formatCell);
  // A number at the start of a row could become a formula with what follows it.
  texts[0] = FORMULA_START.test(texts[0]) ? `'${texts[0]}` : texts[0];
  return `${texts.join(",")}\n`;
}

/**
 * @param {readonly string[]} columns
 * @param {readonly (readonly [string, string])[]} settings
 * @param {Iterable<string[]>} rows
 * @returns {string[]} the file in pieces
 */
export function writeSheet(columns, settings, rows) {
  const pieces = settings.map(([name, value]) => `# ${name} = ${escapeUnseen(value)}\n`);
  pieces.push(formatRow([...columns]));
  for (const row of rows) {
    pieces.push(formatRow(row));
  }
  return pieces;
}

/**
 * @typedef {object} ReadSheet
 * @property {[string, string][]} settings
 * @property {Record<string, string>[]} rows the cells of each row by column
 * @property {string[]} columns
 */

/**
 * Returns the sheet in a text. Throws an error with the line and the reason if it is none.
 *
 * @param {string} text
 * @returns {ReadSheet}
 */
export function readSheet(text) {
  const lines = text
    .replace(/^\ufeff/, "")
    .replaceAll("\r\n", "\n")
    .replaceAll("\r", "\n")
    .split("\n");
  const separator = findSeparator(lines);
  if (/^"?sep=.?"?[,;\t]*$/i.test(lines[0])) {
    lines[0] = "";
  }
  /** @type {[string, string][]} */
  const settings = [];
  /** @type {Record<string, string>[]} */
  const rows = [];
  /** @type {string[]} */
  let columns = [];
  lines.forEach((line, index) => {
    const cells = splitLine(line, separator, index + 1).map((cell) => cell.trim());
    if (!cells.some(Boolean)) {
      return;
    }
    if (cells[0].startsWith("#")) {
      const found = /^#*([^=]*)=(.*)$/.exec(cells.filter(Boolean).join(", "));
      if (columns.length || !found) {
        throw new Error(`line ${index + 1}: a line that begins with # is "# name = value", before the column names`);
      }
      settings.push([found[1].trim(), found[2].trim()]);
    } else if (!columns.length) {
      columns = cells.map((cell) => cell.toLowerCase());
      if (!columns.includes("element") || !columns.includes("code")) {
        throw new Error(`line ${index + 1}: a sheet of decisions has the columns element and code`);
      }
    } else {
      if (cells.slice(columns.length).some(Boolean)) {
        throw new Error(`line ${index + 1}: ${cells.length} cells, but ${columns.length} columns`);
      }
      rows.push(Object.fromEntries(columns.map((column, at) => [column, takeCell(cells[at] ?? "")])));
    }
  });
  if (!columns.length) {
    throw new Error("there is no line with column names");
  }
  return { settings, rows: rows.filter((row) => row.element), columns };
}

/** @param {string} cell @returns {string} */
function takeCell(cell) {
  return PROTECTED.test(cell) ? cell.slice(1) : cell;
}

/** @param {string[]} lines @returns {string} */
function findSeparator(lines) {
  const stated = /^"?sep=([,;\t])"?[,;\t]*$/i.exec(lines[0]);
  if (stated) {
    return stated[1];
  }
  const names = lines.find((line) => /[^",;\t ]/.test(line) && !/^[" \t]*#/.test(line)) ?? "";
  const counts = [",", ";", "\t"].map((separator) => names.split(separator).length);
  return [",", ";", "\t"][counts.indexOf(Math.max(...counts))];
}

/**
 * @param {string} line
 * @param {string} separator
 * @param {number} number
 * @returns {string[]}
 */
function splitLine(line, separator, number) {
  const cells = [];
  let at = 0;
  for (;;) {
    if (line[at] === '"') {
      let cell = "";
      let end = line.indexOf('"', at + 1);
      while (end >= 0 && line[end + 1] === '"') {
        cell += line.slice(at + 1, end + 1);
        at = end + 1;
        end = line.indexOf('"', at + 1);
      }
      if (end < 0 || (end + 1 < line.length && line[end + 1] !== separator)) {
        throw new Error(`line ${number}: the quotes of this line do not pair up`);
      }
      cells.push(cell + line.slice(at + 1, end));
      at = end + 1;
    } else {
      const end = line.indexOf(separator, at);
      cells.push(end < 0 ? line.slice(at) : line.slice(at, end));
      at = end < 0 ? line.length : end;
    }
    if (at >= line.length) {
      return cells;
    }
    at++;
    if (at >= line.length) {
      cells.push("");
      return cells;
    }
  }
}
