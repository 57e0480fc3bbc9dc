// The subjects that are tested in each browser: what a person does, and what must come of it.
//
// For: serve.mjs, which calls one with a page that was opened for it; what a subject returns is judged in Python.
// Never: a look at the page's own objects; see person.mjs.

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { resize, waitFor, waitUntilReady } from "./browser.mjs";

const WHO = "AB";
const KEYS = ["k", "x", "z", "d", "c", "u", "r"];
const SHEET = { width: "297mm", height: "210mm", printBackground: true };

/** Opens the file: each view shows something. */
export async function opens({ person, page, given }) {
  const { progress, views } = await page.evaluate(() => ({
    progress: document.querySelector(".progress").innerText,
    views: [...document.querySelectorAll(".views button")].map((one) => one.textContent),
  }));
  assert.equal(progress.trim(), `0 of ${given.toDecide} decided`);
  assert.equal(await person.countRows("elements"), given.toDecide);
  assert.equal(await person.readFocus(), "elements");
  assert.equal(await page.evaluate(() => document.compatMode), "CSS1Compat");
  assert.equal(views.length, 7);
  const texts = {};
  for (const view of views) {
    await person.show(view);
    texts[view] = await person.read("main");
    assert.ok(texts[view].length > 20, view);
  }
  assert.equal(new Set(Object.values(texts)).size, views.length);
  // All of a tree is opened.
  await person.show("Inventory");
  const before = (await person.read("main")).length;
  for (let depth = 0; depth < 2; depth++) {
    await page.evaluate(() => document.querySelectorAll("main details").forEach((one) => (one.open = true)));
    await person.settle();
    await person.settle();
  }
  assert.ok((await person.read("main")).length > 3 * before);
  return { summary: texts.Summary };
}

/** What must not happen is noticed if it happens. */
export async function watches({ page, listProblems }) {
  assert.deepEqual(await listProblems(), []);
  await page.evaluate(async () => {
    new Image().src = "http://127.0.0.1:9/asked";
    const script = document.createElement("script");
    try {
      script.textContent = "alert(1)";
    } catch {
      // Where the browser knows Trusted Types.
    }
    document.body.append(script);
    alert(2);
    console.error("said");
    setTimeout(() => {
      throw new Error("thrown");
    });
    await new Promise((done) => setTimeout(done, 300));
  });
  const problems = (await listProblems()).join("\n");
  for (const expected of [
    "policy: img-src",
    /policy: (?:script-src|require-trusted-types-for)/,
    "ran: alert",
    "said",
    "thrown",
  ]) {
    assert.ok(problems.search(expected) >= 0, `${expected} is not in ${problems}`);
  }
  assert.equal(problems.match(/ran: alert/g).length, 1);
}

/** Searches in values, elements and names, in any letter case. */
export async function searches({ person, page, given }) {
  const all = await person.countRows("elements");
  for (const [query, elements] of Object.entries(given.found)) {
    await person.search(query);
    await waitFor(
      page,
      (count) => count !== document.getElementById("elements").getAttribute("aria-rowcount"),
      String(all + 1),
    );
    const rows = await person.readRows("elements");
    assert.deepEqual(rows.map((row) => row.Element).sort(), [...elements].sort(), query);
    await person.press("Escape");
    assert.equal(await person.countRows("elements"), all);
    assert.equal(await person.readFocus(), "elements");
  }
  // Only the values with the text are listed, and what was searched is no pattern.
  const [query, values] = given.values;
  await person.search(query);
  assert.deepEqual(
    (await person.readRows("values")).map((row) => row.Value),
    values,
  );
  for (const missing of [".*", "\\", "(", "%", "nobody at all"]) {
    await person.search("");
    await person.type(missing);
    assert.equal(await person.countRows("elements"), 0, missing);
    assert.match(await person.read("#elements"), /No element passes/);
    assert.equal(await person.countRows("values"), 0, missing);
  }
  // A key that is typed into the field decides nothing.
  await person.search("");
  await person.type("kxzdcuro");
  assert.equal((await person.readProgress()).decided, 0);
  assert.equal(await person.seesDialog(), false);
}

