/* The value that a group met last: the functions behind recent_value.h.
 *
 * For: one comparison in the place of a hash for each component.
 * Never: memory that grows with the number of values; long ones are remembered as long as all together are few.
 */
#include "recent_value.h"

#include <stdlib.h>
#include <string.h>

enum {
    SHORT_BYTES = 256,           /* remembered in any case */
    LONG_BYTES = 65536,          /* remembered while there is room */
    ROOM_BYTES = 4 * 1024 * 1024 /* for long ones */
};

void ts_recent_free(ts_recent *recent) {
    free(recent->memory);
    *recent = (ts_recent){.memory = NULL};
}

bool ts_recent_is(const ts_recent *recent, const ts_recent_key *key) {
    return recent->is_set && recent->length == key->bytes.length && recent->decision == key->decision &&
           recent->charset == key->charset && recent->shape == key->shape &&
           (key->bytes.length == 0 ||
            memcmp(&recent->memory[recent->row_count * sizeof(int32_t)], key->bytes.bytes, key->bytes.length) == 0);
}

void ts_recent_note(ts_recent *recent, const ts_recent_key *key, const int32_t *rows, size_t row_count,
                    size_t *memory_bytes) {
    const size_t length = key->bytes.length;
    recent->is_set = false;
    if (length > LONG_BYTES || row_count > LONG_BYTES / sizeof *rows) {
        return;
    }
    const size_t rows_bytes = row_count * sizeof *rows;
    const size_t needed = rows_bytes + length;
    if (needed > SHORT_BYTES && needed > recent->memory_bytes && *memory_bytes > ROOM_BYTES) {
        return;
    }
    if (needed > recent->memory_bytes) {
        uint8_t *memory = realloc(recent->memory, needed);
        if (memory == NULL) {
            return;
        }
        *memory_bytes += needed - recent->memory_bytes;
        recent->memory = memory;
        recent->memory_bytes = needed;
    }
    if (rows_bytes > 0) {
        memcpy(recent->memory, rows, rows_bytes);
    }
    if (length > 0) {
        memcpy(&recent->memory[rows_bytes], key->bytes.bytes, length);
    }
    recent->length = (uint32_t)length;
    recent->row_count = (uint32_t)row_count;
    recent->decision = key->decision;
    recent->charset = key->charset;
    recent->shape = key->shape;
    recent->is_set = true;
}
