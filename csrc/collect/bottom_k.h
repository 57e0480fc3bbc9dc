/* The values of one use that are kept: those with the smallest hashes (bottom-k), when there are too many.
 *
 * For: a bound whose result depends on the values alone, not on the order in which they came. Most uses never reach
 *      theirs, and for those no hash is made.
 * Never: a kept value whose count is not exact. What is among the smallest at the end was so from the start.
 */
#ifndef TAGSNIFF_COLLECT_BOTTOM_K_H
#define TAGSNIFF_COLLECT_BOTTOM_K_H

#include "base/buffer.h"
#include <stdint.h>

typedef struct ts_kept_value {
    uint64_t hash;
    int32_t row;
} ts_kept_value;

typedef struct ts_bottom_k {
    ts_buffer kept; /* ts_kept_value: a heap with the largest hash in front, once they are ordered */
    size_t leaving; /* how many of the largest hash are still to be taken out */
    bool is_ordered;
} ts_bottom_k;

void ts_bottom_k_begin(ts_bottom_k *bounded);
void ts_bottom_k_free(ts_bottom_k *bounded);

/* Takes a value without its hash, as long as they are not ordered and fewer than the bound. False when memory runs out.
 */
bool ts_bottom_k_append(ts_bottom_k *bounded, int32_t row);

/* Puts them in order, by the hashes that `hash_row` gives their rows. */
void ts_bottom_k_sort(ts_bottom_k *bounded, uint64_t (*hash_row)(const void *context, int32_t row),
                      const void *context);

/* What follows holds for those that are ordered. The hash is larger than all that are kept, and no more can be kept:
 * the value is not among them and will not be. */
bool ts_bottom_k_refuses(const ts_bottom_k *bounded, uint32_t max_values, uint64_t hash);

/* Takes out one of the values that have to give way to a new one with this hash, if there is one: *row is its row.
 * Values of equal hashes are kept or go together. Call it until it says no, then add the new one. */
bool ts_bottom_k_evict(ts_bottom_k *bounded, uint32_t max_values, uint64_t hash, int32_t *row);

/* False when memory runs out. */
bool ts_bottom_k_add(ts_bottom_k *bounded, uint64_t hash, int32_t row);

/* How many distinct values there were, from the largest hash of those kept (k-th minimum value estimator). */
uint64_t ts_bottom_k_estimate(const ts_bottom_k *bounded);

#endif
