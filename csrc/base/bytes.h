/* Borrowed byte strings and their comparison.
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

/* A byte string, most often a part of a value field. The bytes are borrowed. */
typedef struct ts_text {
    const uint8_t *bytes;
    size_t length;
} ts_text;

/* Numbers in captured bytes and in payloads of values: little endian, on every machine. */
static inline void ts_store_u64(uint8_t bytes[8], uint64_t number) {
    for (size_t i = 0; i < 8; i++) {
        bytes[i] = (uint8_t)(number >> 8 * i);
    }
}

static inline uint64_t ts_load_u64(const uint8_t bytes[8]) {
    uint64_t number = 0;
    for (size_t i = 0; i < 8; i++) {
        number |= (uint64_t)bytes[i] << 8 * i;
    }
    return number;
}

/* Eight bytes, or four, as one integer in the byte order of the machine: only to be compared with other such words. */
static inline uint64_t ts_text_word_8(const uint8_t *bytes) {
    uint64_t word;
    memcpy(&word, bytes, sizeof word);
    return word;
}

/* Whether all bytes are zero; true if there are none. */
static inline bool ts_bytes_are_zero(const uint8_t *bytes, uint64_t length) {
    uint64_t at = 0;
    while (length - at >= 8 && ts_text_word_8(&bytes[at]) == 0) {
        at += 8;
    }
    while (at < length && bytes[at] == 0) {
        at++;
    }
    return at == length;
}

static inline uint64_t ts_text_word_4(const uint8_t *bytes) {
    uint32_t word;
    memcpy(&word, bytes, sizeof word);
    return word;
}

/* Whether all bytes of a word are below 80 and at least `least`, and none is 7F. */
static inline bool ts_word_is_from(uint64_t word, uint8_t least) {
    const uint64_t ones = 0x0101010101010101u;
    return ((word | (word - ones * least) | (word + ones)) & ones * 0x80) == 0;
}

/* Whether all bytes of a word are below `limit`, which is at most 80. */
static inline bool ts_word_is_below(uint64_t word, uint8_t limit) {
    const uint64_t ones = 0x0101010101010101u;
    return ((word | (word + ones * (0x80u - limit))) & ones * 0x80) == 0;
}

/* Whether two byte strings of the same length are equal. The length must not be 0. Most strings are short: two words,
 * which may overlap, then cover the whole string. */
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

/* Negative, 0 or positive, as `a` sorts before, equal to or after `b`. Bytes are compared as unsigned numbers; a prefix
 * sorts before the longer string. */
int ts_text_order(ts_text a, ts_text b);

#endif
