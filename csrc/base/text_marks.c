/* Marks of the texts of a pool: the implementation of text_marks.h.
 *
 * For: reports of millions of rows: one pass over the bytes of the pool, and no allocation.
 * Never: a character set. A text is judged by its bytes alone.
 */
#include "base/text_marks.h"

#include "base/bytes.h"

static bool has_letters(const uint8_t *bytes, uint32_t length, const ts_byte_set *letters) {
    if (length > 0 && !letters->first[bytes[0]]) {
        return false;
    }
    for (uint32_t i = 1; i < length; i++) {
        if (!letters->others[bytes[i]]) {
            return false;
        }
    }
    return true;
}

void ts_pool_mark(const ts_pool *pool, const ts_byte_set *letters, uint8_t *marks) {
    for (size_t number = 0; number < pool->entries.count; number++) {
        uint32_t length;
        const uint8_t *bytes = ts_pool_get(pool, (uint32_t)number, &length);
        marks[number] = has_letters(bytes, length, letters);
    }
}

bool ts_pool_is_ascending(const ts_pool *pool) {
    ts_text before = {.bytes = NULL, .length = 0};
    for (size_t number = 0; number < pool->entries.count; number++) {
        uint32_t length;
        const uint8_t *bytes = ts_pool_get(pool, (uint32_t)number, &length);
        const ts_text text = {.bytes = bytes, .length = length};
        if (number > 0 && ts_text_order(before, text) >= 0) {
            return false;
        }
        before = text;
    }
    return true;
}