/** Sorts both lists by each column: up, down, and as before. */
export async function sorts({ person, page }) {
  const number = (text) => (text === "" ? -Infinity : Number(text.replace(/[^0-9.-]/g, "")));
  await resize(page, { width: 1600, height: 1800 });
  await person.showAllStates();
  for (const id of ["elements", "values"]) {
    if (id === "values") {
      await person.press("a");
    }
    const before = (await person.readRows(id)).map((row) => ({ ...row, selected: "" }));
    assert.ok(before.length > 20);
    const titles = await page.evaluate(
      (one) =>
        [...document.querySelectorAll(`#${one} [role=columnheader] button`)].map(
          (button) => button.firstChild.textContent,
        ),
      id,
    );
    assert.ok(titles.length > 7);
    for (const title of titles) {
      for (const direction of ["ascending", "descending", "none"]) {
        // All at once: each question to a browser takes its time.
        const { state, texts } = await page.evaluate(
          async (one, text) => {
            const grid = document.getElementById(one);
            const heads = [...grid.querySelectorAll("[role=columnheader]")];
            const column = heads.findIndex((head) => head.querySelector("button")?.firstChild.textContent === text);
            heads[column].querySelector("button").click();
            grid.scrollTop = 0;
            await new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(done))));
            const rows = [...grid.querySelectorAll("[role=row]:not(.head)")];
            const place = (row) => Number(row.getAttribute("aria-rowindex"));
            rows.sort((first, second) => place(first) - place(second));
            return {
              state: heads[column].getAttribute("aria-sort"),
              texts: rows.map((row) => row.querySelectorAll("[role=gridcell]")[column].textContent),
            };
          },
          id,
          title,
        );
        assert.equal(state, direction, title);
        const sign = direction === "ascending" ? 1 : -1;
        if (direction === "none") {
          assert.deepEqual(texts.slice(0, 15), before.map((row) => row[title]).slice(0, 15), title);
        } else if (["Files", "Series", "Patients", "Distinct", "Times"].includes(title)) {
          const numbers = texts.map(number);
          assert.deepEqual(
            numbers,
            numbers.toSorted((one, other) => sign * (one - other)),
            `${title} ${direction}`,
          );
        } else if (["VR", "Name"].includes(title)) {
          assert.deepEqual(
            texts,
            texts.toSorted((one, other) => sign * (one < other ? -1 : Number(one > other))),
            `${title} ${direction}`,
          );
        }
      }
    }
  }
}

/** Filters by each facet: the number beside a choice is the number of elements that it lists. */
export async function filters({ person, page }) {
  await person.showAllStates();
  const all = await person.countRows("elements");
  const facets = await person.readFacets();
  const titles = Object.keys(facets);
  assert.ok(titles.length >= 7, titles.join());
  await page.evaluate(() => document.querySelectorAll(".facet").forEach((one) => (one.open = true)));
  for (const title of titles) {
    for (const [choice, count] of Object.entries(facets[title]).slice(0, 3)) {
      await person.filter(title, choice);
      assert.equal(await person.countRows("elements"), count, `${title}: ${choice}`);
      await person.filter(title, choice);
    }
    assert.equal(await person.countRows("elements"), all);
  }
  // Two choices of one facet add up, two facets narrow.
  const [one, other] = Object.keys(facets.VR);
  await person.filter("VR", one);
  await person.filter("VR", other);
  assert.equal(await person.countRows("elements"), facets.VR[one] + facets.VR[other]);
  const [[state, count]] = Object.entries((await person.readFacets()).State);
  await person.filter("State", state);
  assert.equal(await person.countRows("elements"), count);
  await person.click(".facet .links button", "any");
  assert.equal(await person.countRows("elements"), facets.VR[one] + facets.VR[other]);
}

/** A number of the picture of equipment lists its elements, whatever was filtered and searched before. */
export async function opensCells({ person }) {
  await person.filter("VR", "LO");
  await person.search("g");
  await person.press("Enter");
  await person.show("Equipment");
  const shown = Number(await person.read(".cellcount"));
  await person.click(".cellcount");
  assert.ok(shown > 1);
  assert.equal(await person.countRows("elements"), shown);
}

