// Measures the review page in Chromium: node review_page.mjs PROGRAM FOLDER PAGE gives one line of JSON for one start.
//
// For: benchmarks/review_page.py.
// Never: a call of the page's own code. An act begins with its event and ends when the next frame was drawn.

import { open, start } from "../tests/review_page/browser.mjs";
import { Person } from "../tests/review_page/person.mjs";

const [program, folder, path] = process.argv.slice(2);
const QUERY = ["a", "an", "ann", "anna", "anna 5"];

const started = await start("chromium", program, folder);
try {
  const opened = await open(started, path);
  const { page } = opened;
  const person = new Person(opened);
  const found = { ready_ms: Number(await page.evaluate(() => document.documentElement.dataset.ready)) };
  const session = await page.createCDPSession();
  /** Returns the bytes of the heap and of the buffers that belong to it, without garbage. */
  const read = async () => {
    await session.send("HeapProfiler.collectGarbage");
    const { usedSize, backingStorageSize } = await session.send("Runtime.getHeapUsage");
    return usedSize + backingStorageSize;
  };
  found.heap_bytes = await read();

  /** Returns the time from an act in the page until it was drawn. @param {string} act @param {...unknown} given */
  const time = async (act, ...given) =>
    page.evaluate(
      async (name, values) => {
        const acts = {
          search: (text) => {
            const field = document.getElementById("search");
            field.value = text;
            field.dispatchEvent(new Event("input", { bubbles: true }));
          },
          key: (key, ctrlKey = false) =>
            document
              .getElementById("elements")
              .dispatchEvent(new KeyboardEvent("keydown", { key, ctrlKey, bubbles: true })),
          sort: (id, title) =>
            [...document.querySelectorAll(`#${id} [role=columnheader] button`)]
              .find((button) => button.textContent.startsWith(title))
              .click(),
          all: () => document.querySelector(".above input[type=checkbox]").click(),
        };
        const begin = performance.now();
        acts[name](...values);
        await new Promise((done) => requestAnimationFrame(() => setTimeout(done)));
        return performance.now() - begin;
      },
      act,
      given,
    );

  found.search_ms = {};
  for (const query of [...QUERY, "no such value", ""]) {
    found.search_ms[query] = await time("search", query);
  }
  found.elements_found = await (async () => {
    await time("search", QUERY.at(-1));
    const count = await person.countRows("elements");
    await time("search", "");
    return count;
  })();
  await page.evaluate(() => document.getElementById("elements").focus());
  await person.press("x");
  await person.sign("AB");
  found.decide_ms = [];
  for (const key of ["k", "x", "z", "d", "c", "u", "r"]) {
    found.decide_ms.push(await time("key", key));
  }
  found.undo_ms = await time("key", "z", true);
  found.move_ms = await time("key", "ArrowDown");
  found.sort_elements_ms = {};
  for (const title of ["Files", "Name", "Element", "Flags"]) {
    found.sort_elements_ms[title] = await time("sort", "elements", title);
  }
  found.list_all_values_ms = await time("all");
  found.rows = await person.countRows("values");
  found.sort_values_ms = {};
  for (const title of ["Value", "Files", "Equipment", "Flags", "Example"]) {
    found.sort_values_ms[title] = await time("sort", "values", title);
  }
  found.heap_in_the_end_bytes = await read();
  found.problems = await opened.listProblems();
  process.stdout.write(`${JSON.stringify(found)}\n`);
} finally {
  await started.browser.close();
}
