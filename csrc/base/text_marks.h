/* Marks the texts of a pool that consist only of the given bytes.
 *
 * For: reports. Nearly all texts are written as they are; the few that need work have to be found.
 * Never: a change of a text, or a guess from its first bytes.
 */
#ifndef TAGSNIFF_BASE_TEXT_MARKS_H
#define TAGSNIFF_BASE_TEXT_MARKS_H

#include "base/text_pool.h"

/* For each byte value: whether it may be the first byte of a text, and whether it may be a later one. */
typedef struct ts_byte_set {
    bool first[256];
    bool others[256];
} ts_byte_set;

/* Sets `marks`, one for each text, to 1 if the text has only allowed bytes, else to 0. The empty text gets 1. */
void ts_pool_mark(const ts_pool *pool, const ts_byte_set *letters, uint8_t *marks);

/* Whether the texts are in strictly ascending order of their bytes. */
bool ts_pool_is_ascending(const ts_pool *pool);

#endif