/** Decides with each key, takes a suggestion, skips, writes a note; the page goes on to what is undecided. */
export async function decides({ person, page, given }) {
  const told = {};
  await person.press("k");
  await person.sign(WHO);
  assert.equal((await person.readProgress()).decided, 1);
  const rows = await person.readRows("elements");
  assert.equal(rows[0].Code, "K");
  assert.equal(rows[1].selected, "true");
  told[rows[0].Element] = "K";
  for (const key of KEYS.slice(1)) {
    const { Element: element } = await person.readChosen();
    await person.press(key);
    told[element] = key.toUpperCase();
  }
  assert.equal((await person.readProgress()).decided, KEYS.length);
  // A decision can be changed.
  await person.press("Home", "d");
  told[rows[0].Element] = "D";
  assert.equal((await person.readProgress()).decided, KEYS.length);
  // A search lists anew, and leaves out what is decided as long as only what is to decide is asked for.
  await person.showAllStates();
  // Without a suggestion there is nothing to take.
  await person.choose(given.without);
  await person.press("o");
  assert.match(await person.read(".message"), /Nobody suggests/);
  assert.equal((await person.readProgress()).decided, KEYS.length);
  await person.choose(given.suggested.element);
  await person.press("o");
  told[given.suggested.element] = given.suggested.code;
  // Skipped, with a note: undecided, and the next one is chosen.
  await person.choose(given.without);
  await person.press("s");
  assert.match(await person.readDialog(), /Skip/);
  await person.press("Enter");
  assert.equal(await person.seesDialog(), true, "a skip without a note");
  await person.type("ask the physicist, k x z");
  await person.press("Enter");
  assert.equal(await person.seesDialog(), false);
  assert.notEqual((await person.readChosen()).Element, given.without);
  assert.equal((await person.readProgress()).decided, KEYS.length + 1);
  // What a K holds for.
  await person.choose(given.scoped);
  await person.press("k");
  await person.choose(given.scoped);
  const before = await page.evaluate(() => document.querySelector(".scope select").value);
  await person.press("e");
  const after = await page.evaluate(() => document.querySelector(".scope select").value);
  assert.deepEqual([before, after], ["values", "element"]);
  told[given.scoped] = "K";
  await person.save(given.to);
  return { told };
}

/** Undoes everything, back to the start: the sheet is then the one that the page was made with. */
export async function undoes({ person, page, given }) {
  await person.press("x");
  await person.sign(WHO);
  await person.press("k", "n");
  await person.type("a note");
  await person.press("Enter", "e", "b");
  await person.click("dialog label", "K");
  await page.evaluate(() => document.querySelector("dialog input[inputmode]").focus());
  await person.type(String(given.toDecide - 2));
  await person.press("Enter");
  assert.equal((await person.readProgress()).decided, given.toDecide);
  await person.save(given.decided);
  let acts = 0;
  while (!(await person.read(".message")).startsWith("Nothing is left")) {
    await person.press("Control+z");
    assert.ok(++acts < 10);
  }
  assert.equal(acts, 6);
  assert.equal((await person.readProgress()).decided, 0);
  await person.save(given.to);
}

