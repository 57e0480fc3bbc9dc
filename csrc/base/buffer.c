/* A growable array: the implementation of buffer.h.
 *
 * For: growth by doubling, so that n items cost O(n).
 * Never: shrinking. The next file is likely to need as much as the last one.
 */
#include "base/buffer.h"

#include <stdint.h>
#include <stdlib.h>

/* Few: a scan has a buffer for each element of each equipment. */
enum { FIRST_CAPACITY = 4 };

void ts_buffer_begin(ts_buffer *buffer, size_t item_bytes) {
    buffer->items = NULL;
    buffer->count = 0;
    buffer->capacity = 0;
    buffer->item_bytes = item_bytes;
}

void ts_buffer_free(ts_buffer *buffer) {
    free(buffer->items);
    ts_buffer_begin(buffer, buffer->item_bytes);
}

bool ts_buffer_grow(ts_buffer *buffer, size_t more) {
    const size_t capacity_limit = SIZE_MAX / buffer->item_bytes;
    if (more > capacity_limit - buffer->count) {
        return false;
    }
    size_t capacity = buffer->capacity == 0 ? FIRST_CAPACITY : buffer->capacity;
    while (more > capacity - buffer->count) {
        if (capacity > capacity_limit / 2) {
            return false;
        }
        capacity *= 2;
    }
    void *items = realloc(buffer->items, capacity * buffer->item_bytes);
    if (items == NULL) {
        return false;
    }
    buffer->items = items;
    buffer->capacity = capacity;
    return true;
}

bool ts_buffer_resize(ts_buffer *buffer, size_t count) {
    buffer->count = 0;
    if (!ts_buffer_reserve(buffer, count)) {
        return false;
    }
    buffer->count = count;
    return true;
}
