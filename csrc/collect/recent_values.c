/* The values that a use met last: the functions behind recent_values.h.
 *
 * For: one comparison in the place of a hash for each component.
 * Never: memory that grows with the number of values; long ones are remembered as long as all together are few.
 */
#include "collect/recent_values.h"

#include <stdlib.h>
#include <string.h>

enum {
    LONG_ROWS = 65536,
    SHORT_BYTES = 256,           /* remembered in any case */
    LONG_BYTES = 1024 * 1024,    /* remembered while there is room */
    ROOM_BYTES = 8 * 1024 * 1024 /* for long ones */
};

static void free_recent(ts_recent *recent) {
    free(recent->memory);
    *recent = (ts_recent){.memory = NULL};
}

void ts_recents_free(ts_recents *recents) {
    free_recent(&recents->of_short);
    for (size_t i = 0; recents->of_long != NULL && i < TS_RECENT_LONG; i++) {
        free_recent(&recents->of_long[i]);
    }
    free(recents->of_long);
    *recents = (ts_recents){.of_long = NULL};
}

static bool is_value(const ts_recent *recent, const ts_recent_key *key) {
    return recent->is_set && recent->length == key->bytes.length && recent->decision == key->decision &&
           recent->charset == key->charset && recent->shape == key->shape &&
           (key->bytes.length == 0 ||
            ts_text_is_same(&recent->memory[recent->row_count * sizeof(int32_t)], key->bytes.bytes, key->bytes.length));
}

ts_recent *ts_recents_find(ts_recents *recents, const ts_recent_key *key) {
    if (key->bytes.length <= SHORT_BYTES) {
        return is_value(&recents->of_short, key) ? &recents->of_short : NULL;
    }
    for (size_t i = 0; recents->of_long != NULL && i < TS_RECENT_LONG; i++) {
        if (is_value(&recents->of_long[i], key)) {
            return &recents->of_long[i];
        }
    }
    return NULL;
}

static bool note(ts_recent *recent, const ts_recent_key *key, const int32_t *rows, size_t row_count,
                 size_t *memory_bytes) {
    const size_t length = key->bytes.length;
    recent->is_set = false;
    if (length > LONG_BYTES || row_count > LONG_BYTES / sizeof *rows || row_count > LONG_ROWS) {
        return false;
    }
    const size_t rows_bytes = row_count * sizeof *rows;
    const size_t needed = rows_bytes + length;
    if (needed > SHORT_BYTES && needed > recent->memory_bytes && *memory_bytes > ROOM_BYTES - needed) {
        return false;
    }
    if (needed > recent->memory_bytes) {
        uint8_t *memory = realloc(recent->memory, needed);
        if (memory == NULL) {
            return false;
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
    return true;
}

ts_recent *ts_recents_note(ts_recents *recents, const ts_recent_key *key, const int32_t *rows, size_t row_count,
                           size_t *memory_bytes) {
    ts_recent *recent = &recents->of_short;
    if (key->bytes.length > SHORT_BYTES) {
        if (recents->of_long == NULL) {
            recents->of_long = calloc(TS_RECENT_LONG, sizeof *recents->of_long);
            if (recents->of_long == NULL) {
                return NULL;
            }
        }
        uint32_t place = 0; /* its own, if it has one that does not hold any more */
        while (place < TS_RECENT_LONG && !is_value(&recents->of_long[place], key)) {
            place++;
        }
        if (place == TS_RECENT_LONG) {
            place = recents->next;
            recents->next = (recents->next + 1) % TS_RECENT_LONG;
        }
        recent = &recents->of_long[place];
    }
    return note(recent, key, rows, row_count, memory_bytes) ? recent : NULL;
}