/** Decides many elements at once, only after their number was typed. */
export async function decidesMany({ person, page, given }) {
  await person.filter("VR", "LO");
  const count = await person.countRows("elements");
  await person.press("b");
  assert.match(await person.readDialog(), new RegExp(`${count} elements are decided`));
  assert.equal(await page.evaluate(() => document.querySelectorAll("dialog input[name=code]:checked").length), 0);
  const isDisabled = () => page.evaluate(() => document.querySelector("dialog button.main").disabled);
  assert.equal(await isDisabled(), true);
  await person.press("Enter");
  await person.type(String(count + 1));
  assert.equal(await isDisabled(), true);
  await person.press("Enter");
  assert.equal(await person.seesDialog(), true);
  assert.equal((await person.readProgress()).decided, 0);
  await person.click("dialog label", "X");
  await page.evaluate(() => document.querySelector("dialog input[inputmode]").select());
  await page.evaluate(() => document.querySelector("dialog input[inputmode]").focus());
  await person.type(String(count));
  assert.equal(await isDisabled(), false);
  await person.press("Enter");
  await person.sign(WHO);
  assert.equal((await person.readProgress()).decided, count);
  assert.match(await person.read(".message"), new RegExp(`^${count} elements decided`));
  // What is suggested for each, by private creator; what is decided already stays.
  await person.filter("VR", "LO");
  await person.choose(given.ofCreator);
  await person.press("b");
  await person.click("dialog label", "all elements of the private creator");
  await person.click("dialog label", "what is suggested");
  const text = await person.readDialog();
  const more = Number(/(\d+) elements? (?:is|are) decided/.exec(text)[1]);
  assert.ok(more > 1, text);
  await page.evaluate(() => document.querySelector("dialog input[inputmode]").focus());
  await person.type(String(more));
  await person.press("Enter");
  assert.equal((await person.readProgress()).decided, count + more);
  await person.save(given.to);
  await person.press("Control+z");
  assert.equal((await person.readProgress()).decided, count);
  await person.press("Control+z");
  assert.equal((await person.readProgress()).decided, 0);
  return { count, more };
}

/** Saves by the dialog of the browser, where it has one. */
export async function picks({ person, page }) {
  await page.evaluate(() => {
    globalThis.showSaveFilePicker = async (options) => {
      globalThis.picked = { name: options.suggestedName, text: "" };
      return {
        name: "chosen.csv",
        createWritable: async () => ({
          write: async (blob) => {
            globalThis.picked.text += await blob.text();
          },
          close: async () => {
            globalThis.picked.isClosed = true;
          },
        }),
      };
    };
  });
  await person.press("x");
  await person.sign(WHO);
  assert.equal(await person.seesUnsaved(), true);
  await person.press("Control+s");
  await waitFor(page, () => globalThis.picked?.isClosed);
  await waitFor(page, () => document.querySelector(".message").textContent === "Saved as chosen.csv.");
  assert.equal(await person.seesUnsaved(), false);
  // A person who thinks better of it has saved nothing.
  await person.press("k");
  await page.evaluate(() => {
    globalThis.showSaveFilePicker = async () => {
      throw new DOMException("", "AbortError");
    };
  });
  await person.press("Control+s");
  await person.settle();
  assert.equal(await person.seesUnsaved(), true);
  return page.evaluate(() => globalThis.picked);
}

/** Loads sheets: by the field for files, and by dropping them. */
export async function loads({ person, page, given }) {
  const { decided, broken, foreign } = given;
  assert.match(await person.load(decided.path), new RegExp(`${decided.changed} rows? changed`));
  await person.press("Escape");
  assert.equal((await person.readProgress()).decided, decided.codes);
  await person.press("Control+z");
  assert.equal((await person.readProgress()).decided, 0);
  const bytes = [...(await readFile(decided.path))];
  assert.match(await person.drop("dropped.csv", bytes), new RegExp(`${decided.changed} rows? changed`));
  await person.press("Escape");
  assert.equal((await person.readProgress()).decided, decided.codes);
  // The same once more changes nothing.
  assert.match(await person.drop("dropped.csv", bytes), /0 rows changed/);
  await person.press("Escape");
  await person.press("Control+z");
  assert.equal((await person.readProgress()).decided, 0);
  for (const { text, reason } of broken) {
    const shown = await person.drop("broken.csv", text);
    assert.ok(shown.includes("cannot be read") && shown.includes(reason), shown);
    await person.press("Escape");
    assert.equal((await person.readProgress()).decided, 0);
  }
  // What belongs to no element of the report is kept.
  assert.match(await person.drop("foreign.csv", foreign), /1 row without an element of this report/);
  await person.press("Escape");
  await person.save(given.to);
  return page.evaluate(() => document.activeElement.id);
}

