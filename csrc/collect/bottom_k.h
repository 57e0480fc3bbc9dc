/* The kept values of one element use: those with the smallest hashes (bottom-k), if there are more than the bound.
 *
 * For: a bound whose result depends on the values alone, not on the order in which they arrive. Most uses have fewer
 *      values than the bound; their values are not hashed.
 * Never: a kept value whose count is not exact. A value that is among the smallest at the end was among them from its
 *        first occurrence.
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
    ts_buffer kept; /* ts_kept_value: a heap with the largest hash first, once is_ordered is set */
    size_t leaving; /* number of values with the largest hash that are still to be evicted */
    bool is_ordered;
} ts_bottom_k;

void ts_bottom_k_begin(ts_bottom_k *bounded);
void ts_bottom_k_free(ts_bottom_k *bounded);

/* Appends a value without its hash. Only before ts_bottom_k_sort, and while fewer values than the bound are kept. False
 * when memory runs out. */
bool ts_bottom_k_append(ts_bottom_k *bounded, int32_t row);

/* Computes the hash of each kept row with `hash_row` and makes the heap. O(n log n) at most. */
void ts_bottom_k_sort(ts_bottom_k *bounded, uint64_t (*hash_row)(const void *context, int32_t row),
                      const void *context);

/* The functions below require ts_bottom_k_sort. Returns whether the bound is reached and the hash is larger than all
 * kept ones: the value is then not among them and never will be. O(1). */
bool ts_bottom_k_refuses(const ts_bottom_k *bounded, uint32_t max_values, uint64_t hash);

/* Evicts one of the values that a new one with this hash replaces; *row becomes its row. False if none has to be
 * evicted. Values with equal hashes are kept or evicted together. Call it until it returns false, then add the new
 * value. */
bool ts_bottom_k_evict(ts_bottom_k *bounded, uint32_t max_values, uint64_t hash, int32_t *row);

/* Adds a value. False when memory runs out. O(log n). */
bool ts_bottom_k_add(ts_bottom_k *bounded, uint64_t hash, int32_t row);

/* Estimates the number of distinct values from the largest kept hash (k-th minimum value estimator). */
uint64_t ts_bottom_k_estimate(const ts_bottom_k *bounded);

#endif
