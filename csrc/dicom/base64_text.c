/* Text in base64: the implementation of base64_text.h (RFC 4648, sections 4 and 5).
 *
 * For: stretches of letters of base64, with or without padding, of at least 8 characters (12 without padding).
 * Never: memory for a stretch of which the first bytes are no text: most words end there.
 */
#include "dicom/base64_text.h"

#include "dicom/text_segments.h"

enum {
    SHORTEST = 12,
    SHORTEST_PADDED = 8,
    QUANTUM_CHARACTERS = 4,
    QUANTUM_BYTES = 3,
    LINE_BYTES = 45, /* decoded length of the shortest lines, if base64 has several */
    LONGEST_TAIL = 3 /* bytes of a UTF-8 character that a line of base64 may cut off */
};

/* For each byte the digit that it is, plus 1; 0 if it is none. */
/* clang-format off */
static const uint8_t DIGITS[256] = {
    0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, /* 00 */
    0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, /* 10 */
    0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 63, 0, 63, 0, 64, /* 20 */
    53, 54, 55, 56, 57, 58, 59, 60, 61, 62, 0, 0, 0, 0, 0, 0, /* 30 */
    0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, /* 40 */
    16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 0, 0, 0, 0, 64, /* 50 */
    0, 27, 28, 29, 30, 31, 32, 33, 34, 35, 36, 37, 38, 39, 40, 41, /* 60 */
    42, 43, 44, 45, 46, 47, 48, 49, 50, 51, 52, 0, 0, 0, 0, 0, /* 70 */
};
/* clang-format on */

static bool is_text_byte(uint8_t byte) { return ts_is_printable(byte) || byte == '\n' || byte == '\r' || byte >= 0x80; }

/* Whether a byte can only be a later one of a character of UTF-8. */
static bool is_inside_character(uint8_t byte) { return (byte & 0xC0) == 0x80; }

/* Decodes four characters; the result has 1 to 3 bytes. */
static size_t decode_quantum(const uint8_t *characters, size_t digits, uint8_t bytes[QUANTUM_BYTES]) {
    uint32_t word = 0;
    for (size_t i = 0; i < QUANTUM_CHARACTERS; i++) {
        word = word << 6 | (i < digits ? DIGITS[characters[i]] - 1u : 0);
    }
    for (size_t i = 0; i < QUANTUM_BYTES; i++) {
        bytes[i] = (uint8_t)(word >> (16 - 8 * i));
    }
    return digits - 1;
}

/* Whether the bytes are text, apart from the parts of a character that the lines of base64 cut. */
static bool is_text(ts_text text) {
    size_t start = 0;
    while (start < text.length && start < LONGEST_TAIL && is_inside_character(text.bytes[start])) {
        start++;
    }
    size_t tail = 0;
    while (tail < LONGEST_TAIL && tail < text.length - start && text.bytes[text.length - 1 - tail] >= 0x80) {
        tail++;
        if (text.bytes[text.length - tail] >= 0xC0) { /* the first byte of a character: whole, or cut off */
            tail = ts_utf8_length(text, text.length - tail) == tail ? 0 : tail;
            break;
        }
    }
    tail = tail > 0 && text.bytes[text.length - tail] < 0xC0 ? 0 : tail;
    return (start + tail == 0 || text.length >= LINE_BYTES) &&
           ts_is_utf8_text((ts_text){.bytes = &text.bytes[start], .length = text.length - start - tail});
}

/* Decodes a stretch with this number of digits; false when memory runs out. Nothing is decoded if it is no text. */
static bool decode(const uint8_t *characters, size_t digits, ts_buffer *decoded) {
    uint8_t last = 0xFF;
    decoded->count = 0;
    for (size_t at = 0; at < digits; at += QUANTUM_CHARACTERS) {
        const size_t left = digits - at < QUANTUM_CHARACTERS ? digits - at : QUANTUM_CHARACTERS;
        uint8_t bytes[QUANTUM_BYTES];
        const size_t length = decode_quantum(&characters[at], left, bytes);
        if (!ts_buffer_reserve(decoded, QUANTUM_BYTES)) {
            return false;
        }
        for (size_t i = 0; i < length; i++) {
            const bool is_end = bytes[i] == 0 && digits - at <= QUANTUM_CHARACTERS;
            const bool is_stray = is_inside_character(bytes[i]) && last < 0x80;
            if (!is_end && (is_stray || !is_text_byte(bytes[i]))) {
                decoded->count = 0;
                return true;
            }
            if (!is_end) {
                ((uint8_t *)decoded->items)[decoded->count++] = last = bytes[i];
            }
        }
    }
    if (decoded->count > 0 && !is_text((ts_text){.bytes = decoded->items, .length = decoded->count})) {
        decoded->count = 0;
    }
    return true;
}

int ts_base64_next(ts_text *rest, ts_buffer *decoded) {
    size_t at = rest->length < SHORTEST_PADDED ? rest->length : 0;
    while (at < rest->length) {
        const size_t start = at;
        while (at < rest->length && DIGITS[rest->bytes[at]] != 0) {
            at++;
        }
        const size_t digits = at - start;
        size_t padding = 0;
        while (at < rest->length && rest->bytes[at] == '=' && padding < 2) {
            padding++;
            at++;
        }
        const bool is_whole = (digits + padding) % QUANTUM_CHARACTERS == 0;
        if (is_whole && digits + padding >= (padding > 0 ? SHORTEST_PADDED : SHORTEST)) {
            if (!decode(&rest->bytes[start], digits, decoded)) {
                return -1;
            }
            if (decoded->count > 0) {
                rest->bytes = &rest->bytes[at];
                rest->length -= at;
                return 1;
            }
        }
        at += at == start ? 1 : 0;
    }
    rest->length = 0;
    return 0;
}
