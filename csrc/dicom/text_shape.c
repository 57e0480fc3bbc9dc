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

static bool has_identifying_digits(ts_text text) {
    return is_of_network(text) || ts_has_long_digits(text) || ts_has_short_date(text) || ts_has_ip_address(text);
}

/* The end of the index in brackets at `at`, after its digits; 0 if there is none. */
static size_t find_index_end(ts_text text, size_t at) {
    enum { MOST_DIGITS = 5 };
    if (text.bytes[at] != '[') {
        return 0;
    }
    size_t end = at + 1;
    while (end < text.length && ts_is_digit(text.bytes[end])) {
        end++;
    }
    return end > at + 1 && end - at - 1 <= MOST_DIGITS && end < text.length && text.bytes[end] == ']' ? end : 0;
}

/* Writes the digits as 9 and returns the length. */
static size_t write_nines(ts_text text, uint8_t *shape) {
    for (size_t i = 0; i < text.length; i++) {
        shape[i] = ts_is_digit(text.bytes[i]) ? (uint8_t)'9' : text.bytes[i];
    }
    return text.length;
}

/* Writes the name of `name = value`, its indexes as [9]; 0 if its other digits could identify. */
static size_t write_name(ts_text name, uint8_t *shape) {
    size_t length = 0;
    size_t at = 0;
    while (at < name.length) {
        const size_t end = find_index_end(name, at);
        if (end > 0) {
            shape[length++] = '[';
            shape[length++] = ']'; /* the 9 comes after the check */
            at = end + 1;
        } else {
            shape[length++] = name.bytes[at++];
        }
    }
    if (has_identifying_digits((ts_text){.bytes = shape, .length = length})) {
        return 0;
    }
    length = 0;
    for (at = 0; at < name.length;) {
        const size_t end = find_index_end(name, at);
        if (end > 0) {
            memcpy(&shape[length], "[9]", 3);
            length += 3;
            at = end + 1;
        } else {
            shape[length++] = ts_is_digit(name.bytes[at]) ? (uint8_t)'9' : name.bytes[at];
            at++;
        }
    }
    return length;
}

/* Whether a value stays as it is. */
static bool is_kept(ts_text value) {
    return !is_short_number(value) && (ts_text_fits(TS_VR_DS, value) || has_identifying_digits(value));
}

/* Writes the value of `name = value`. */
static size_t write_value(ts_text value, uint8_t *shape) {
    if (is_short_number(value)) {
        shape[0] = '9';
        return 1;
    }
    if (!is_kept(value)) {
        return write_nines(value, shape);
    }
    memcpy(shape, value.bytes, value.length);
    return value.length;
}

/* Whether a text is `name = value`; *equals becomes the length of the name, *start the place of the value. */
static bool is_assigned(ts_text text, size_t *equals, size_t *start) {
    size_t at = 0;
    while (at < text.length && text.bytes[at] != '=') {
        at++;
    }
    *equals = at;
    if (at == text.length || !is_name(cut(text, 0, at))) {
        return false;
    }
    for (at++; at < text.length && is_blank(text.bytes[at]); at++) {
    }
    *start = at;
    return at < text.length;
}

size_t ts_text_shape(ts_text text, uint8_t shape[TS_SHAPE_BYTES]) {
    size_t equals;
    size_t start;
    if (text.length > TS_SHAPE_BYTES || !has_digit(text)) {
        return 0;
    }
    if (!is_assigned(text, &equals, &start)) {
        return has_identifying_digits(text) ? 0 : write_nines(text, shape);
    }
    const ts_text name = cut(text, 0, equals);
    const ts_text value = cut(text, start, text.length);
    size_t length = has_digit(name) || !is_kept(value) ? write_name(name, shape) : 0;
    if (length > 0) {
        memcpy(&shape[length], &text.bytes[equals], start - equals);
        length += start - equals;
        length += write_value(value, &shape[length]);
    }
    return length;
}
