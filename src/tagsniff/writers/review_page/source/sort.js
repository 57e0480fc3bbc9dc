/**
 * Stable sorts of row numbers by a column of keys.
 *
 * For: the lists of the page.
 * Never: a comparison of two texts for each pair of rows: texts are compared by their number in a sorted table.
 */

const LARGEST_COUNTED = 1 << 22;
const DIGIT_BITS = 16;
const DIGIT_MASK = 0xffff;

/**
 * Returns the rows in the order of their keys; rows with equal keys stay in their order.
 *
 * @param {Uint32Array} rows
 * @param {(row: number) => number} keyOf
 * @param {boolean} isDescending
 * @returns {Uint32Array}
 */
export function sortRows(rows, keyOf, isDescending) {
  const keys = new Float64Array(rows.length);
  let least = Infinity;
  let most = -Infinity;
  let isWhole = true;
  for (let at = 0; at < rows.length; at++) {
    const key = keyOf(rows[at]);
    keys[at] = key;
    least = key < least ? key : least;
    most = key > most ? key : most;
    isWhole = isWhole && Number.isInteger(key);
  }
  if (rows.length < 2) {
    return rows;
  }
  if (!isWhole || most - least > 0xffffffff) {
    return sortFloats(rows, keys, isDescending);
  }
  const ranks = new Uint32Array(rows.length);
  for (let at = 0; at < rows.length; at++) {
    ranks[at] = isDescending ? most - keys[at] : keys[at] - least;
  }
  const range = most - least;
  if (range < LARGEST_COUNTED) {
    return countingSort(rows, ranks, range + 1);
  }
  const { rows: low, ranks: high } = digitSort(rows, ranks, 0);
  return digitSort(low, high, DIGIT_BITS).rows;
}

/**
 * @param {Uint32Array} rows
 * @param {Uint32Array} ranks the key of each of them, less than `range`
 * @param {number} range
 * @returns {Uint32Array}
 */
export function countingSort(rows, ranks, range) {
  const places = new Uint32Array(range + 1);
  for (let at = 0; at < ranks.length; at++) {
    places[ranks[at] + 1]++;
  }
  for (let rank = 0; rank < range; rank++) {
    places[rank + 1] += places[rank];
  }
  const sorted = new Uint32Array(rows.length);
  for (let at = 0; at < rows.length; at++) {
    sorted[places[ranks[at]]++] = rows[at];
  }
  return sorted;
}

/**
 * One pass of a radix sort: by 16 bits of the keys.
 *
 * @param {Uint32Array} rows
 * @param {Uint32Array} ranks
 * @param {number} shift
 * @returns {{rows: Uint32Array, ranks: Uint32Array}}
 */
function digitSort(rows, ranks, shift) {
  const places = new Uint32Array(DIGIT_MASK + 2);
  for (let at = 0; at < ranks.length; at++) {
    places[((ranks[at] >>> shift) & DIGIT_MASK) + 1]++;
  }
  for (let digit = 0; digit < DIGIT_MASK; digit++) {
    places[digit + 1] += places[digit];
  }
  const sorted = new Uint32Array(rows.length);
  const sortedRanks = new Uint32Array(rows.length);
  for (let at = 0; at < rows.length; at++) {
    const to = places[(ranks[at] >>> shift) & DIGIT_MASK]++;
    sorted[to] = rows[at];
    sortedRanks[to] = ranks[at];
  }
  return { rows: sorted, ranks: sortedRanks };
}

/**
 * @param {Uint32Array} rows
 * @param {Float64Array} keys
 * @param {boolean} isDescending
 * @returns {Uint32Array}
 */
function sortFloats(rows, keys, isDescending) {
  const sign = isDescending ? -1 : 1;
  const places = Uint32Array.from(rows, (_, at) => at);
  places.sort((one, other) => sign * (keys[one] - keys[other]) || one - other);
  return places.map((at) => rows[at]);
}
