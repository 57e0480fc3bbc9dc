/* The syntax that a VR requires of a value: the implementation of vr_syntax.h (PS3.5 2026b, 6.2 and 9.1).
 *
 * For: a check of each component in one pass over its bytes.
 * Never: a copy, or a read beyond the length of the component; it does not end with a NUL.
 */
#include "dicom/vr_syntax.h"

#include <string.h>

enum { CS_LENGTH = 16, UID_LENGTH = 64, ESCAPE = 0x1B };

static bool is_digit(uint8_t byte) { return byte >= '0' && byte <= '9'; }

/* Skips the digits from `*at` on; false if there are none. */
static bool skip_digits(ts_text text, size_t *at) {
    const size_t start = *at;
    while (*at < text.length && is_digit(text.bytes[*at])) {
        (*at)++;
    }
    return *at > start;
}

static void skip_sign(ts_text text, size_t *at) {
    if (*at < text.length && (text.bytes[*at] == '+' || text.bytes[*at] == '-')) {
        (*at)++;
    }
}

/* PS3.5 6.2: an integer in the range from -2^31 to 2^31 - 1. */
static bool is_integer_string(ts_text text) {
    size_t at = 0;
    skip_sign(text, &at);
    const int64_t limit = at > 0 && text.bytes[0] == '-' ? INT64_C(1) << 31 : (INT64_C(1) << 31) - 1;
    int64_t number = 0;
    const size_t first = at;
    for (; at < text.length && is_digit(text.bytes[at]) && number <= limit; at++) {
        number = number * 10 + (text.bytes[at] - '0');
    }
    return at > first && at == text.length && number <= limit;
}

static bool is_decimal_string(ts_text text) {
    size_t at = 0;
    skip_sign(text, &at);
    bool has_digits = skip_digits(text, &at);
    if (at < text.length && text.bytes[at] == '.') {
        at++;
        has_digits = skip_digits(text, &at) || has_digits;
    }
    if (has_digits && at < text.length && (text.bytes[at] == 'e' || text.bytes[at] == 'E')) {
        at++;
        skip_sign(text, &at);
        has_digits = skip_digits(text, &at);
    }
    return has_digits && at == text.length;
}

static bool is_code_string(ts_text text) {
    for (size_t i = 0; i < text.length; i++) {
        const uint8_t byte = text.bytes[i];
        if (!(byte >= 'A' && byte <= 'Z') && !is_digit(byte) && byte != ' ' && byte != '_') {
            return false;
        }
    }
    return text.length <= CS_LENGTH;
}

/* Whether the `count` bytes from `at` on are digits of a number in the range from low to high, both included. */
static bool digits_between(ts_text text, size_t at, size_t count, unsigned low, unsigned high) {
    unsigned number = 0;
    if (at > text.length || count > text.length - at) {
        return false;
    }
    for (size_t i = 0; i < count; i++) {
        if (!is_digit(text.bytes[at + i])) {
            return false;
        }
        number = number * 10 + (unsigned)(text.bytes[at + i] - '0');
    }
    return number >= low && number <= high;
}

/* HH, HHMM, HHMMSS or HHMMSS.F to six digits, from `at` to `end`. */
static bool is_time_between(ts_text text, size_t at, size_t end) {
    const ts_text part = {.bytes = text.bytes, .length = end};
    if (!digits_between(part, at, 2, 0, 23)) {
        return false;
    }
    if (end - at == 2) {
        return true;
    }
    if (!digits_between(part, at + 2, 2, 0, 59)) {
        return false;
    }
    if (end - at == 4) {
        return true;
    }
    if (!digits_between(part, at + 4, 2, 0, 60)) {
        return false;
    }
    if (end - at == 6) {
        return true;
    }
    const size_t fraction = end - at - 7;
    return text.bytes[at + 6] == '.' && fraction >= 1 && fraction <= 6 &&
           digits_between(part, at + 7, fraction, 0, 999999);
}

static bool is_date(ts_text text) {
    return text.length == 8 && digits_between(text, 0, 4, 0, 9999) && digits_between(text, 4, 2, 1, 12) &&
           digits_between(text, 6, 2, 1, 31);
}

/* YYYY[MM[DD[HH[MM[SS[.F]]]]]] with an optional offset from UTC. */
static bool is_date_time(ts_text text) {
    size_t end = text.length;
    if (end >= 9 && (text.bytes[end - 5] == '+' || text.bytes[end - 5] == '-')) {
        if (!digits_between(text, end - 4, 2, 0, 14) || !digits_between(text, end - 2, 2, 0, 59)) {
            return false;
        }
        end -= 5;
    }
    if (end < 4 || !digits_between(text, 0, 4, 0, 9999)) {
        return false;
    }
    if (end >= 6 && !digits_between(text, 4, 2, 1, 12)) {
        return false;
    }
    if (end >= 8 && !digits_between(text, 6, 2, 1, 31)) {
        return false;
    }
    return end <= 8 ? end % 2 == 0 : end >= 10 && is_time_between(text, 8, end);
}

