/* UTF-16 text in a binary value, of other letters than those up to U+00FF (RFC 2781; PS3.5 2026b, 6.1).
 *
 * For: the scanner of printable_runs.h: names in Cyrillic, Greek, Hebrew, Arabic, Thai, Han, kana, Hangul and more.
 * Never: text that no NUL, other control or end of the value ends. Half of all pairs of bytes are some character.
 */
#ifndef TAGSNIFF_DICOM_UTF16_RUNS_H
#define TAGSNIFF_DICOM_UTF16_RUNS_H

#include "base/buffer.h"
#include "base/bytes.h"
#include "dicom/text_segments.h"

/* The latest bytes of a value: a ring, of which those before `end` (an offset in the value) can be read back to
 * TS_HISTORY_REACH. In `is_text`, a bit is set for each byte that is already text in an encoding of bytes. */
enum { TS_HISTORY_BYTES = 65536, TS_HISTORY_BLOCK = 4096, TS_HISTORY_REACH = TS_HISTORY_BYTES - TS_HISTORY_BLOCK };

typedef struct ts_history {
    const uint8_t *bytes;   /* of TS_HISTORY_BYTES */
    const uint8_t *is_text; /* of TS_HISTORY_BYTES / 8 */
} ts_history;

/* Text that was found by a look back; `letters` is 0 if none was. */
typedef struct ts_utf16_text {
    uint64_t start, end; /* offsets in the value */
    size_t letters;
    bool big_endian;
    bool is_bounded; /* a control, a byte order mark or the start of the value is before it */
    bool is_cut;     /* it goes on before the reach of the history */
    bool is_shifted; /* the same letters may be read one byte further in the other byte order, because the first byte of
                        all of them is the same; not so in Han and Hangul */
} ts_utf16_text;

enum { TS_UTF16_LEAST_BYTES = 2 * TS_RUN_LETTERS, TS_UTF16_END_BYTES = 8 };

/* Whether a unit may be a character of a text, by its first byte alone except for controls. */
static inline bool ts_utf16_may_be_character(uint8_t high, uint8_t low) {
    return high == 0 ? low >= 0x20
                     : high <= 0x20 || (high >= 0x30 && high < 0x34) || (high >= 0x4E && high < 0xE0) || high >= 0xF9;
}

/* Whether there may be text before `end`, which TS_UTF16_END_BYTES are before: the last units may be characters, and
 * these bytes are not all ASCII. Two letters of ASCII are often one of Han, so that text in bytes looks like UTF-16. */
static inline bool ts_utf16_may_end(const uint8_t *end, bool big_endian) {
    const size_t high = big_endian ? 0 : 1;
    if (ts_word_is_from(ts_text_word_8(end - TS_UTF16_END_BYTES), ' ')) { /* quicker than byte by byte */
        return false;
    }
    for (const uint8_t *unit = end - 2; unit >= end - TS_UTF16_LEAST_BYTES; unit -= 2) {
        if (!ts_utf16_may_be_character(unit[high], unit[1 - high])) {
            return false;
        }
    }
    for (const uint8_t *byte = end - 1; byte >= end - TS_UTF16_END_BYTES; byte--) {
        if (!ts_is_printable(*byte)) {
            return true;
        }
    }
    return false;
}

/* Looks back from `end`, where a control, a NUL or the end of the value is: the text before it, in this byte order. */
ts_utf16_text ts_utf16_look_back(ts_history history, uint64_t end, bool big_endian);

/* Whether one text, rather than another that is nearly the same and overlaps it, is what the bytes mean. */
static inline bool ts_utf16_is_better(const ts_utf16_text *one, const ts_utf16_text *other) {
    return one->letters + (one->is_bounded ? 1 : 0) > other->letters + (other->is_bounded ? 1 : 0);
}

/* Passes on the text as UTF-8; `scratch` (uint8_t) holds it. False when memory runs out. */
bool ts_utf16_give(ts_history history, const ts_utf16_text *text, ts_buffer *scratch, ts_take_run take, void *context);

#endif