/** Nothing is lost by closing: codes are kept, and no value is. */
export async function keeps({ person, page, given }) {
  await person.press("x");
  await person.sign(WHO);
  await person.press("k", "s");
  await person.type("later");
  await person.press("Enter");
  const decided = await person.readProgress();
  const rows = await person.readRows("elements");
  assert.equal(await person.seesUnsaved(), true);
  const reload = async () => {
    await page.reload({ waitUntil: "load" });
    await waitUntilReady(page);
  };
  // At once: what was not written yet is written when the page is left.
  await reload();
  assert.deepEqual(await person.readProgress(), decided);
  assert.equal(await person.seesUnsaved(), true);
  await person.showAllStates();
  const codes = (list) => list.map((row) => `${row.Element} ${row.Code} ${row.Note}`);
  const again = codes(await person.readRows("elements"));
  for (const row of codes(rows.slice(0, 3))) {
    assert.ok(again.includes(row), row);
  }
  await person.save(given.to);
  assert.equal(await person.seesUnsaved(), false);
  await reload();
  assert.equal(await person.seesUnsaved(), false);
  await person.press("Control+z");
  assert.equal(await person.seesUnsaved(), true);
  await reload();
  await person.press("Control+z", "Control+z");
  assert.equal((await person.readProgress()).decided, 0);
  await reload();
  assert.equal((await person.readProgress()).decided, 0);
  await person.press("x");
  await new Promise((done) => setTimeout(done, 400));
  return page.evaluate(() => ({ ...localStorage }));
}

/** Prints the view that is shown. */
export async function prints({ person, page, given }) {
  await page.evaluate(() => {
    addEventListener("beforeprint", () => setTimeout(() => (globalThis.printed = document.body.innerText.length)));
  });
  await page.pdf({ path: given.all, ...SHEET });
  assert.ok(await page.evaluate(() => globalThis.printed));
  const rows = await person.readRows("elements");
  assert.ok(rows.length < given.toDecide, "the list is as before after printing");
  await person.filter("VR", "LO");
  await page.pdf({ path: given.some, ...SHEET });
  await person.show("Summary");
  await page.pdf({ path: given.summary, ...SHEET });
  assert.match(await person.read("main"), /Profiles/);
}

