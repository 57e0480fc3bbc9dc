/* Text in a segment of a binary value: bytes between two that no text has (PS3.5 2026b, 6.1).
 *
 * For: the scanner of printable_runs.h: which part of a segment is text, in ASCII, UTF-8 or the declared character set.
 * Never: a conversion, or a row for bytes that are text by chance only. A character is evidence for text by how rare
 * its bytes are among random ones, a NUL or the end of the value beside the text too.
 */
#ifndef TAGSNIFF_DICOM_TEXT_SEGMENTS_H
#define TAGSNIFF_DICOM_TEXT_SEGMENTS_H

#include "dicom/text.h"

/* Runs of at least four printable ASCII characters are text; three letters, not all the same, where a NUL or the end of
 * the value follows them. */
enum { TS_RUN_CHARACTERS = 4, TS_RUN_LETTERS = 3 };

/* A run of text that was found. */
typedef struct ts_run {
    ts_text text;
    bool is_declared; /* in the declared character set, with escape sequences; otherwise in ASCII or UTF-8 */
    bool is_sure;     /* more than ASCII, and so much of it that the bytes are no UTF-16 */
    bool is_utf16;    /* the bytes are UTF-16 */
    bool is_cut;      /* text before it was left out because of a bound */
} ts_run;

/* Called for each run, which is borrowed; false when memory runs out. */
typedef bool (*ts_take_run)(void *context, const ts_run *run);

typedef struct ts_segment {
    ts_text bytes;      /* only of TS_BYTE_TEXT: no control but tab and ESC */
    bool has_others;    /* some are not printable ASCII */
    bool has_escapes;   /* some are ESC */
    bool begins_at_nul; /* a NUL, or nothing, is before them */
    bool ends_at_nul;   /* a NUL, or nothing, is after them */
    ts_charset_kind kind;
} ts_segment;

/* Passes on the runs in the order of the bytes, without outer spaces. False when `take` returns false. */
bool ts_segment_find(const ts_segment *segment, ts_take_run take, void *context);

/* Whether the bytes are all text in UTF-8, lines with their ends included, of one script and with some letters. */
bool ts_is_utf8_text(ts_text text);

static inline bool ts_is_printable(uint8_t byte) { return (byte >= 0x20 && byte <= 0x7E) || byte == '\t'; }

static inline bool ts_is_letter(uint8_t byte) {
    const uint8_t upper = byte & 0xDF;
    return upper >= 'A' && upper <= 'Z';
}

/* Whether TS_RUN_LETTERS bytes are letters of ASCII, and not all the same. */
static inline bool ts_is_word(const uint8_t *bytes) {
    return ts_is_letter(bytes[0]) && ts_is_letter(bytes[1]) && ts_is_letter(bytes[2]) &&
           (bytes[0] != bytes[1] || bytes[1] != bytes[2]);
}

/* The length of the UTF-8 character of more than one byte at `at`, which is no control, and neither private nor of an
 * unused plane nor invalid (RFC 3629); 0 if there is none. */
size_t ts_utf8_length(ts_text text, size_t at);

#endif
