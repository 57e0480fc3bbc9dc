/* Text in value fields: where components end, what is padding, and what text stands inside binary values
 * (PS3.5 2026b, 6.1, 6.2 and 6.4).
 *
 * For: the collector of values, which stores components as bytes and leaves decoding to those who show them.
 * Never: a character set beyond what splitting needs. A backslash can be the second byte of a character.
 */
#ifndef TAGSNIFF_TEXT_H
#define TAGSNIFF_TEXT_H

#include <string.h>

#include "buffer.h"
#include "vr.h"

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

/* What (0008,0005) Specific Character Set means for finding backslashes. */
typedef enum ts_charset_kind {
    TS_CHARSET_PLAIN,    /* a byte 5C is a backslash, but in an escaped double-byte set */
    TS_CHARSET_LATIN_1,  /* the same, and bytes from A0 on are the characters of these numbers */
    TS_CHARSET_LEAD_BYTE /* GB18030 and GBK: a byte from 81 to FE leads a character of two bytes or four */
} ts_charset_kind;

ts_charset_kind ts_charset_find_kind(ts_text specific_character_set);

/* Takes the next component off `*rest`; false when none is left. An empty text has one empty component. */
bool ts_text_next(ts_text *rest, bool *is_first, ts_charset_kind kind, ts_text *component);
/* The same for text that ts_text_is_ascii: a backslash is one whatever the character set. */
bool ts_text_next_ascii(ts_text *rest, bool *is_first, ts_text *component);

/* Without NUL and space at the end, and without space in front unless `keeps_front`. */
ts_text ts_text_trim(ts_text text, bool keeps_front);

bool ts_text_is_ascii(ts_text text);

/* Below, at or above 0 as `a` sorts before, with or behind `b`, byte by byte. */
int ts_text_order(ts_text a, ts_text b);

/* Two numbers and more with single dots between, 64 characters at the most (PS3.5 9.1). */
bool ts_text_is_uid(ts_text text);

/* Bytes of a UN value that read as text: printable in some character set, with what text is laid out with. In doubt
 * they do, for text shown as text is seen, and text shown as a digest is not. */
bool ts_text_is_readable(ts_text text, ts_charset_kind kind);

/* Whether a component is what its VR demands: a number for DS and IS, a code for CS, a date or time for DA, TM and DT,
 * an age for AS, a UID for UI. Other VRs demand nothing that could be broken. */
bool ts_text_fits(ts_vr vr, ts_text component);

/* Runs of four printable characters and more in bytes that come piece by piece: ASCII, and UTF-16 in either byte order
 * (characters up to U+00FF, at least half of them ASCII, or every row of small numbers were text), given as UTF-8
 * without outer spaces. A run above TS_RUN_LIMIT_BYTES is given in pieces. */
enum { TS_RUN_CHARACTERS = 4, TS_RUN_LIMIT_BYTES = 65536 };

typedef struct ts_runs {
    ts_buffer narrow; /* uint8_t: the run of printable bytes that is open */
    ts_buffer wide;   /* uint8_t: the run of printable bytes with a zero between each two, as UTF-8 */
    size_t wide_characters;
    size_t wide_ascii; /* how many of them are ASCII */
    bool expects_zero;
    bool (*take)(void *context, ts_text run); /* false when memory runs out */
    void *context;
} ts_runs;

void ts_runs_begin(ts_runs *runs);
void ts_runs_free(ts_runs *runs);
/* Forgets a run that was not ended. */
void ts_runs_clear(ts_runs *runs);
/* False when memory runs out, here and below. */
bool ts_runs_add(ts_runs *runs, const uint8_t *bytes, size_t length);
bool ts_runs_end(ts_runs *runs);

#endif
