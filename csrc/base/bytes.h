/* Bytes that belong to somebody else, and their comparison.
 *
 * For: short values and texts, which are compared very often.
 * Never: a copy, or memory of its own.
 */
#ifndef TAGSNIFF_BASE_BYTES_H
#define TAGSNIFF_BASE_BYTES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

/* A part of a value field; borrowed. */
typedef struct ts_text {
    const uint8_t *bytes;
    size_t length;
} ts_text;

/* Eight bytes, or four, as one number, to be compared with others; in the machine's order. */
static inline uint64_t ts_text_word_8(const uint8_t *bytes) {
    uint64_t word;
    memcpy(&word, bytes, sizeof word);
    return word;
}

static inline uint64_t ts_text_word_4(const uint8_t *bytes) {
    uint32_t word;
    memcpy(&word, bytes, sizeof word);
    return word;
}

/* Whether two texts of the same length, which is not 0, are the same. Most are short: two words, which may share bytes,
 * are all of one. */
static inline bool ts_text_is_same(const uint8_t *bytes, const uint8_t *other, size_t length) {
    if (length >= 8 && length <= 16) {
        return ts_text_word_8(bytes) == ts_text_word_8(other) &&
               ts_text_word_8(&bytes[length - 8]) == ts_text_word_8(&other[length - 8]);
    }
    if (length >= 4 && length < 8) {
        return ts_text_word_4(bytes) == ts_text_word_4(other) &&
               ts_text_word_4(&bytes[length - 4]) == ts_text_word_4(&other[length - 4]);
    }
    return memcmp(bytes, other, length) == 0;
}

/* Below, at or above 0 as `a` sorts before, with or behind `b`, byte by byte. */
int ts_text_order(ts_text a, ts_text b);

#endif
