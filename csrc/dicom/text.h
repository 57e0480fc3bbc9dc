/* Text in value fields: where components end, what is padding, and what text stands inside binary values
 * (PS3.5 2026b, 6.1, 6.2 and 6.4).
 *
 * For: the collector of values, which stores components as bytes and leaves decoding to those who show them.
 * Never: a character set beyond what splitting needs. A backslash can be the second byte of a character.
 */
#ifndef TAGSNIFF_DICOM_TEXT_H
#define TAGSNIFF_DICOM_TEXT_H

#include <stdbool.h>

#include "base/bytes.h"

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

/* Both outer spaces and NULs at the end taken away: the text of a private creator (PS3.5 7.8.1) or of a UID. */
static inline ts_text ts_text_trim_outer(const uint8_t *bytes, size_t length) {
    return ts_text_trim((ts_text){.bytes = bytes, .length = length}, false);
}

bool ts_text_is_ascii(ts_text text);

/* Bytes of a UN value that read as text: printable in some character set, with what text is laid out with. In doubt
 * they do, for text shown as text is seen, and text shown as a digest is not. */
bool ts_text_is_readable(ts_text text, ts_charset_kind kind);

#endif
