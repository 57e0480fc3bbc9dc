/**
 * The histogram of an element whose values are numbers or dates, as an SVG.
 *
 * For: the values of an element.
 * Never: colours that mean something; the heights and the ends say all.
 */

/** @typedef {import("./model.js").Model} Model */

import { h } from "preact";
import { makeHistogram, readNumber, showEnd } from "./histogram.js";
import { countOf } from "./text.js";

const WIDTH = 240;
const HEIGHT = 90;
const FEW = 3;

/** @param {{model: Model}} props */
export function HistogramView({ model }) {
  const { report, isDate } = model;
  const { rows, values } = report;
  if (model.allRows.length < FEW) {
    return null;
  }
  /** @type {[number, number][]} */
  const counted = [];
  for (const row of model.allRows) {
    if (report.kindOf(row) !== "value") {
      continue;
    }
    const number = readNumber(values.begin(rows.value[row], 64), isDate);
    if (Number.isNaN(number)) {
      return null;
    }
    counted.push([number, rows.files[row]]);
  }
  const found = makeHistogram(counted, isDate);
  if (!found) {
    return null;
  }
  const highest = Math.max(...found.bins.map((bin) => bin.files));
  const step = WIDTH / found.bins.length;
  return h(
    "figure",
    { class: "histogram" },
    h(
      "svg",
      { viewBox: `0 0 ${WIDTH} ${HEIGHT}`, role: "img", "aria-label": "Files by value" },
      found.bins.map((bin, at) => {
        const height = bin.files ? Math.max(1.5, (bin.files / highest) * HEIGHT) : 0;
        return h(
          "rect",
          { key: at, x: at * step + 0.5, y: HEIGHT - height, width: Math.max(1, step - 1), height },
          h("title", null, `${showEnd(bin.from, isDate)} to ${showEnd(bin.to, isDate)}: ${countOf(bin.files, "file")}`),
        );
      }),
    ),
    h(
      "figcaption",
      null,
      h("span", null, showEnd(found.least, isDate)),
      h("span", null, "files by value"),
      h("span", null, showEnd(found.most, isDate)),
    ),
  );
}
