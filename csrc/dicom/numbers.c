/* Numbers as the VRs of numbers have them: the implementation of numbers.h.
 *
 * For: one pass over the digits of a number.
 * Never: a conversion of a decimal string to a binary number, which would round it.
 */
#include "dicom/numbers.h"

#include <string.h>

enum { MOST_DIGITS = 32, LONG_DIGITS = 6, DATE_DIGITS = 8, WORD_DIGITS = 18 };

#define MOST_EXPONENT INT64_C(1000000000000)

/* A decimal number: 0.d1d2d3... times 10 to the power of `point`. Zero has no digits. */
typedef struct decimal {
    uint8_t digits[MOST_DIGITS]; /* ASCII, from the first to the last one that is not 0 */
    size_t count;
    int64_t point;
    size_t written; /* number of digits before the point, as written */
    bool is_negative;
} decimal;

static bool is_digit(uint8_t byte) { return byte >= '0' && byte <= '9'; }

/* The exponent after E, bounded to MOST_EXPONENT. */
static int64_t read_exponent(ts_text text, size_t at) {
    const bool is_negative = at < text.length && text.bytes[at] == '-';
    int64_t exponent = 0;
    at += at < text.length && (text.bytes[at] == '-' || text.bytes[at] == '+') ? 1 : 0;
    for (; at < text.length && is_digit(text.bytes[at]); at++) {
        exponent = exponent < MOST_EXPONENT ? exponent * 10 + (text.bytes[at] - '0') : exponent;
    }
    return is_negative ? -exponent : exponent;
}

/* Digits beyond MOST_DIGITS are left out: DS and IS have no more than 16. */
static decimal read_decimal(ts_text text) {
    decimal number = {.count = 0};
    bool has_point = false;
    size_t at = 0;
    if (text.length > 0 && (text.bytes[0] == '-' || text.bytes[0] == '+')) {
        number.is_negative = text.bytes[0] == '-';
        at = 1;
    }
    for (; at < text.length && (is_digit(text.bytes[at]) || text.bytes[at] == '.'); at++) {
        if (text.bytes[at] == '.') {
            has_point = true;
            continue;
        }
        number.written += has_point ? 0 : 1;
        if (number.count == 0 && text.bytes[at] == '0') {
            number.point -= has_point ? 1 : 0;
            continue;
        }
        number.point += has_point ? 0 : 1;
        if (number.count < MOST_DIGITS) {
            number.digits[number.count++] = text.bytes[at];
        }
    }
    if (at < text.length) {
        number.point += read_exponent(text, at + 1);
    }
    while (number.count > 0 && number.digits[number.count - 1] == '0') {
        number.count--;
    }
    return number;
}

static int order_bytes(const uint8_t *a, size_t a_length, const uint8_t *b, size_t b_length) {
    return ts_text_order((ts_text){.bytes = a, .length = a_length}, (ts_text){.bytes = b, .length = b_length});
}

/* The order of two numbers without their signs. */
static int order_magnitudes(const decimal *a, const decimal *b) {
    if (a->count == 0 || b->count == 0) {
        return (a->count > 0) - (b->count > 0);
    }
    if (a->point != b->point) {
        return a->point < b->point ? -1 : 1;
    }
    return order_bytes(a->digits, a->count, b->digits, b->count);
}

int ts_number_order(ts_text a, ts_text b) {
    const decimal first = read_decimal(a);
    const decimal second = read_decimal(b);
    const bool is_first_negative = first.is_negative && first.count > 0;
    const bool is_second_negative = second.is_negative && second.count > 0;
    int order = is_second_negative - is_first_negative;
    if (order == 0) {
        order = order_magnitudes(&first, &second);
        order = is_first_negative ? -order : order;
    }
    return order != 0 ? order : ts_text_order(a, b);
}

bool ts_digits_are_date(const uint8_t digits[8]) {
    unsigned parts[4]; /* century, year, month, day */
    for (size_t i = 0; i < 4; i++) {
        parts[i] = (unsigned)(digits[2 * i] - '0') * 10 + (unsigned)(digits[2 * i + 1] - '0');
    }
    const unsigned year = parts[0] * 100 + parts[1];
    return year >= 1900 && year <= 2100 && parts[2] >= 1 && parts[2] <= 12 && parts[3] >= 1 && parts[3] <= 31;
}

/* Seconds or milliseconds since 1970, from 1990-01-01 to the end of 2100. */
static bool are_seconds(uint64_t number) {
    const uint64_t first = UINT64_C(631152000);
    const uint64_t end = UINT64_C(4133980800);
    return (number >= first && number < end) || (number >= first * 1000 && number < end * 1000);
}

