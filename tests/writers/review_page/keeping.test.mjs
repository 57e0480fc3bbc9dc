// The seam: what is kept on disk has no value, what is served is one request for each act, in their order.

import assert from "node:assert/strict";
import test from "node:test";
import { DiskKeeping, ServedKeeping, Settings } from "../../../src/tagsniff/writers/review_page/source/keeping.js";
import { Store } from "../../../src/tagsniff/writers/review_page/source/store.js";
import { makeReport } from "./made_report.mjs";

globalThis.addEventListener = () => {};

/** A window with a localStorage of its own. */
function makeStorage(refuses = () => false) {
  const kept = new Map();
  const storage = {
    getItem: (name) => kept.get(name) ?? null,
    setItem: (name, text) => {
      if (refuses(name)) {
        throw new Error("no room");
      }
      kept.set(name, String(text));
    },
    removeItem: (name) => kept.delete(name),
  };
  globalThis.window = { localStorage: storage };
  return kept;
}

const makeStore = () =>
  new Store(
    makeReport([
      { cells: { element: "(0008,1030)", vr: "LO", examples: "SECRET", min: "SECRET" }, values: [["SECRET"]] },
      { cells: { element: "(0008,0060)", vr: "CS", code: "K" }, class: 1, values: [["CT"]] },
    ]),
  );

test("codes and notes come back, and no value is kept", async () => {
  const kept = makeStorage();
  const store = makeStore();
  const keeping = new DiskKeeping(store, "d1", () => {});
  store.listeners.add(() => keeping.keep());
  store.apply("key", "X", [{ entries: [0], set: { code: "X", note: "why", who: "AB" } }]);
  store.apply("load", "load", [], [{ element: "(0099,0001)", code: "K", seen: "r", examples: "SECRET", name: "n" }]);
  keeping.flush();
  const text = [...kept.values()].join();
  assert.match(text, /why/);
  assert.doesNotMatch(text, /SECRET/);
  const later = makeStore();
  await new DiskKeeping(later, "d1", () => {}).restore();
  assert.deepEqual([later.codeOf(0), later.cell(0, "note"), later.isUnsaved], ["X", "why", true]);
  assert.deepEqual(
    later.others.map((row) => [row.element, row.code, row.seen, row.examples]),
    [["(0099,0001)", "K", "r", undefined]],
  );
  const other = makeStore();
  await new DiskKeeping(other, "d2", () => {}).restore();
  assert.equal(other.codeOf(0), "");
});

test("nothing is left behind when all is undone", () => {
  const kept = makeStorage();
  const store = makeStore();
  const keeping = new DiskKeeping(store, "d1", () => {});
  store.apply("key", "X", [{ entries: [0], set: { code: "X" } }]);
  keeping.flush();
  store.undo();
  keeping.flush();
  assert.deepEqual([...kept.keys()], []);
});

test("a browser that keeps nothing, or has no room, is said", () => {
  globalThis.window = {
    get localStorage() {
      throw new Error("forbidden");
    },
  };
  assert.match(new DiskKeeping(makeStore(), "d1", () => {}).describe(), /keeps nothing/);
  const settings = new Settings();
  settings.who = "AB";
  assert.equal(settings.who, "AB");
  makeStorage((name) => name.endsWith("d1"));
  const store = makeStore();
  let changes = 0;
  const keeping = new DiskKeeping(store, "d1", () => changes++);
  store.apply("key", "X", [{ entries: [0], set: { code: "X" } }]);
  keeping.flush();
  assert.match(keeping.describe(), /no room/);
  assert.equal(changes, 1);
});

test("what was kept and cannot be read is said", async () => {
  const kept = makeStorage();
  for (const text of ["{", '{"acts":[{"id":1,"parts":[{"entries":[99],"set":{}}]}]}', "[]"]) {
    kept.set("tagsniff-review:d1", text);
    const keeping = new DiskKeeping(makeStore(), "d1", () => {});
    await keeping.restore();
    assert.match(keeping.describe(), /could not be read/);
  }
});

/** A server that answers with what it is given, in turn, and notes the requests. */
function serve(answers) {
  const asked = [];
  globalThis.fetch = async (path, request) => {
    asked.push({ path, method: request.method, token: request.headers["X-Tagsniff-Token"], body: request.body });
    const { status, body } = answers.shift();
    return { ok: status === 200, status, json: async () => body };
  };
  return asked;
}

test("each act is one request, with its rows, in the order of the acts", async () => {
  const asked = serve([
    { status: 200, body: { rows_left: 5 } },
    { status: 200, body: { rows_left: 9 } },
  ]);
  const store = makeStore();
  const keeping = new ServedKeeping(store, "token", () => {});
  store.listeners.add((act, isUndone) => keeping.keep(act, isUndone));
  store.apply("key", "X", [{ entries: [0], set: { code: "X", who: "AB" } }]);
  store.undo();
  await keeping.waiting;
  assert.deepEqual(
    asked.map(({ path, method, token }) => [path, method, token]),
    [
      ["/decide", "POST", "token"],
      ["/decide", "POST", "token"],
    ],
  );
  const [done, undone] = asked.map(({ body }) => JSON.parse(body));
  assert.deepEqual(
    [done.act, done.rows[0].element, done.rows[0].code, done.rows[0].who],
    ["key", "(0008,1030)", "X", "AB"],
  );
  assert.deepEqual([undone.act, undone.rows[0].code, undone.rows[0].who], ["undo", "", ""]);
  assert.equal("examples" in done.rows[0], false);
  assert.match(keeping.describe(), /9 rows/);
});

test("what the server refuses is taken back, and said", async () => {
  serve([
    { status: 400, body: { error: "another row has another code" } },
    { status: 200, body: { rows_left: 1 } },
  ]);
  const store = makeStore();
  const keeping = new ServedKeeping(store, "token", () => {});
  store.listeners.add((act, isUndone) => keeping.keep(act, isUndone));
  store.apply("key", "X", [{ entries: [0], set: { code: "X" } }]);
  await keeping.waiting;
  assert.equal(store.codeOf(0), "");
  assert.match(keeping.describe(), /taken back: another row has another code/);
  store.apply("key", "Z", [{ entries: [0], set: { code: "Z" } }]);
  await keeping.waiting;
  assert.deepEqual([store.codeOf(0), /rows/.test(keeping.describe())], ["Z", true]);
});

test("a page that cannot take back what was refused says so until it is loaded again", async () => {
  serve([
    { status: 409, body: {} },
    { status: 200, body: { rows_left: 1 } },
  ]);
  const store = makeStore();
  const keeping = new ServedKeeping(store, "token", () => {});
  store.listeners.add((act, isUndone) => keeping.keep(act, isUndone));
  store.apply("key", "X", [{ entries: [0], set: { code: "X" } }]);
  store.apply("key", "Z", [{ entries: [1], set: { code: "Z" } }]);
  await keeping.waiting;
  assert.match(keeping.describe(), /somebody else.*load the page again/);
});