/** Decides, looks at a value, filters and saves without a mouse; all that can be clicked has the focus once, visibly. */
export async function needsNoMouse({ person, page, name, given }) {
  const describe = () =>
    page.evaluate(() => {
      const one = document.activeElement;
      const label = one.closest("label")?.textContent;
      const style = getComputedStyle(one);
      const box = one.getBoundingClientRect();
      return {
        place: one.outerHTML.slice(0, 200) + label,
        is:
          one === document.body
            ? ""
            : one.id || one.getAttribute("aria-label") || one.textContent.trim().slice(0, 40) || label,
        // A list marks its head and its active row.
        isMarked:
          one.getAttribute("role") === "grid"
            ? [...one.querySelectorAll(".head, .active")].some((row) => getComputedStyle(row).boxShadow !== "none")
            : style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 1,
        isInSight: box.width > 0 && box.height > 0 && box.bottom > 0 && box.top < innerHeight,
      };
    });
  const order = await page.evaluate(() =>
    [...document.querySelectorAll("button, input:not([type=file]), select, [role=grid], summary")]
      .filter((one) => !one.disabled && one.getClientRects().length)
      .map((one) => one.outerHTML.slice(0, 200) + one.closest("label")?.textContent),
  );
  // All stops from the first to the last one, and back. At an end of the page Chromium goes round; in Firefox the focus
  // goes to the bars of the window, and that of the page stays where it was.
  await page.evaluate(() => document.querySelector(".views button").focus());
  const stops = [];
  for (const [key, end] of [
    ["Tab", order.at(-1)],
    ["Shift+Tab", order[0]],
  ]) {
    for (let place = ""; place !== end;) {
      await (key === "Tab" ? page.keyboard.press("Tab") : person.press(key));
      const stop = await describe();
      assert.notEqual(stop.place, place, `the focus is held by ${stop.is}`);
      assert.ok(stops.length < 3 * order.length, "the focus does not come to the end");
      place = stop.place;
      if (key === "Tab") {
        stops.push(stop);
      }
    }
  }
  await page.evaluate(() => document.getElementById("elements").focus());
  const names = stops.map((stop) => stop.is);
  for (const expected of ["search", "elements", "values", "Load", "Keys", "Equipment"]) {
    assert.ok(names.includes(expected), `${expected} in ${names}`);
  }
  assert.deepEqual(
    stops.filter((stop) => !stop.isMarked),
    [],
    "stops without a visible focus",
  );
  assert.deepEqual(
    stops.filter((stop) => !stop.isInSight),
    [],
    "stops out of sight",
  );
  const unreached = await page.evaluate(
    () =>
      [...document.querySelectorAll("button, input:not([type=file]), select, [role=grid], summary")].filter(
        (one) => one.tabIndex < 0,
      ).length,
  );
  assert.equal(unreached, 0);
  // The lists say what is active, and where it is.
  for (const key of ["End", "Home", "PageDown", "ArrowUp"]) {
    await person.press(key);
    const { isThere, isSeen } = await page.evaluate(() => {
      const grid = document.getElementById("elements");
      const row = document.getElementById(grid.getAttribute("aria-activedescendant"));
      const [outer, inner] = [grid, row ?? grid].map((one) => one.getBoundingClientRect());
      return {
        isThere: row?.getAttribute("role") === "row" && row.getAttribute("aria-selected") === "true",
        isSeen: inner.top >= outer.top && inner.bottom <= outer.bottom + 1,
      };
    });
    assert.deepEqual([isThere, isSeen], [true, true], key);
  }
  // To a value and back.
  await person.press("Home", "Enter");
  assert.equal(await person.readFocus(), "values");
  await person.press("Enter");
  assert.match(await person.readDialog(), /Example file/);
  await person.press("Escape");
  assert.equal(await person.seesDialog(), false);
  assert.equal(await person.readFocus(), "values");
  await person.press("Escape");
  assert.equal(await person.readFocus(), "elements");
  await person.press("?");
  assert.match(await person.readDialog(), /Ctrl\+Z/);
  await person.press("Escape");
  assert.equal(await person.readFocus(), "elements");
  await person.press("x");
  await person.sign(WHO);
  assert.equal(await person.readFocus(), "elements");
  await person.press("k");
  assert.equal((await person.readProgress()).decided, 2);
  // Each grid and dialog has a name; so has each button and field.
  const nameless = await page.evaluate(() =>
    [...document.querySelectorAll("[role=grid], button, input, select")]
      .filter((one) => !(one.getAttribute("aria-label") || one.textContent.trim() || one.closest("label")))
      .map((one) => one.outerHTML.slice(0, 80)),
  );
  assert.deepEqual(nameless, []);
  await person.save(given.to);
}

/** At 200 % zoom nothing is lost: no part lies beyond the window, and all is reached. */
export async function zooms({ person, page }) {
  // Before and after: a window of 1440 by 900 at 100 % and at 200 %.
  const parts = () =>
    page.evaluate(
      () => document.querySelectorAll(".head button, .head input, .bar button, .bar select, .facet").length,
    );
  const before = await parts();
  await resize(page, { width: 720, height: 450 });
  await person.settle();
  await person.settle();
  assert.equal(await parts(), before);
  const lost = await page.evaluate(() => {
    const found = [];
    for (const one of document.querySelectorAll(
      ".head button, .head input:not([type=file]), .bar button, .bar select, .facet summary, [role=grid]",
    )) {
      one.scrollIntoView({ block: "nearest", inline: "nearest" });
      const box = one.getBoundingClientRect();
      const at = document.elementFromPoint(
        box.left + Math.min(10, box.width / 2),
        box.top + Math.min(10, box.height / 2),
      );
      if (box.width < 1 || box.right > innerWidth + 1 || box.left < -1 || !(one.contains(at) || at?.contains(one))) {
        found.push(`${one.id || one.textContent.trim().slice(0, 30)} ${JSON.stringify(box)} ${at?.className}`);
      }
    }
    return found;
  });
  assert.deepEqual(lost, []);
  const { wide, rows } = await page.evaluate(() => ({
    wide: document.documentElement.scrollWidth - innerWidth,
    rows: ["elements", "values"].map(
      (id) => document.getElementById(id).clientHeight / document.querySelector(`#${id} .row`).offsetHeight,
    ),
  }));
  assert.ok(wide <= 0, `the page is ${wide} pixels too wide`);
  assert.ok(Math.min(...rows) >= 3, `rows in sight: ${rows}`);
  await person.press("x");
  await person.sign(WHO);
  assert.equal((await person.readProgress()).decided, 1);
  await person.press("b");
  const dialog = await page.evaluate(() => {
    const box = document.querySelector("dialog").getBoundingClientRect();
    const button = document.querySelector("dialog button.main");
    button.scrollIntoView();
    const place = button.getBoundingClientRect();
    return [box.left >= 0, box.right <= innerWidth, place.top >= 0, place.bottom <= innerHeight];
  });
  assert.deepEqual(dialog, [true, true, true, true]);
}

