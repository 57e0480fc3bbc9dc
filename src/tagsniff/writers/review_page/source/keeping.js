/**
 * Where decisions go: the seam between the page and what keeps them. On disk: localStorage, and the file that a person
 * saves. Served: the server, which writes each act at once.
 *
 * For: main.js, which chooses one; the views ask it what to say.
 * Never: a value of an element in localStorage or in an address.
 *
 * Both have the same form:
 *
 * @typedef {object} Keeping
 * @property {boolean} isServed
 * @property {() => string} describe what a person should know about it now; empty if there is nothing
 * @property {(act: Act, isUndone: boolean) => void} keep called after each act
 * @property {() => void} noteSaved called after the file was saved
 * @property {() => Promise<void>} restore brings back what was kept
 * @property {(row: number, element: string, vr: string) => Promise<Found>} [find] the files of a value row
 */

/** @typedef {import("./store.js").Act} Act */
/** @typedef {import("./store.js").Store} Store */
/** @typedef {{files: {path: string, item?: string}[], more: number}} Found */

import { EDITED, KEY } from "./report.js";
import { escapeUnseen } from "./text.js";

const PREFIX = "tagsniff-review:";
const WHO = `${PREFIX}who`;
const THEME = `${PREFIX}theme`;
const DELAY_MS = 250;

/** What a browser keeps of the person and the look of the page; in memory where it keeps nothing. */
export class Settings {
  constructor() {
    /** @type {Map<string, string>} */
    this.inMemory = new Map();
    this.storage = openStorage();
  }

  get who() {
    return this.#get(WHO);
  }

  set who(text) {
    this.#set(WHO, text);
  }

  get theme() {
    return this.#get(THEME);
  }

  set theme(text) {
    this.#set(THEME, text);
  }

  /** @param {string} name @returns {string} */
  #get(name) {
    return this.inMemory.get(name) ?? this.storage?.getItem(name) ?? "";
  }

  /** @param {string} name @param {string} text */
  #set(name, text) {
    this.inMemory.set(name, text);
    try {
      this.storage?.setItem(name, text);
    } catch {
      // It is full or forbidden; the page works with what is in memory, and keeping says so.
    }
  }
}

/** @returns {Storage | null} localStorage; null where a browser forbids it, as some do for files */
function openStorage() {
  try {
    const storage = window.localStorage;
    storage.setItem(`${PREFIX}try`, "1");
    storage.removeItem(`${PREFIX}try`);
    return storage;
  } catch {
    return null;
  }
}

/** @implements {Keeping} */
export class DiskKeeping {
  /**
   * @param {Store} store
   * @param {string} digest of the report
   * @param {() => void} onChange called when what it says changes
   */
  constructor(store, digest, onChange) {
    this.isServed = false;
    this.store = store;
    this.name = PREFIX + digest;
    this.onChange = onChange;
    this.storage = openStorage();
    this.problem = this.storage
      ? ""
      : "This browser keeps nothing for files: save the sheet before you close the page.";
    /** @type {ReturnType<typeof setTimeout> | undefined} */
    this.timer = undefined;
    this.flush = this.flush.bind(this);
    addEventListener("pagehide", this.flush);
    addEventListener("visibilitychange", this.flush);
    addEventListener("storage", (event) => {
      if (event.key === this.name) {
        this.#say("This page is open in another window too, which keeps its own decisions: load this one again.");
      }
    });
    addEventListener("beforeunload", (event) => {
      if (this.problem && this.store.isUnsaved) {
        event.preventDefault();
      }
    });
  }

  describe() {
    return this.problem;
  }

  keep() {
    clearTimeout(this.timer);
    this.timer = setTimeout(this.flush, DELAY_MS);
  }

  noteSaved() {
    this.keep();
  }

  /** Writes what is not written yet. */
  flush() {
    clearTimeout(this.timer);
    if (!this.storage) {
      return;
    }
    try {
      if (!this.store.done.length && !this.store.savedId) {
        this.storage.removeItem(this.name);
      } else {
        const text = JSON.stringify({ version: 1, savedId: this.store.savedId, acts: this.store.acts.map(pack) });
        this.storage.setItem(this.name, text);
      }
      this.#say("");
    } catch {
      this.#say("This browser has no room left for your decisions: save the sheet before you close the page.");
    }
  }

  async restore() {
    const text = this.storage?.getItem(this.name);
    if (!text) {
      return;
    }
    try {
      const kept = JSON.parse(text);
      this.store.restore(kept.acts.map(unpackAct), kept.savedId);
    } catch {
      this.#say("What this browser had kept of an earlier sitting could not be read.");
    }
  }

  /** @param {string} problem */
  #say(problem) {
    if (problem !== this.problem) {
      this.problem = problem;
      this.onChange();
    }
  }
}

