/* Text in value fields: the implementation of text.h (PS3.5 2026b, 6.1 and 6.2).
 *
 * For: splitting, trimming and checking a value in one pass over its bytes.
 * Never: a copy. Results point into the value that was given.
 */
#include "dicom/text.h"

#include <string.h>

enum { ESCAPE = 0x1B };

enum { TERM_BYTES = 16 }; /* a longer term is none of those that have a kind */

/* Names of codecs without spaces, hyphens and underscores. tagsniff.dicom.charset has the names of all codecs; these
 * are the ones that are not TS_CHARSET_PLAIN, without ISO-8859-n and WINDOWS-125n. */
typedef struct named_kind {
    const char *name;
    ts_charset_kind kind;
} named_kind;

static const named_kind NAMED_KINDS[] = {
    {"UTF8", TS_CHARSET_UTF_8},
    {"LATIN1", TS_CHARSET_LATIN_1},
    {"ISOLATIN1", TS_CHARSET_LATIN_1},
    {"ISO88591", TS_CHARSET_LATIN_1},
    {"GB18030", TS_CHARSET_LEAD_BYTE},
    {"GBK", TS_CHARSET_LEAD_BYTE},
    {"ISO2022GBK", TS_CHARSET_LEAD_BYTE},
    {"CP936", TS_CHARSET_LEAD_BYTE},
    {"MS936", TS_CHARSET_LEAD_BYTE},
    {"WINDOWS936", TS_CHARSET_LEAD_BYTE},
    {"XGBK", TS_CHARSET_LEAD_BYTE},
    {"BIG5", TS_CHARSET_LEAD_BYTE},
    {"BIG5HKSCS", TS_CHARSET_LEAD_BYTE},
    {"CP950", TS_CHARSET_LEAD_BYTE},
    {"MS950", TS_CHARSET_LEAD_BYTE},
    {"WINDOWS950", TS_CHARSET_LEAD_BYTE},
    {"XBIG5", TS_CHARSET_LEAD_BYTE},
    {"SHIFTJIS", TS_CHARSET_SHIFT_JIS},
    {"SJIS", TS_CHARSET_SHIFT_JIS},
    {"XSJIS", TS_CHARSET_SHIFT_JIS},
    {"CSSHIFTJIS", TS_CHARSET_SHIFT_JIS},
    {"CP932", TS_CHARSET_SHIFT_JIS},
    {"MS932", TS_CHARSET_SHIFT_JIS},
    {"WINDOWS932", TS_CHARSET_SHIFT_JIS},
    {"WINDOWS31J", TS_CHARSET_SHIFT_JIS},
    {"GB2312", TS_CHARSET_PAIRS},
    {"EUCCN", TS_CHARSET_PAIRS},
    {"ISO202258", TS_CHARSET_PAIRS},
    {"EUCKR", TS_CHARSET_PAIRS},
    {"KSC5601", TS_CHARSET_PAIRS},
    {"KSX1001", TS_CHARSET_PAIRS},
    {"CP949", TS_CHARSET_PAIRS},
    {"MS949", TS_CHARSET_PAIRS},
    {"WINDOWS949", TS_CHARSET_PAIRS},
    {"UHC", TS_CHARSET_PAIRS},
    {"EUCJP", TS_CHARSET_PAIRS},
    {"KOI8R", TS_CHARSET_SINGLE_BYTE},
    {"KOI8U", TS_CHARSET_SINGLE_BYTE},
    {"TIS620", TS_CHARSET_SINGLE_BYTE},
    {"CP874", TS_CHARSET_SINGLE_BYTE},
    {"WINDOWS874", TS_CHARSET_SINGLE_BYTE},
};

/* Writes the first value of the text into `term`, in upper case, without separators and padding, with a NUL behind it,
 * and removes it from the text. A term that is too long becomes "?". */
static void take_term(ts_text *text, char term[TERM_BYTES]) {
    size_t length = 0;
    size_t at = 0;
    for (; at < text->length && text->bytes[at] != '\\'; at++) {
        const uint8_t byte = text->bytes[at];
        if (byte == ' ' || byte == '-' || byte == '_' || byte == '\0') {
            continue;
        }
        term[length < TERM_BYTES - 1 ? length : 0] = (char)(byte >= 'a' && byte <= 'z' ? byte - 'a' + 'A' : byte);
        length++;
    }
    if (length >= TERM_BYTES) {
        term[0] = '?';
        length = 1;
    }
    term[length] = '\0';
    at += at < text->length ? 1 : 0;
    text->bytes = at == 0 ? text->bytes : &text->bytes[at];
    text->length -= at;
}

