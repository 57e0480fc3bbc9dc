/* The bounded cursor: a position in a stream of which only a window is in memory.
 *
 * For: every read of file bytes by the parser.
 * Never: a pointer beyond the window. Offsets and lengths are compared by subtraction before they are added, because a
 *        sum of numbers from a file can overflow.
 */
#ifndef TAGSNIFF_BASE_CURSOR_H
#define TAGSNIFF_BASE_CURSOR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef struct ts_cursor {
    const uint8_t *window;  /* the bytes of the stream from window_offset on; borrowed from the caller */
    uint64_t window_offset; /* in bytes from the start of the stream */
    uint64_t window_length; /* in bytes */
    uint64_t at;            /* the position, in bytes from the start of the stream; may be outside the window */
} ts_cursor;

/* Number of bytes in the window from the position on; 0 if the position is outside the window. */
static inline uint64_t ts_cursor_available(const ts_cursor *cursor) {
    if (cursor->at < cursor->window_offset) {
        return 0;
    }
    uint64_t passed = cursor->at - cursor->window_offset;
    return passed < cursor->window_length ? cursor->window_length - passed : 0;
}

/* Returns `length` bytes at the position, or NULL if the window does not hold all of them. The bytes are borrowed. */
static inline const uint8_t *ts_cursor_peek(const ts_cursor *cursor, uint64_t length) {
    if (length > ts_cursor_available(cursor)) {
        return NULL;
    }
    return cursor->window + (size_t)(cursor->at - cursor->window_offset);
}

static inline uint16_t ts_load_u16(const uint8_t bytes[2], bool big_endian) {
    return big_endian ? (uint16_t)((bytes[0] << 8) | bytes[1]) : (uint16_t)((bytes[1] << 8) | bytes[0]);
}

static inline uint32_t ts_load_u32(const uint8_t bytes[4], bool big_endian) {
    return big_endian ? ((uint32_t)bytes[0] << 24) | ((uint32_t)bytes[1] << 16) | ((uint32_t)bytes[2] << 8) | bytes[3]
                      : ((uint32_t)bytes[3] << 24) | ((uint32_t)bytes[2] << 16) | ((uint32_t)bytes[1] << 8) | bytes[0];
}

/* A tag is two 16-bit words, group and element, each in the byte order of the data set (PS3.5 2026b, 7.1 and 7.3). */
static inline uint32_t ts_load_tag(const uint8_t bytes[4], bool big_endian) {
    const uint32_t group = big_endian ? (uint32_t)((bytes[0] << 8) | bytes[1]) : (uint32_t)((bytes[1] << 8) | bytes[0]);
    const uint32_t element =
        big_endian ? (uint32_t)((bytes[2] << 8) | bytes[3]) : (uint32_t)((bytes[3] << 8) | bytes[2]);
    return (group << 16) | element;
}

#endif
