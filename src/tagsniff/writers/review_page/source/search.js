/**
 * Finds a text in a table of texts: one pass over the distinct texts, whatever the number of rows.
 *
 * For: the search of the page.
 * Never: a regular expression made of what was typed.
 */

/** @typedef {import("./container.js").TextTable} TextTable */

import { fold } from "./text.js";

/** The search in one table. It keeps the folded texts, which are made by the first search. */
export class TextSearch {
  /** @param {TextTable} table */
  constructor(table) {
    this.table = table;
    this.folded = "";
    this.isFolded = false;
  }

  /**
   * Returns for each text 1 if the query is in it, in any letter case, else 0.
   *
   * @param {string} query not empty
   * @returns {{hits: Uint8Array, count: number}}
   */
  find(query) {
    if (!this.isFolded) {
      this.folded = fold(this.table.all);
      this.isFolded = true;
    }
    const { ends } = this.table;
    const folded = this.folded;
    const wanted = fold(query);
    const hits = new Uint8Array(ends.length);
    let count = 0;
    let number = 0;
    let at = folded.indexOf(wanted);
    while (at >= 0) {
      number = findText(ends, at, number);
      if (at + wanted.length <= ends[number]) {
        hits[number] = 1;
        count++;
        at = folded.indexOf(wanted, ends[number]);
      } else {
        // It goes over the end of a text.
        at = folded.indexOf(wanted, at + 1);
      }
    }
    return { hits, count };
  }
}

/**
 * Returns the number of the text that has a place in it: the first one that ends after it, from a number on.
 *
 * @param {Uint32Array} ends
 * @param {number} at
 * @param {number} from
 * @returns {number}
 */
function findText(ends, at, from) {
  // Steps that grow, then halves: hits are near each other, or few.
  let step = 1;
  let low = from;
  while (low + step < ends.length && ends[low + step] <= at) {
    low += step;
    step *= 2;
  }
  let high = Math.min(low + step, ends.length - 1);
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (ends[middle] > at) {
      high = middle;
    } else {
      low = middle + 1;
    }
  }
  return low;
}
