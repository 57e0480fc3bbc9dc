/* Stable radix sort of 64-bit keys with an 8-bit tie-breaker.
 *
 * For: texts, eight bytes at a time; rows by their value, or by decision and flags.
 * Never: recursion, memory of its own, or a change of the order of equal keys.
 */
#ifndef TAGSNIFF_BASE_RADIX_SORT_H
#define TAGSNIFF_BASE_RADIX_SORT_H

#include <stddef.h>
#include <stdint.h>

typedef struct ts_ordered_word {
    uint64_t word;   /* the key */
    uint32_t number; /* of the item that the key belongs to; not compared */
    uint32_t rest;   /* the tie-breaker between equal words; less than TS_ORDERED_REST_LIMIT */
} ts_ordered_word;

enum { TS_ORDERED_REST_LIMIT = 256 };

/* Sorts the words in ascending order. `scratch` has room for `count` words. O(count) for large counts. */
void ts_radix_sort(ts_ordered_word *words, ts_ordered_word *scratch, size_t count);

#endif
