/* The shape of a text: the implementation of text_shape.h.
 *
 * For: texts that differ in short numbers only.
 * Never: a copy of a digit.
 */
#include "dicom/text_shape.h"

#include <string.h>

#include "dicom/numbers.h"
#include "dicom/text_digits.h"
#include "dicom/vr_syntax.h"

enum { HEXADECIMAL_BYTES = 6 }; /* 0x and four digits */

static ts_text cut(ts_text text, size_t start, size_t end) {
    return (ts_text){.bytes = start == 0 ? text.bytes : &text.bytes[start], .length = end - start};
}

static bool has_digit(ts_text text) {
    for (size_t i = 0; i < text.length; i++) {
        if (ts_is_digit(text.bytes[i])) {
            return true;
        }
    }
    return false;
}

static bool is_of_network(ts_text text) {
    for (size_t i = 0; i < text.length; i++) {
        if (text.bytes[i] == '@' || (text.length - i >= 3 && memcmp(&text.bytes[i], "://", 3) == 0)) {
            return true;
        }
    }
    return false;
}

static bool is_blank(uint8_t byte) { return byte == ' ' || byte == '\t'; }

static bool is_hexadecimal(ts_text text) {
    if (text.length < 3 || text.length > HEXADECIMAL_BYTES || text.bytes[0] != '0' || (text.bytes[1] | 0x20) != 'x') {
        return false;
    }
    for (size_t i = 2; i < text.length; i++) {
        const uint8_t byte = text.bytes[i];
        if (!ts_is_digit(byte) && !((byte | 0x20) >= 'a' && (byte | 0x20) <= 'f')) {
            return false;
        }
    }
    return true;
}

static bool is_short_number(ts_text text) {
    return is_hexadecimal(text) || (ts_text_fits(TS_VR_DS, text) && !ts_number_may_identify(text));
}

static bool is_name(ts_text text) {
    for (size_t i = 0; i < text.length; i++) {
        const uint8_t byte = text.bytes[i];
        if (!ts_is_letter(byte) && !ts_is_digit(byte) && !is_blank(byte) &&
            (byte == '\0' || strchr("._[]<>\"-", byte) == NULL)) {
            return false;
        }
    }
    return text.length > 0 && !is_blank(text.bytes[0]) && !ts_is_digit(text.bytes[0]);
}

/* The start of the number in `name = number`; 0 if the text is not of this form. */
static size_t find_assigned(ts_text text) {
    size_t at = 0;
    while (at < text.length && text.bytes[at] != '=') {
        at++;
    }
    if (at == text.length || !is_name(cut(text, 0, at))) {
        return 0;
    }
    for (at++; at < text.length && is_blank(text.bytes[at]); at++) {
    }
    return at < text.length && is_short_number(cut(text, at, text.length)) ? at : 0;
}

static bool has_identifying_digits(ts_text text) {
    return ts_has_long_digits(text) || ts_has_short_date(text) || ts_has_ip_address(text);
}

size_t ts_text_shape(ts_text text, uint8_t shape[TS_SHAPE_BYTES]) {
    if (text.length > TS_SHAPE_BYTES || !has_digit(text) || is_of_network(text)) {
        return 0;
    }
    const size_t assigned = find_assigned(text);
    const size_t length = assigned == 0 ? text.length : assigned;
    if (has_identifying_digits(cut(text, 0, length))) {
        return 0;
    }
    for (size_t i = 0; i < length; i++) {
        shape[i] = ts_is_digit(text.bytes[i]) ? (uint8_t)'9' : text.bytes[i];
    }
    if (assigned > 0) {
        shape[length] = '9';
    }
    return assigned > 0 ? length + 1 : length;
}