/**
 * Returns an act without the evidence of rows that belong to no entry: it has values.
 *
 * @param {Act} act
 */
function pack(act) {
  if (!act.others) {
    return act;
  }
  const kept = [...KEY, "seen", ...EDITED];
  const others = act.others.map((row) => Object.fromEntries(kept.map((column) => [column, row[column] ?? ""])));
  return { ...act, others };
}

/** @param {any} kept @returns {Act} */
function unpackAct(kept) {
  return kept;
}

/** @implements {Keeping} */
export class ServedKeeping {
  /**
   * @param {Store} store
   * @param {string} token
   * @param {() => void} onChange
   */
  constructor(store, token, onChange) {
    this.isServed = true;
    this.store = store;
    this.token = token;
    this.onChange = onChange;
    this.problem = "";
    this.waiting = Promise.resolve();
    addEventListener("beforeunload", (event) => {
      if (this.problem) {
        event.preventDefault();
      }
    });
    this.rowsLeft = -1;
    this.isBehind = false;
  }

  describe() {
    return this.problem || (this.rowsLeft >= 0 ? `${this.rowsLeft} rows of values are left.` : "");
  }

  /** @param {Act} act @param {boolean} isUndone */
  keep(act, isUndone) {
    const entries = act.parts.flatMap((part) => part.entries);
    const rows = entries.map((entry) => pickCells(this.store.rowOf(entry)));
    // A row without any of these cells is taken away again.
    const others = (act.others ?? []).map((row) => pickCells(isUndone ? { ...row, ...NOTHING_GIVEN } : row));
    const body = { act: isUndone ? "undo" : act.act, what: act.what, rows: rows.concat(others) };
    // One after the other: the sheet on the disk has the order of the acts.
    this.waiting = this.waiting.then(() => this.#send(body, isUndone ? 0 : act.id));
  }

  noteSaved() {}

  async restore() {}

  /** @param {object} body @param {number} id of the act that is done, 0 if one is undone */
  async #send(body, id) {
    try {
      const answer = await this.#ask("/decide", { method: "POST", body: JSON.stringify(body) });
      this.rowsLeft = answer.rows_left;
      this.problem = this.isBehind ? this.problem : "";
    } catch (error) {
      const reason = error instanceof Error ? error.message : "the server does not answer";
      // What could not be written must not look as if it were; if more was done since, the page has to be made again.
      this.isBehind = this.isBehind || !this.store.withdraw(id);
      this.problem = this.isBehind
        ? `Not all is written (${reason}): load the page again.`
        : `Not written, and taken back: ${reason}.`;
    }
    this.onChange();
  }

  /** @param {number} row @param {string} element @param {string} vr @returns {Promise<Found>} */
  async find(row, element, vr) {
    const query = new URLSearchParams({ element, vr, row: String(row) });
    return this.#ask(`/find?${query}`, { method: "GET" });
  }

  /** @param {string} path @param {RequestInit} request @returns {Promise<any>} */
  async #ask(path, request) {
    const headers = { "X-Tagsniff-Token": this.token, "Content-Type": "application/json" };
    const answer = await fetch(path, { ...request, headers, cache: "no-store", referrerPolicy: "no-referrer" });
    if (!answer.ok) {
      const said = await answer.json().catch(() => ({}));
      throw new Error(
        answer.status === 409
          ? `the sheet was changed by somebody else${describeChanged(said.rows)}; load the page again`
          : (said.error ?? `the server says ${answer.status}`),
      );
    }
    return answer.json();
  }
}

const MOST_NAMED = 3;

/**
 * Says what somebody else has decided meanwhile.
 *
 * @param {unknown} rows the cells of the rows that were changed, as the server sends them
 * @returns {string} empty if it sends none
 */
export function describeChanged(rows) {
  const listed = Array.isArray(rows) ? rows : [];
  const named = listed
    .slice(0, MOST_NAMED)
    .map((row) =>
      escapeUnseen(`${row.element} ${row.vr} ${row.code || "undecided"}${row.who ? ` by ${row.who}` : ""}`),
    );
  const more = listed.length - named.length;
  return named.length ? ` (${named.join("; ")}${more ? `; and ${more} more` : ""})` : "";
}

const NOTHING_GIVEN = { code: "", collapse: "", scope: "", note: "", who: "", when: "" };

/** @param {Record<string, string>} row @returns {Record<string, string>} the cells that the server takes */
function pickCells(row) {
  // With `seen` the server knows which of two rows of an element is meant.
  const columns = [...KEY, "seen", ...EDITED];
  return Object.fromEntries(columns.map((column) => [column, row[column] ?? ""]));
}
