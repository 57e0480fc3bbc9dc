// What the page says when the server refuses an act.

import assert from "node:assert/strict";
import test from "node:test";
import { describeChanged } from "../../../src/tagsniff/writers/review_page/source/keeping.js";

const row = (element, code = "", who = "") => ({ element, vr: "LO", code, who });

test("rows that somebody else has changed are named", () => {
  assert.equal(
    describeChanged([row("(0008,1030)", "X", "CD"), row('(0009,"A\u202e",01)')]),
    ' ((0008,1030) LO X by CD; (0009,"A\\u202e",01) LO undecided)',
  );
  const five = ["a", "b", "c", "d", "e"].map((name) => row(name, "K"));
  assert.equal(describeChanged(five), " (a LO K; b LO K; c LO K; and 2 more)");
  assert.equal(describeChanged([]), "");
  assert.equal(describeChanged(undefined), "");
});