/** Text of 200 %: the rows grow with it. */
export async function enlarges({ person, page }) {
  const height = () => page.evaluate(() => document.querySelector("#elements .row:not(.head)").offsetHeight);
  const before = await height();
  await page.evaluate(() => document.documentElement.style.setProperty("font-size", "200%"));
  await person.press("ArrowDown", "ArrowUp");
  const after = await height();
  assert.ok(after >= 1.9 * before, `${before} to ${after}`);
  const cut = await page.evaluate(
    () =>
      [...document.querySelectorAll("#elements .row:not(.head) .cell")].filter(
        (one) => one.scrollHeight > one.clientHeight + 2,
      ).length,
  );
  assert.equal(cut, 0);
}

/** Dark and light: what the system has, and then what the person chose. */
export async function shines({ person, page }) {
  const theme = () => page.evaluate(() => document.documentElement.dataset.theme);
  const ground = () => page.evaluate(() => getComputedStyle(document.body).backgroundColor);
  const isDark = await page.evaluate(() => matchMedia("(prefers-color-scheme: dark)").matches);
  const [one, other] = isDark ? ["dark", "light"] : ["light", "dark"];
  assert.equal(await theme(), one);
  const before = await ground();
  await person.click("button[aria-label='Dark or light']");
  assert.equal(await theme(), other);
  assert.notEqual(await ground(), before);
  await page.reload({ waitUntil: "load" });
  await waitUntilReady(page);
  assert.equal(await theme(), other, "what was chosen is kept");
  await person.click("button[aria-label='Dark or light']");
  assert.equal(await theme(), one);
  assert.equal(await ground(), before);
}

/** Each text of each view has enough contrast, dark and light. */
export async function contrasts({ person, page }) {
  await person.press("x");
  await person.sign(WHO);
  const faint = async () =>
    page.evaluate(() => {
      const canvas = document.createElement("canvas").getContext("2d", { willReadFrequently: true });
      const rgba = (color, under) => {
        canvas.clearRect(0, 0, 1, 1);
        if (under) {
          canvas.fillStyle = under;
          canvas.fillRect(0, 0, 1, 1);
        }
        canvas.fillStyle = color;
        canvas.fillRect(0, 0, 1, 1);
        return [...canvas.getImageData(0, 0, 1, 1).data];
      };
      const ground = (one) => {
        const above = [];
        for (let at = one; at; at = at.parentElement) {
          above.push(getComputedStyle(at).backgroundColor);
        }
        return above.reverse().reduce((under, color) => `rgb(${rgba(color, under).slice(0, 3)})`, "rgb(255,255,255)");
      };
      const light = (color) => {
        const [r, g, b] = color.map((part) => {
          const share = part / 255;
          return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
        });
        return 0.2126 * r + 0.7152 * g + 0.0722 * b;
      };
      const found = new Map();
      for (const one of document.querySelectorAll("body *")) {
        const text = [...one.childNodes]
          .filter((node) => node.nodeType === 3 && node.data.trim())
          .map((node) => node.data);
        const style = getComputedStyle(one);
        if (!text.length || one.disabled || !one.getClientRects().length || style.visibility === "hidden") {
          continue;
        }
        const back = ground(one);
        const [high, low] = [light(rgba(style.color, back)), light(rgba(back))].sort((a, b) => b - a);
        const ratio = (high + 0.05) / (low + 0.05);
        const needed = parseFloat(style.fontSize) >= 24 ? 3 : 4.5;
        if (ratio < needed) {
          found.set(
            `${one.tagName}.${one.className}`,
            `${ratio.toFixed(2)} ${text[0].slice(0, 20)} ${style.color} on ${back}`,
          );
        }
      }
      return Object.fromEntries(found);
    });
  const seen = {};
  const views = await page.evaluate(() =>
    [...document.querySelectorAll(".views button")].map((one) => one.textContent),
  );
  for (let turn = 0; turn < 2; turn++) {
    const theme = await page.evaluate(() => document.documentElement.dataset.theme);
    for (const view of views) {
      await person.show(view);
      for (const [key, text] of Object.entries(await faint())) {
        seen[`${theme} ${view} ${key}`] = text;
      }
    }
    await person.show("Decide");
    await person.click("button[aria-label='Dark or light']");
  }
  assert.deepEqual(seen, {}, "texts without contrast");
}

