/* Text in value fields: the implementation of text.h (PS3.5 2026b, 6.1 and 6.2).
 *
 * For: splitting, trimming and checking a value in one pass over its bytes.
 * Never: a copy. Results point into the value that was given.
 */
#include "dicom/text.h"

#include <string.h>

enum { ESCAPE = 0x1B };

static uint8_t to_upper(uint8_t byte) { return byte >= 'a' && byte <= 'z' ? (uint8_t)(byte - 'a' + 'A') : byte; }

/* Whether the text contains the word, in any letter case, with or without spaces, hyphens and underscores between its
 * letters. */
static bool contains(ts_text text, const char *word) {
    for (size_t start = 0; start < text.length; start++) {
        size_t matched = 0;
        for (size_t at = start; at < text.length && word[matched] != '\0'; at++) {
            const uint8_t byte = to_upper(text.bytes[at]);
            if (byte == (uint8_t)word[matched]) {
                matched++;
            } else if (matched == 0 || (byte != ' ' && byte != '-' && byte != '_')) {
                break; /* no match starts at a separator, so that a long run of spaces is read only once */
            }
        }
        if (word[matched] == '\0') {
            return true;
        }
    }
    return false;
}

ts_charset_kind ts_charset_find_kind(ts_text specific_character_set) {
    if (contains(specific_character_set, "GB18030") || contains(specific_character_set, "GBK")) {
        return TS_CHARSET_LEAD_BYTE;
    }
    return contains(specific_character_set, "IR100") ? TS_CHARSET_LATIN_1 : TS_CHARSET_PLAIN;
}

/* The length of the escape sequence at `at` (PS3.5 6.1.2.5), and whether G0 is a double-byte set after it. */
static size_t read_escape(ts_text text, size_t at, bool *is_double) {
    if (text.length - at < 3) {
        return 1;
    }
    const uint8_t second = text.bytes[at + 1];
    const uint8_t third = text.bytes[at + 2];
    if (second == '$' && (third == 'B' || third == '@')) {
        *is_double = true;
        return 3;
    }
    if (second == '$' && third == '(' && text.length - at >= 4) {
        *is_double = true;
        return 4;
    }
    if (second == '(') {
        *is_double = false;
        return 3;
    }
    return 1; /* a designation of G1 does not change the meaning of bytes below 80 */
}

/* Goes to the start of the next component; false if there is none. */
static bool begin_component(ts_text *rest, bool *is_first) {
    if (rest->length == 0 && !*is_first) {
        return false;
    }
    if (!*is_first) { /* skip the backslash that ended the previous component */
        rest->bytes = &rest->bytes[1];
        rest->length--;
    }
    *is_first = false;
    return true;
}

static void end_component(ts_text *rest, size_t length, ts_text *component) {
    *component = (ts_text){.bytes = rest->bytes, .length = length};
    rest->bytes = length == 0 ? rest->bytes : &rest->bytes[length];
    rest->length -= length;
}

bool ts_text_next(ts_text *rest, bool *is_first, ts_charset_kind kind, ts_text *component) {
    if (!begin_component(rest, is_first)) {
        return false;
    }
    bool is_double = false;
    size_t at = 0;
    while (at < rest->length) {
        const uint8_t byte = rest->bytes[at];
        if (byte == ESCAPE) {
            at += read_escape(*rest, at, &is_double);
        } else if (is_double && byte >= 0x21 && byte <= 0x7E) {
            at += rest->length - at < 2 ? 1 : 2;
        } else if (kind == TS_CHARSET_LEAD_BYTE && byte >= 0x81 && byte <= 0xFE) {
            at += rest->length - at < 2 ? 1 : 2; /* of four bytes, the third one is a lead byte again */
        } else if (byte == '\\') {
            break;
        } else {
            at++;
        }
    }
    end_component(rest, at, component);
    return true;
}

bool ts_text_next_ascii(ts_text *rest, bool *is_first, ts_text *component) {
    if (!begin_component(rest, is_first)) {
        return false;
    }
    size_t at = 0;
    while (at < rest->length && rest->bytes[at] != '\\') {
        at++;
    }
    end_component(rest, at, component);
    return true;
}