bool ts_number_may_identify(ts_text number) {
    const decimal read = read_decimal(number);
    const bool is_whole = read.count == 0 || (int64_t)read.count <= read.point;
    if (is_whole && (read.written >= LONG_DIGITS || (read.count > 0 && read.point >= LONG_DIGITS))) {
        return true;
    }
    if (read.count == 0 || read.point < DATE_DIGITS || read.point > MOST_DIGITS) {
        return false;
    }
    uint8_t digits[MOST_DIGITS];
    uint64_t value = 0;
    for (size_t i = 0; i < (size_t)read.point; i++) {
        digits[i] = i < read.count ? read.digits[i] : (uint8_t)'0';
        value = value * 10 + (uint64_t)(digits[i] - '0');
    }
    return ts_digits_are_date(digits) || (read.point <= WORD_DIGITS && are_seconds(value));
}

/* The number as 64 bits. */
static uint64_t load(const uint8_t *bytes, size_t size_bytes) {
    uint64_t word = 0;
    for (size_t i = 0; i < size_bytes; i++) {
        word |= (uint64_t)bytes[i] << 8 * i;
    }
    return word;
}

static double load_float(ts_vr vr, const uint8_t *bytes) {
    if (vr == TS_VR_FL) {
        const uint32_t word = (uint32_t)load(bytes, sizeof word);
        float number;
        memcpy(&number, &word, sizeof number);
        return (double)number;
    }
    const uint64_t word = load(bytes, sizeof word);
    double number;
    memcpy(&number, &word, sizeof number);
    return number;
}

static bool is_signed(ts_vr vr) { return vr == TS_VR_SS || vr == TS_VR_SL || vr == TS_VR_SV; }

static bool is_float(ts_vr vr) { return vr == TS_VR_FL || vr == TS_VR_FD; }

/* A word of fewer than 64 bits with its sign in all upper bits. */
static uint64_t extend_sign(uint64_t word, size_t size_bytes) {
    const uint64_t sign = UINT64_C(1) << (8 * size_bytes - 1);
    return (word ^ sign) - sign;
}

static int order_floats(double a, double b) {
    const bool is_a_number = a == a; /* false for NaN */
    const bool is_b_number = b == b;
    if (!is_a_number || !is_b_number) {
        return is_b_number - is_a_number;
    }
    return (a > b) - (a < b);
}

int ts_binary_number_order(ts_vr vr, const uint8_t *a, const uint8_t *b) {
    const size_t size_bytes = ts_vr_number_bytes(vr);
    int order;
    if (is_float(vr)) {
        order = order_floats(load_float(vr, a), load_float(vr, b));
    } else {
        const uint64_t top = is_signed(vr) ? UINT64_C(1) << 63 : 0; /* turns the order of signed words into unsigned */
        const uint64_t first = load(a, size_bytes);
        const uint64_t second = load(b, size_bytes);
        const uint64_t high = (is_signed(vr) ? extend_sign(first, size_bytes) : first) ^ top;
        const uint64_t low = (is_signed(vr) ? extend_sign(second, size_bytes) : second) ^ top;
        order = (high > low) - (high < low);
    }
    return order != 0 ? order : memcmp(a, b, size_bytes);
}

/* Whether the digits of the number begin with a date. */
static bool begins_with_date(uint64_t number) {
    uint8_t digits[DATE_DIGITS];
    if (number < 10000000) {
        return false;
    }
    while (number > 99999999) {
        number /= 10;
    }
    for (size_t i = DATE_DIGITS; i > 0; i--) {
        digits[i - 1] = (uint8_t)('0' + number % 10);
        number /= 10;
    }
    return ts_digits_are_date(digits);
}

static bool may_float_identify(double number) {
    const double magnitude = number < 0 ? -number : number;
    if (!(magnitude < 1e18)) { /* also NaN */
        return false;
    }
    const uint64_t whole = (uint64_t)magnitude;
    return (magnitude >= 1e5 && magnitude < 1e16 && (double)whole == magnitude) || begins_with_date(whole) ||
           are_seconds(whole);
}

bool ts_binary_number_may_identify(ts_vr vr, const uint8_t *number) {
    if (is_float(vr)) {
        return may_float_identify(load_float(vr, number));
    }
    const size_t size_bytes = ts_vr_number_bytes(vr);
    const uint64_t word = load(number, size_bytes);
    const uint64_t value = is_signed(vr) ? extend_sign(word, size_bytes) : word;
    return (is_signed(vr) && value >> 63 != 0 ? 0 - value : value) >= 100000;
}
