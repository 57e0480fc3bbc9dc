// The sorts: the same order as that of a stable sort by comparison, for keys of each kind.

import assert from "node:assert/strict";
import test from "node:test";
import { sortRows } from "../../../src/tagsniff/writers/review_page/source/sort.js";

function expected(rows, keyOf, isDescending) {
  const sign = isDescending ? -1 : 1;
  return [...rows].sort((one, other) => sign * (keyOf(one) - keyOf(other)));
}

const rows = Uint32Array.from({ length: 2000 }, (_, at) => (at * 7919) % 2000);
const keys = {
  few: (row) => row % 5,
  negative: (row) => (row % 7) - 3,
  many: (row) => (row * 2654435761) % 4294967296,
  beyond: (row) => (row % 50) * 1e11,
  broken: (row) => (row % 90) / 7,
  infinite: (row) => (row % 3 ? row : -Infinity),
};

for (const [name, keyOf] of Object.entries(keys)) {
  for (const isDescending of [false, true]) {
    test(`${name}, ${isDescending ? "descending" : "ascending"}`, () => {
      assert.deepEqual([...sortRows(rows, keyOf, isDescending)], expected(rows, keyOf, isDescending));
    });
  }
}

test("none and one", () => {
  assert.deepEqual([...sortRows(new Uint32Array(0), () => 1, false)], []);
  assert.deepEqual([...sortRows(Uint32Array.from([4]), () => -Infinity, true)], [4]);
});