bool ts_text_is_uid(ts_text text) {
    bool is_component = false;
    bool has_root = false; /* a number without a dot may be anything */
    for (size_t i = 0; i < text.length; i++) {
        if (text.bytes[i] == '.' ? !is_component : !is_digit(text.bytes[i])) {
            return false;
        }
        is_component = text.bytes[i] != '.';
        has_root = has_root || !is_component;
    }
    return is_component && has_root && text.length <= UID_LENGTH;
}

/* nnnD, nnnW, nnnM or nnnY. */
static bool is_age_string(ts_text text) {
    return text.length == 4 && digits_between(text, 0, 3, 0, 999) && strchr("DWMY", text.bytes[3]) != NULL &&
           text.bytes[3] != '\0';
}

/* The number of characters, counted low where several bytes may be one character. */
static size_t count_characters(ts_charset_kind kind, ts_text text) {
    size_t high = 0;
    size_t continued = 0; /* bytes that are the second or a later one in UTF-8 */
    bool has_escape = false;
    for (size_t i = 0; i < text.length; i++) {
        high += text.bytes[i] >= 0x80 ? 1 : 0;
        continued += (text.bytes[i] & 0xC0) == 0x80 ? 1 : 0;
        has_escape = has_escape || text.bytes[i] == ESCAPE;
    }
    if (has_escape) {
        return text.length / 2;
    }
    if (high == 0 || kind == TS_CHARSET_LATIN_1) {
        return text.length;
    }
    return text.length - (continued > high / 2 ? continued : high / 2);
}

/* The most bytes or characters of a component; 0 if ts_text_fits bounds them, or if there is no bound. */
static size_t longest_component(ts_vr vr) {
    switch ((unsigned)vr) {
    case TS_VR_IS:
        return 12;
    case TS_VR_AE:
    case TS_VR_DS:
    case TS_VR_SH:
        return 16;
    case TS_VR_LO:
    case TS_VR_PN:
        return 64;
    case TS_VR_ST:
        return 1024;
    case TS_VR_LT:
        return 10240;
    default:
        return 0;
    }
}

bool ts_text_is_too_long(ts_vr vr, ts_charset_kind kind, ts_text component) {
    const size_t longest = longest_component(vr);
    if (longest == 0 || component.length <= longest) {
        return false;
    }
    if (vr != TS_VR_PN) {
        return count_characters(kind, component) > longest;
    }
    size_t start = 0;
    for (size_t at = 0; at <= component.length; at++) {
        if (at == component.length || component.bytes[at] == '=') {
            if (count_characters(kind, (ts_text){.bytes = &component.bytes[start], .length = at - start}) > longest) {
                return true;
            }
            start = at + 1;
        }
    }
    return false;
}

static bool is_capital(uint8_t byte) { return byte >= 'A' && byte <= 'Z'; }

static bool is_small(uint8_t byte) { return byte >= 'a' && byte <= 'z'; }

static bool is_mark_of_names(uint8_t byte) { return byte != '\0' && strchr(" ^=.,-+'_/:\\", byte) != NULL; }

bool ts_bytes_look_like_text(ts_text bytes) {
    enum { SHORTEST = 4, LONGER = 6 };
    const ts_text text = ts_text_trim(bytes, true);
    size_t digits = 0;
    size_t capitals = 0;
    size_t small = 0;
    if (text.length < SHORTEST) {
        return false;
    }
    for (size_t i = 0; i < text.length; i++) {
        const uint8_t byte = text.bytes[i];
        digits += is_digit(byte) ? 1 : 0;
        capitals += is_capital(byte) ? 1 : 0;
        small += is_small(byte) ? 1 : 0;
        if (!is_digit(byte) && !is_capital(byte) && !is_small(byte) && !is_mark_of_names(byte)) {
            return false;
        }
    }
    if (text.length >= LONGER) {
        return digits + capitals + small >= SHORTEST;
    }
    return digits == text.length || capitals == text.length || small == text.length ||
           (small == text.length - 1 && is_capital(text.bytes[0]));
}

bool ts_text_fits(ts_vr vr, ts_text component) {
    switch ((unsigned)vr) {
    case TS_VR_AS:
        return is_age_string(component);
    case TS_VR_UI:
        return ts_text_is_uid(component);
    case TS_VR_DS:
        return is_decimal_string(component);
    case TS_VR_IS:
        return is_integer_string(component);
    case TS_VR_CS:
        return is_code_string(component);
    case TS_VR_DA:
        return is_date(component);
    case TS_VR_TM:
        return component.length >= 2 && is_time_between(component, 0, component.length);
    case TS_VR_DT:
        return is_date_time(component);
    default:
        return true;
    }
}