/** Hostile values and names are texts: each is shown whole, nothing runs, and what is typed is a text too. */
export async function staysCalm({ person, page, given }) {
  await person.showAllStates();
  await person.choose(given.element);
  const rows = await person.readRows("values");
  assert.equal(rows.length, given.values.length);
  await person.press("Enter");
  const shown = [];
  for (let at = 0; at < rows.length; at++) {
    await person.press("Enter");
    await person.readDialog();
    shown.push(await person.read("dialog pre"));
    await person.press("Escape", "ArrowDown");
  }
  await person.press("Escape");
  for (const typed of given.typed) {
    await person.search("");
    await person.paste(typed);
    await person.settle();
    await person.press("Escape");
  }
  await person.choose(given.element);
  await person.press("k");
  await person.readDialog();
  await person.paste(given.who);
  await person.press("Enter");
  await person.choose(given.element);
  await person.press("n");
  await person.paste(given.note);
  await person.press("Enter");
  const views = await page.evaluate(() =>
    [...document.querySelectorAll(".views button")].map((one) => one.textContent),
  );
  for (const view of views) {
    await person.show(view);
  }
  await person.show("Decide");
  await person.press("a");
  await person.press("?");
  await person.press("Escape");
  await page.reload({ waitUntil: "load" });
  await waitUntilReady(page);
  await person.save(given.to);
  const strange = await page.evaluate(
    () =>
      document.querySelectorAll("#page script, #page svg[onload], #page img, #page b[id], #page iframe, #page style")
        .length,
  );
  assert.equal(strange, 0);
  return { shown };
}

/** Decides what is asked for, element by element, and saves: half of the way from a scan to the next. */
export async function decidesThese({ person, given }) {
  let isSigned = false;
  for (const [element, key] of given.decisions) {
    await person.choose(element);
    await person.press(key);
    if (!isSigned) {
      await person.sign(WHO);
      isSigned = true;
    }
  }
  const name = await person.save(given.to);
  return { name, progress: await person.readProgress() };
}

/** A page that is served: each act is in the sheet on the disk, and the server says which files a value is in. */
export async function serves({ person, page, given }) {
  assert.equal(await page.evaluate(() => location.hash), "", "the token is not in the address bar");
  // There is no sheet before the first act.
  const codes = async () => [...(await readFile(given.sheet, "utf8").catch(() => "")).matchAll(/,(?:X|K|C),,/g)].length;
  /** Waits until the sheet on the disk has this number of codes. */
  const reach = async (count) => {
    for (const end = Date.now() + 30000; (await codes()) !== count;) {
      assert.ok(Date.now() < end, `${await codes()} codes in the sheet, not ${count}`);
      await new Promise((done) => setTimeout(done, 50));
    }
  };
  const [first] = await person.readRows("elements");
  await person.press("Enter", "Enter");
  await person.readDialog();
  await person.click("dialog button", "Find the files");
  const found = await waitFor(page, () => document.querySelector("dialog .paths")?.textContent ?? "");
  await person.press("Escape", "Escape");
  await person.press("x");
  await person.sign(WHO);
  await reach(1);
  await person.press("k");
  await reach(2);
  await person.press("Control+z");
  await reach(1);
  assert.equal((await person.readProgress()).decided, 1);
  return { element: first.Element, found, kept: await page.evaluate(() => Object.keys(localStorage)) };
}
