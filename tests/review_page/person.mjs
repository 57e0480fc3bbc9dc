// What a person does at the page, and what a person sees there.
//
// For: the subjects of this folder, the benchmark of the page, and the pictures in docs/.
// Never: a call of the page's own code. Keys, clicks and files go in; texts, roles and downloads come out.

import { readdir, rename, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import { waitFor } from "./browser.mjs";

const CSV = /\.csv$/;

export class Person {
  /** @param {Awaited<ReturnType<typeof import("./browser.mjs").open>>} opened */
  constructor({ page, downloads }) {
    this.page = page;
    this.downloads = downloads;
  }

  /** Waits until the page has drawn what was asked of it. */
  async settle() {
    await this.page.evaluate(() => new Promise((done) => requestAnimationFrame(() => setTimeout(done))));
  }

  /** @param {...string} keys one after the other; "Control+z" holds one down */
  async press(...keys) {
    for (const key of keys) {
      const [held, pressed] = key.length > 1 && key.includes("+") ? key.split("+") : ["", key];
      if (held) {
        await this.page.keyboard.down(held);
      }
      await this.page.keyboard.press(pressed);
      if (held) {
        await this.page.keyboard.up(held);
      }
      await this.settle();
    }
  }

  /** @param {string} text into the field that has the focus */
  async type(text) {
    await this.page.keyboard.type(text);
    await this.settle();
  }

  /** @param {string} text into the field that has the focus, as if it were pasted */
  async paste(text) {
    await this.page.evaluate((pasted) => document.execCommand("insertText", false, pasted), text);
    await this.settle();
  }

  /** @param {string} query */
  async search(query) {
    await this.press("/");
    await this.type(query);
  }

  /**
   * Clicks what a selector finds and whose text begins with the given one.
   *
   * @param {string} selector
   * @param {string} [text]
   */
  async click(selector, text = "") {
    const found = await this.page.evaluateHandle(
      (asked, start) =>
        [...document.querySelectorAll(asked)].find((one) => one.textContent.trim().startsWith(start)) ?? null,
      selector,
      text,
    );
    const element = found.asElement();
    if (!element) {
      throw new Error(`nothing to click: ${selector} ${text}`);
    }
    await element.evaluate((one) => one.scrollIntoView({ block: "nearest" }));
    await element.click();
    await this.settle();
  }

  /** @param {string} view its title */
  async show(view) {
    await this.click(".views button", view);
  }

  /** @param {string} facet its title @param {string} choice */
  async filter(facet, choice) {
    const isThere = await this.page.evaluate(
      (title, text) => {
        const box = [...document.querySelectorAll(".facet")].find((one) =>
          one.querySelector("summary").textContent.startsWith(title),
        );
        const found = [...(box?.querySelectorAll("label") ?? [])].find(
          (one) => one.querySelector(".choice").textContent === text,
        );
        found?.setAttribute("data-wanted", "");
        return Boolean(found);
      },
      facet,
      choice,
    );
    if (!isThere) {
      throw new Error(`no choice ${choice} in ${facet}`);
    }
    await this.click("[data-wanted]");
    await this.page.evaluate(() => document.querySelector("[data-wanted]")?.removeAttribute("data-wanted"));
  }

  /** Shows the elements of any state: also those that are decided. */
  async showAllStates() {
    await this.click(".facet:first-child .links button", "any");
  }

  /** @returns {Promise<Record<string, Record<string, string>>>} for each facet the number of each choice in sight */
  async readFacets() {
    return this.page.evaluate(() => {
      const found = {};
      for (const box of document.querySelectorAll(".facet")) {
        const title = box.querySelector("summary").firstChild.textContent;
        found[title] = {};
        for (const label of box.querySelectorAll("label")) {
          const count = label.querySelector(".number").textContent.replace(/\D/g, "");
          found[title][label.querySelector(".choice").textContent] = Number(count);
        }
      }
      return found;
    });
  }

  /** @param {"elements" | "values"} id @returns {Promise<number>} how many rows the list has, in sight or not */
  async countRows(id) {
    return this.page.evaluate((one) => Number(document.getElementById(one).getAttribute("aria-rowcount")) - 1, id);
  }

  /** @param {"elements" | "values"} id @returns {Promise<Record<string, string>[]>} the rows in the document, in order */
  async readRows(id) {
    return this.page.evaluate((one) => {
      const grid = document.getElementById(one);
      const titles = [...grid.querySelectorAll("[role=columnheader]")].map((cell) =>
        cell.textContent.replace(/[▴▾]/g, ""),
      );
      const rows = [...grid.querySelectorAll("[role=row]:not(.head)")];
      rows.sort((a, b) => Number(a.getAttribute("aria-rowindex")) - Number(b.getAttribute("aria-rowindex")));
      return rows.map((row) => ({
        ...Object.fromEntries(
          [...row.querySelectorAll("[role=gridcell]")].map((cell, at) => [titles[at], cell.textContent]),
        ),
        selected: row.getAttribute("aria-selected"),
      }));
    }, id);
  }

  /** @returns {Promise<Record<string, string>>} the row of the chosen element */
  async readChosen() {
    return (await this.readRows("elements")).find((row) => row.selected === "true");
  }

  /**
   * Chooses an element of the list, which may be out of sight: it is searched for and the search is emptied again.
   *
   * @param {string} element as in the sheet
   */
  async choose(element) {
    await this.search("");
    await this.paste(element);
    await this.press("Enter");
    await this.press("Home");
    const count = await this.countRows("elements");
    for (let at = 0; at < count; at++) {
      const chosen = await this.page.evaluate(() => document.querySelector(".bar strong").textContent);
      const last = element.slice(element.lastIndexOf("]") + 1);
      if (chosen === element || chosen.startsWith(last)) {
        await this.press("Escape");
        return;
      }
      await this.press("ArrowDown");
    }
    throw new Error(`not in the list: ${element}`);
  }

  /** @returns {Promise<{decided: number, of: number}>} */
  async readProgress() {
    const text = (await this.read(".progress")).replaceAll("\u2009", "");
    const [, decided, of] = /^(\d+) of (\d+) decided/.exec(text);
    return { decided: Number(decided), of: Number(of) };
  }

  /** @returns {Promise<boolean>} whether the page says that the file saved last has not all decisions */
  async seesUnsaved() {
    return (await this.read(".progress")).includes("not saved");
  }

  /** @param {string} selector @returns {Promise<string>} */
  async read(selector) {
    return this.page.evaluate((asked) => document.querySelector(asked)?.textContent ?? "", selector);
  }

  /** @returns {Promise<string>} what has the focus: its id, its label or its text */
  async readFocus() {
    return this.page.evaluate(() => {
      const one = document.activeElement;
      return one.id || one.getAttribute("aria-label") || one.textContent.trim() || one.tagName;
    });
  }

  /** Gives the name that the page asks for. @param {string} who */
  async sign(who) {
    await waitFor(this.page, () => document.querySelector("dialog h2")?.textContent === "Who decides?");
    await this.type(who);
    await this.press("Enter");
  }

  /** Saves the sheet by a download. @param {string} path where the file is put */
  async save(path) {
    for (const name of await readdir(this.downloads)) {
      await rm(join(this.downloads, name));
    }
    await this.press("Control+s");
    let size = -1;
    for (const end = Date.now() + 30000; ;) {
      const names = await readdir(this.downloads);
      const name = names.length === 1 && CSV.test(names[0]) ? names[0] : "";
      const now = name ? (await stat(join(this.downloads, name))).size : -1;
      if (now > 0 && now === size) {
        await rename(join(this.downloads, name), path);
        return name;
      }
      if (Date.now() > end) {
        throw new Error(`no download: ${names}`);
      }
      size = now;
      await new Promise((done) => setTimeout(done, 50));
    }
  }

  /** Loads a sheet with the field for files. @param {string} path */
  async load(path) {
    const field = await this.page.$("input[type=file]");
    await field.uploadFile(path);
    return this.readDialog();
  }

  /** Drops a file on the page. @param {string} name @param {number[]} bytes */
  async drop(name, bytes) {
    await this.page.evaluate(
      (title, numbers) => {
        const carried = new DataTransfer();
        carried.items.add(new File([new Uint8Array(numbers)], title, { type: "text/csv" }));
        const target = document.querySelector("main");
        target.dispatchEvent(new DragEvent("dragover", { dataTransfer: carried, bubbles: true, cancelable: true }));
        target.dispatchEvent(new DragEvent("drop", { dataTransfer: carried, bubbles: true, cancelable: true }));
      },
      name,
      bytes,
    );
    return this.readDialog();
  }

  /** @returns {Promise<string>} the text of the dialog, once there is one */
  async readDialog() {
    return waitFor(this.page, () => document.querySelector("dialog[open]")?.innerText ?? "");
  }

  /** @returns {Promise<boolean>} */
  async seesDialog() {
    return this.page.evaluate(() => document.querySelector("dialog[open]") !== null);
  }
}
