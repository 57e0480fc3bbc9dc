/**
 * The facets of the list of elements: what they have in common, with the number of elements of each.
 *
 * For: the list of facets, and the filter of the list of elements.
 * Never: more than one pass over the elements for all counts.
 */

/**
 * A facet: its choices, and for each element the numbers of those that it has.
 *
 * @typedef {object} Facet
 * @property {string} name
 * @property {string[]} choices
 * @property {(entry: number) => ArrayLike<number>} numbersOf
 */

/** @typedef {Map<string, Set<number>>} Chosen the numbers that are chosen, by the name of the facet */

/**
 * Makes a facet of the texts of each element.
 *
 * @param {string} name
 * @param {number} count of elements
 * @param {(entry: number) => Iterable<string>} textsOf
 * @returns {Facet}
 */
export function makeFacet(name, count, textsOf) {
  /** @type {Map<string, number>} */
  const numbers = new Map();
  const starts = new Uint32Array(count + 1);
  /** @type {number[]} */
  const members = [];
  for (let entry = 0; entry < count; entry++) {
    for (const text of textsOf(entry)) {
      let number = numbers.get(text);
      if (number === undefined) {
        number = numbers.size;
        numbers.set(text, number);
      }
      members.push(number);
    }
    starts[entry + 1] = members.length;
  }
  const all = Uint32Array.from(members);
  return {
    name,
    choices: [...numbers.keys()],
    numbersOf: (entry) => all.subarray(starts[entry], starts[entry + 1]),
  };
}

/**
 * Makes a facet of one number of each element, which may change.
 *
 * @param {string} name
 * @param {string[]} choices
 * @param {(entry: number) => number} numberOf
 * @returns {Facet}
 */
export function makeChangingFacet(name, choices, numberOf) {
  const one = [0];
  return {
    name,
    choices,
    numbersOf: (entry) => {
      one[0] = numberOf(entry);
      return one;
    },
  };
}

/**
 * @param {Facet} facet
 * @param {Set<number> | undefined} chosen
 * @param {number} entry
 * @returns {boolean} whether an element has one of the chosen ones, or nothing is chosen
 */
function passes(facet, chosen, entry) {
  if (!chosen?.size) {
    return true;
  }
  const numbers = facet.numbersOf(entry);
  for (let at = 0; at < numbers.length; at++) {
    if (chosen.has(numbers[at])) {
      return true;
    }
  }
  return false;
}

/**
 * Returns the elements that pass all facets, and for each facet how many elements its choices would show.
 *
 * @param {readonly Facet[]} facets
 * @param {Chosen} chosen
 * @param {number} count of elements
 * @param {(entry: number) => boolean} isFound whether the search has found it
 * @returns {{entries: Uint32Array, counts: Map<string, Uint32Array>}}
 */
export function applyFacets(facets, chosen, count, isFound) {
  const counts = facets.map((facet) => new Uint32Array(facet.choices.length));
  const passing = new Uint32Array(count);
  let found = 0;
  for (let entry = 0; entry < count; entry++) {
    if (!isFound(entry)) {
      continue;
    }
    let failed = -1;
    let failures = 0;
    for (let at = 0; at < facets.length && failures < 2; at++) {
      if (!passes(facets[at], chosen.get(facets[at].name), entry)) {
        failed = at;
        failures++;
      }
    }
    if (failures === 0) {
      passing[found++] = entry;
    }
    if (failures < 2) {
      // A choice of the facet that fails would show it; if none fails, any choice that it has.
      for (let at = 0; at < facets.length; at++) {
        if (failures === 0 || at === failed) {
          const numbers = facets[at].numbersOf(entry);
          for (let member = 0; member < numbers.length; member++) {
            counts[at][numbers[member]]++;
          }
        }
      }
    }
  }
  return {
    entries: passing.slice(0, found),
    counts: new Map(facets.map((facet, at) => [facet.name, counts[at]])),
  };
}
