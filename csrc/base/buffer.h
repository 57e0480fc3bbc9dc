/* A growable array that is used again for the next file.
 *
 * For: element records, captured value bytes and the parser's stacks.
 * Never: an allocation sized by a number from a file; an array doubles when what was really read fills it.
 */
#ifndef TAGSNIFF_BASE_BUFFER_H
#define TAGSNIFF_BASE_BUFFER_H

#include <stdbool.h>
#include <stddef.h>

typedef struct ts_buffer {
    void *items;
    size_t count;
    size_t capacity; /* in items */
    size_t item_bytes;
} ts_buffer;

/* No memory is taken until the first item comes. */
void ts_buffer_begin(ts_buffer *buffer, size_t item_bytes);

void ts_buffer_free(ts_buffer *buffer);

/* Makes an array larger that has no room for so many items behind the last; see ts_buffer_reserve. */
bool ts_buffer_grow(ts_buffer *buffer, size_t more);

/* Makes room for `more` items behind the last; false when memory runs out, and then nothing has changed. */
static inline bool ts_buffer_reserve(ts_buffer *buffer, size_t more) {
    return more <= buffer->capacity - buffer->count || ts_buffer_grow(buffer, more);
}

/* Makes it an array of `count` items, which hold whatever was there; false when memory runs out, and then of none. */
bool ts_buffer_resize(ts_buffer *buffer, size_t count);

#endif
