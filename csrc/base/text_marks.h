/* Which texts of a pool are of a kind, told by their bytes alone.
 *
 * For: reports, where nearly all texts are written as they stand, and those that are not have to be found.
 * Never: a change of a text, or a guess by the first bytes.
 */
#ifndef TAGSNIFF_BASE_TEXT_MARKS_H
#define TAGSNIFF_BASE_TEXT_MARKS_H

#include "base/text_pool.h"

/* For each byte whether it may be the first of a text, and whether it may be another one. */
typedef struct ts_byte_set {
    bool first[256];
    bool others[256];
} ts_byte_set;

/* Marks each text that has no other bytes than those with 1, all else with 0; the empty text has none. */
void ts_pool_mark(const ts_pool *pool, const ts_byte_set *letters, uint8_t *marks);

/* Whether each text stands behind the one before it in the order of bytes, and is not the same. */
bool ts_pool_is_ascending(const ts_pool *pool);

#endif
