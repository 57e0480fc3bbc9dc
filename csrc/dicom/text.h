/* Text in value fields: where components end, what is padding, and which bytes are readable as text
 * (PS3.5 2026b, 6.1, 6.2 and 6.4).
 *
 * For: the collector of values, which stores components as bytes; the code that displays them decodes them.
 * Never: more of a character set than splitting needs. The byte of a backslash can be the second byte of a character.
 */
#ifndef TAGSNIFF_DICOM_TEXT_H
#define TAGSNIFF_DICOM_TEXT_H

#include <stdbool.h>

#include "base/bytes.h"

/* What (0008,0005) Specific Character Set means for the search for backslashes and for text in bytes: the kind of its
 * first value. */
typedef enum ts_charset_kind {
    TS_CHARSET_PLAIN,   /* no character has a byte from 80 on, except after an escape sequence, or the set is unknown */
    TS_CHARSET_UTF_8,   /* ISO_IR 192 */
    TS_CHARSET_LATIN_1, /* bytes from A0 on are the characters U+00A0 to U+00FF */
    TS_CHARSET_SINGLE_BYTE, /* bytes from A0 on are one character each */
    TS_CHARSET_PAIRS,       /* two bytes from A1 on are one character: GB2312, KS X 1001, EUC-JP */
    TS_CHARSET_LEAD_BYTE,   /* GB18030, GBK, Big5: a byte from 81 to FE begins a character of two or four bytes */
    TS_CHARSET_SHIFT_JIS    /* ISO_IR 13: a byte from 81 to 9F or E0 to FC begins a character of two bytes */
} ts_charset_kind;

/* The defined terms, misspelled ones, and the names of codecs that files have in place of terms. Where the first value
 * is ASCII or none and a later one is a Japanese, Korean or Chinese set, it is the kind of that. */
ts_charset_kind ts_charset_find_kind(ts_text specific_character_set);

/* The length of the character of two or four bytes that begins with a byte from 80 on at `at`, in GB18030, GBK or Big5,
 * and in Shift-JIS; 0 if there is none. */
size_t ts_lead_byte_length(ts_text text, size_t at);
size_t ts_shift_jis_length(ts_text text, size_t at);

/* Removes the next component from the front of `*rest`; false when none is left. `*is_first` is true before the first
 * call. An empty text has one empty component. */
bool ts_text_next(ts_text *rest, bool *is_first, ts_charset_kind kind, ts_text *component);
/* The same for a text that is ASCII (ts_text_is_ascii): a byte 5C is a backslash whatever the character set. */
bool ts_text_next_ascii(ts_text *rest, bool *is_first, ts_text *component);

/* The text without NULs and spaces at its end, and without spaces at its start unless `keeps_front`. */
ts_text ts_text_trim(ts_text text, bool keeps_front);

/* Without outer spaces and without NULs at the end: the text of a private creator (PS3.5 7.8.1) or of a UID. */
static inline ts_text ts_text_trim_outer(const uint8_t *bytes, size_t length) {
    return ts_text_trim((ts_text){.bytes = bytes, .length = length}, false);
}

/* Whether all bytes are below 80 and none of them is ESC. */
bool ts_text_is_ascii(ts_text text);

/* Whether the bytes of a UN value are readable as text: printable characters of some character set, tabs, line feeds,
 * form feeds and carriage returns. True in case of doubt: text that is shown as text can be reviewed, text that is
 * shown as a digest cannot. False if there are no bytes. */
bool ts_text_is_readable(ts_text text, ts_charset_kind kind);

#endif
