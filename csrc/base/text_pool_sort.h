/* The texts of a pool in the order of their bytes.
 *
 * For: tables that are the same whatever the order in which their texts were met.
 * Never: recursion, or a look at the bytes of two texts again that were found to be the same.
 */
#ifndef TAGSNIFF_BASE_TEXT_POOL_SORT_H
#define TAGSNIFF_BASE_TEXT_POOL_SORT_H

#include "base/text_pool.h"

/* Puts numbers of texts, each of which stands once, in the order of the texts' bytes; a text before those that go on
 * where it ends. False when memory runs out, and then they are in no order. */
bool ts_pool_sort(const ts_pool *pool, uint32_t *numbers, size_t count);

/* Appends texts of another pool, in the order of their numbers; false when memory runs out. Nothing can be looked up
 * in the pool then: what is in its index are the texts that were there before. */
bool ts_pool_append(ts_pool *pool, const ts_pool *from, const uint32_t *numbers, size_t count);

#endif