static bool begins_with(const char *term, const char *prefix) { return strncmp(term, prefix, strlen(prefix)) == 0; }

/* The kind of an ISO registration number; PLAIN for 6, and for the Japanese sets that need an escape sequence. */
static ts_charset_kind find_registered(const char *number) {
    static const char *const single_byte[] = {"101", "109", "110", "126", "127", "138", "144", "148", "166", "203"};
    for (size_t i = 0; i < sizeof single_byte / sizeof single_byte[0]; i++) {
        if (strcmp(number, single_byte[i]) == 0) {
            return TS_CHARSET_SINGLE_BYTE;
        }
    }
    if (strcmp(number, "100") == 0) {
        return TS_CHARSET_LATIN_1;
    }
    if (strcmp(number, "13") == 0) {
        return TS_CHARSET_SHIFT_JIS;
    }
    if (strcmp(number, "58") == 0 || strcmp(number, "149") == 0) {
        return TS_CHARSET_PAIRS;
    }
    return strcmp(number, "192") == 0 ? TS_CHARSET_UTF_8 : TS_CHARSET_PLAIN;
}

static ts_charset_kind find_kind_of_term(const char *term) {
    static const char *const registered[] = {"ISO2022IR", "ISOIR"};
    for (size_t i = 0; i < sizeof registered / sizeof registered[0]; i++) {
        if (begins_with(term, registered[i])) {
            return find_registered(&term[strlen(registered[i])]);
        }
    }
    for (size_t i = 0; i < sizeof NAMED_KINDS / sizeof NAMED_KINDS[0]; i++) {
        if (strcmp(term, NAMED_KINDS[i].name) == 0) {
            return NAMED_KINDS[i].kind;
        }
    }
    return begins_with(term, "ISO8859") || begins_with(term, "WINDOWS125") || begins_with(term, "CP125")
               ? TS_CHARSET_SINGLE_BYTE
               : TS_CHARSET_PLAIN;
}

static bool is_ascii_term(const char *term) {
    return term[0] == '\0' || strcmp(term, "ISOIR6") == 0 || strcmp(term, "ISO2022IR6") == 0;
}

/* The Japanese sets of two bytes, in which no character has a byte from 80 on. */
static bool is_japanese_term(const char *term) {
    return strcmp(term, "ISO2022IR87") == 0 || strcmp(term, "ISOIR87") == 0 || strcmp(term, "ISO2022IR159") == 0 ||
           strcmp(term, "ISOIR159") == 0;
}

ts_charset_kind ts_charset_find_kind(ts_text specific_character_set) {
    char term[TERM_BYTES];
    ts_text rest = specific_character_set;
    take_term(&rest, term);
    ts_charset_kind kind = find_kind_of_term(term);
    bool is_ascii = is_ascii_term(term);
    for (;;) {
        if (is_japanese_term(term)) {
            return TS_CHARSET_SHIFT_JIS; /* what files have there without an escape sequence */
        }
        if (!is_ascii || rest.length == 0) {
            return kind;
        }
        take_term(&rest, term);
        kind = find_kind_of_term(term);
        if (kind == TS_CHARSET_PAIRS || kind == TS_CHARSET_SHIFT_JIS) {
            return kind;
        }
        kind = TS_CHARSET_PLAIN; /* another set holds after its escape sequence only */
    }
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
        } else if (kind == TS_CHARSET_SHIFT_JIS && byte >= 0x80) {
            const size_t length = ts_shift_jis_length(*rest, at);
            at += length == 0 ? 1 : length;
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

size_t ts_lead_byte_length(ts_text text, size_t at) {
    if (text.length - at < 2 || text.bytes[at] < 0x81 || text.bytes[at] == 0xFF) {
        return 0;
    }
    const uint8_t second = text.bytes[at + 1];
    if (second >= 0x30 && second <= 0x39) {
        return text.length - at < 4 ? 0 : 4;
    }
    return second >= 0x40 && second != 0x7F && second != 0xFF ? 2 : 0;
}

size_t ts_shift_jis_length(ts_text text, size_t at) {
    const uint8_t lead = text.bytes[at];
    if (lead >= 0xA1 && lead <= 0xDF) {
        return 1; /* half-width katakana */
    }
    if (text.length - at < 2 || lead < 0x81 || lead == 0xA0 || lead > 0xFC) {
        return 0;
    }
    const uint8_t second = text.bytes[at + 1];
    return second >= 0x40 && second != 0x7F && second <= 0xFC ? 2 : 0;
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
            length = ts_lead_byte_length(text, at);
        } else if (byte >= 0x80 && kind == TS_CHARSET_SHIFT_JIS && ts_shift_jis_length(text, at) == 2) {
            length = 2;
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
