/* A growable array that keeps its memory, so that the next file can reuse it.
 *
 * For: every array that grows with the data: element records, captured value bytes, stacks, tables.
 * Never: an allocation sized by a number from a file. An array doubles when the items really added fill it.
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

/* Starts an empty array. Allocates nothing: the first item does. */
void ts_buffer_begin(ts_buffer *buffer, size_t item_bytes);

/* Frees the memory. The array is empty afterwards and can be used again. */
void ts_buffer_free(ts_buffer *buffer);

/* Enlarges an array that has no room for `more` items: the slow path of ts_buffer_reserve. */
bool ts_buffer_grow(ts_buffer *buffer, size_t more);

/* Makes room for `more` items after the last one. False when memory runs out; the array is then unchanged. The capacity
 * doubles, so adding n items one by one costs O(n). */
static inline bool ts_buffer_reserve(ts_buffer *buffer, size_t more) {
    return more <= buffer->capacity - buffer->count || ts_buffer_grow(buffer, more);
}

/* Sets the number of items to `count`. The items are not initialized. False when memory runs out; the array is then
 * empty. */
bool ts_buffer_resize(ts_buffer *buffer, size_t count);

#endif