ts_text ts_text_trim(ts_text text, bool keeps_front) {
    while (text.length > 0 && (text.bytes[text.length - 1] == '\0' || text.bytes[text.length - 1] == ' ')) {
        text.length--;
    }
    size_t front = 0;
    while (!keeps_front && front < text.length && text.bytes[front] == ' ') {
        front++;
    }
    return (ts_text){.bytes = front == 0 ? text.bytes : &text.bytes[front], .length = text.length - front};
}

/* Whether one of eight bytes may be ESC or at least 80. False is exact; if true, the caller checks each byte. */
static bool may_be_more(uint64_t word) {
    const uint64_t ones = UINT64_C(0x0101010101010101);
    const uint64_t tops = UINT64_C(0x8080808080808080);
    const uint64_t escapes = word ^ ones * ESCAPE; /* a byte that was ESC is now 0 */
    return ((word | ((escapes - ones) & ~escapes)) & tops) != 0;
}

bool ts_text_is_ascii(ts_text text) {
    size_t at = 0;
    for (; text.length - at >= sizeof(uint64_t); at += sizeof(uint64_t)) {
        uint64_t word;
        memcpy(&word, &text.bytes[at], sizeof word);
        if (may_be_more(word)) {
            break;
        }
    }
    for (; at < text.length; at++) {
        if (text.bytes[at] >= 0x80 || text.bytes[at] == ESCAPE) {
            return false;
        }
    }
    return true;
}

static bool is_text_byte(uint8_t byte) {
    return (byte >= 0x20 && byte <= 0x7E) || byte >= 0xA0 || byte == '\t' || byte == '\n' || byte == '\f' ||
           byte == '\r';
}

/* The length of the UTF-8 character of more than one byte at `at`; 0 if there is none. */
static size_t utf8_length(ts_text text, size_t at) {
    const uint8_t lead = text.bytes[at];
    const size_t length = lead >= 0xF0 && lead <= 0xF4 ? 4 : lead >= 0xE0 ? 3 : lead >= 0xC2 ? 2 : 0;
    if (length == 0 || lead > 0xF4 || length > text.length - at) {
        return 0;
    }
    for (size_t i = 1; i < length; i++) {
        if ((text.bytes[at + i] & 0xC0) != 0x80) {
            return 0;
        }
    }
    return length;
}

/* The length of the GB18030 character of more than one byte at `at`; 0 if there is none. */
static size_t lead_byte_length(ts_text text, size_t at) {
    if (text.length - at < 2 || text.bytes[at] < 0x81 || text.bytes[at] == 0xFF) {
        return 0;
    }
    const uint8_t second = text.bytes[at + 1];
    if (second >= 0x30 && second <= 0x39) {
        return text.length - at < 4 ? 0 : 4;
    }
    return second >= 0x40 && second != 0x7F && second != 0xFF ? 2 : 0;
}

/* The length of the escape sequence at `at` if it designates a character set (PS3.5 6.1.2.5.2), else 0. */
static size_t designation_length(ts_text text, size_t at) {
    static const char intermediates[] = "$()-.";
    size_t length = 1;
    while (at + length < text.length && text.bytes[at + length] != '\0' &&
           strchr(intermediates, text.bytes[at + length]) != NULL) {
        length++;
    }
    return length > 1 && at + length < text.length && text.bytes[at + length] >= 0x40 ? length + 1 : 0;
}

bool ts_text_is_readable(ts_text text, ts_charset_kind kind) {
    size_t at = 0;
    while (at < text.length) {
        const uint8_t byte = text.bytes[at];
        size_t length = is_text_byte(byte) ? 1 : 0;
        if (byte == ESCAPE) {
            length = designation_length(text, at);
        } else if (byte >= 0x80 && kind == TS_CHARSET_LEAD_BYTE) {
            length = lead_byte_length(text, at);
        } else if (byte >= 0x80 && utf8_length(text, at) > 0) {
            length = utf8_length(text, at);
        }
        if (length == 0) {
            return false;
        }
        at += length;
    }
    return text.length > 0;
}
