// The container: typed columns, texts with any character, and what is refused.

import assert from "node:assert/strict";
import test from "node:test";
import { gzipSync } from "node:zlib";
import {
  Container,
  TextTable,
  decodeText,
  unpack,
} from "../../../src/tagsniff/writers/review_page/source/container.js";
import { groupNumbers } from "../../../src/tagsniff/writers/review_page/source/report.js";

/** Makes a container of columns: [name, type, bytes, count]. */
function make(columns, head = {}) {
  const places = {};
  const parts = [];
  let offset = 0;
  for (const [name, form, bytes, count] of columns) {
    places[name] = [form, offset, count];
    const padded = Buffer.concat([Buffer.from(bytes), Buffer.alloc((8 - (bytes.length % 8)) % 8)]);
    parts.push(padded);
    offset += padded.length;
  }
  let text = JSON.stringify({ ...head, columns: places });
  text += " ".repeat((8 - (text.length % 8)) % 8);
  const start = Buffer.alloc(16);
  start.write("tagsniff", "latin1");
  start.writeUInt32LE(text.length, 8);
  return Buffer.concat([start, Buffer.from(text, "latin1"), ...parts]);
}

const bufferOf = (bytes) => bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length);

test("columns of each type", () => {
  const container = new Container(
    bufferOf(
      make([
        ["a", "u8", [1, 255, 3], 3],
        ["b", "u16", [0, 255, 1, 255], 2],
        ["c", "u32", [255, 2, 255, 0, 255, 0, 255, 1], 2],
        ["d", "i32", [255, 255, 255, 255], 1],
        ["e", "f64", [0, 0, 0, 0, 0, 0, 0xf0, 0x3f], 1],
      ]),
    ),
  );
  assert.deepEqual([...container.column("a")], [1, 255, 3]);
  assert.deepEqual([...container.column("b")], [256, 65535]);
  assert.deepEqual([...container.column("c")], [4294967295, 16777218]);
  assert.deepEqual([...container.column("d")], [-1]);
  assert.deepEqual([...container.column("e")], [1]);
  assert.equal(container.has("z"), false);
  assert.throws(() => container.column("z"), /no column z/);
});

test("what is no container is refused", () => {
  assert.throws(() => new Container(new ArrayBuffer(64)), /damaged/);
});

test("texts with characters of one to four bytes, which share their beginnings", () => {
  const texts = ["", "abc", "abd", "\u00fc\u2028", "\u{1f600}x", "\u{1f600}y", "", "\ufeffend"];
  const shared = [0, 0, 2, 0, 0, 2, 0, 0];
  const rests = texts.map((text, number) => text.slice(shared[number]));
  const bytes = Buffer.from(rests.join(""), "utf8");
  const table = new Container(
    bufferOf(
      make([
        ["t.bytes", "u8", bytes, bytes.length],
        ["t.shared", "u8", shared, texts.length],
        ["t.lengths", "u8", rests.map((text) => text.length), texts.length],
      ]),
    ),
  ).texts("t");
  assert.deepEqual(
    texts.map((_, number) => table.get(number)),
    texts,
  );
  assert.equal(table.begin(1, 2), "ab");
  assert.equal(table.lengthOf(4), 3);
});

test("lone surrogates keep their number", () => {
  // D800, DC00 (two texts that meet), then "a".
  const bytes = Uint8Array.from([0xed, 0xa0, 0x80, 0xed, 0xb0, 0x80, 0x61, 0xed, 0x9f, 0xbf]);
  const text = decodeText(bytes);
  assert.equal(text.length, 4);
  assert.deepEqual(
    [...Array(4).keys()].map((at) => text.charCodeAt(at)),
    [0xd800, 0xdc00, 0x61, 0xd7ff],
  );
  const table = new TextTable(text, Uint32Array.from([1, 2, 4]));
  assert.equal(table.get(0), "\ud800");
  assert.equal(table.get(1), "\udc00");
});

test("base64 and gzip are taken off", async () => {
  const bytes = Buffer.from([0, 1, 2, 250, 255]);
  const text = gzipSync(bytes).toString("base64");
  const buffer = await unpack(`\n${text.slice(0, 8)}\n${text.slice(8)}\n`);
  assert.deepEqual(Buffer.from(buffer), bytes);
});

test("groups of numbers", () => {
  const groups = groupNumbers(Uint32Array.from([2, 0, 2, 2, 0]));
  assert.deepEqual([...groups.of(0)], [1, 4]);
  assert.deepEqual([...groups.of(1)], []);
  assert.deepEqual([...groups.of(2)], [0, 2, 3]);
  assert.deepEqual([...groups.of(9)], []);
});
