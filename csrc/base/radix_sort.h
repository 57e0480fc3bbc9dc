/* Numbers in the order of what they stand for, which is a word and a little more.
 *
 * For: texts eight bytes at a time, rows by their value, or by decision and flags.
 * Never: recursion, memory of its own, or another order for those that are the same than they came in.
 */
#ifndef TAGSNIFF_BASE_RADIX_SORT_H
#define TAGSNIFF_BASE_RADIX_SORT_H

#include <stddef.h>
#include <stdint.h>

typedef struct ts_ordered_word {
    uint64_t word;
    uint32_t number; /* of what it stands for; has no part in the order */
    uint32_t rest;   /* decides between equal words; less than TS_ORDERED_REST_LIMIT */
} ts_ordered_word;

enum { TS_ORDERED_REST_LIMIT = 256 };

/* Puts the words in ascending order; `scratch` has room for as many. */
void ts_radix_sort(ts_ordered_word *words, ts_ordered_word *scratch, size_t count);

#endif
