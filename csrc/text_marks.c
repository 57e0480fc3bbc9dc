/* Which texts of a pool are of a kind: the functions behind text_marks.h.
 *
 * For: one pass over all bytes.
 * Never: an allocation.
 */
#include "text_marks.h"

#include <string.h>

static bool has_letters(const uint8_t *bytes, uint32_t length, const ts_letters *letters) {
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

void ts_pool_mark(const ts_pool *pool, const ts_letters *letters, uint8_t *marks) {
    for (size_t number = 0; number < pool->entries.count; number++) {
        uint32_t length;
        const uint8_t *bytes = ts_pool_get(pool, (uint32_t)number, &length);
        marks[number] = has_letters(bytes, length, letters);
    }
}

bool ts_pool_is_ascending(const ts_pool *pool) {
    for (size_t number = 1; number < pool->entries.count; number++) {
        uint32_t before_length, length;
        const uint8_t *before = ts_pool_get(pool, (uint32_t)number - 1, &before_length);
        const uint8_t *bytes = ts_pool_get(pool, (uint32_t)number, &length);
        const uint32_t shared = before_length < length ? before_length : length;
        const int order = shared > 0 ? memcmp(before, bytes, shared) : 0;
        if (order > 0 || (order == 0 && before_length >= length)) {
            return false;
        }
    }
    return true;
}
