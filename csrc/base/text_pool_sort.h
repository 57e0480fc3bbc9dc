/* Sorts the texts of a pool by their bytes.
 *
 * For: tables that are the same whatever the order in which their texts were met.
 * Never: recursion, or a second comparison of bytes that were found equal.
 */
#ifndef TAGSNIFF_BASE_TEXT_POOL_SORT_H
#define TAGSNIFF_BASE_TEXT_POOL_SORT_H

#include "base/text_pool.h"

/* Sorts numbers of texts by the bytes of the texts; a prefix sorts before the longer text. Each number must occur only
 * once. False when memory runs out; the numbers are then not sorted. */
bool ts_pool_sort(const ts_pool *pool, uint32_t *numbers, size_t count);

/* Appends texts of another pool, in the order of `numbers`. False when memory runs out. Nothing can be looked up in the
 * pool afterwards: its index holds only the texts that were there before. */
bool ts_pool_append(ts_pool *pool, const ts_pool *from, const uint32_t *numbers, size_t count);

#endif
