/* What the digits of a text could be: the implementation of text_digits.h.
 *
 * For: one pass over a text for each question.
 * Never: a byte beyond ASCII; the caller has looked.
 */
#include "dicom/text_digits.h"

#include <string.h>

enum { LONG_DIGITS = 6 };

static bool is_joining(uint8_t byte) { return byte != '\0' && strchr(".-/:,_()+ ", byte) != NULL; }

static bool is_of_word(uint8_t byte) { return ts_is_letter(byte) || (byte != '\0' && strchr(".-/:_+#", byte) != NULL); }

static size_t skip_digits(ts_text text, size_t at) {
    while (at < text.length && ts_is_digit(text.bytes[at])) {
        at++;
    }
    return at;
}

static bool is_byte(ts_text text, size_t at, uint8_t byte) { return at < text.length && text.bytes[at] == byte; }

static bool is_digit_at(ts_text text, size_t at) { return at < text.length && ts_is_digit(text.bytes[at]); }

/* The end of the number at `start`, and in *weight how many of its digits count. */
static size_t read_number(ts_text text, size_t start, size_t *weight) {
    const size_t end = skip_digits(text, start);
    const bool follows_point = start >= 1 && text.bytes[start - 1] == '.';
    *weight = end - start;
    if (follows_point || !is_byte(text, end, '.') || !is_digit_at(text, end + 1)) {
        return end;
    }
    const size_t end_of_fraction = skip_digits(text, end + 1);
    if (is_byte(text, end_of_fraction, '.')) { /* more than one point: a version, a date, an address */
        return end;
    }
    *weight = end - start == 1 && text.bytes[start] == '0' ? 0 : end - start;
    return end_of_fraction;
}

bool ts_has_long_digits(ts_text text) {
    size_t joined = 0;
    size_t of_word = 0;
    size_t at = 0;
    while (at < text.length) {
        if (ts_is_digit(text.bytes[at])) {
            size_t weight;
            at = read_number(text, at, &weight);
            joined += weight;
            of_word += weight;
            if (joined >= LONG_DIGITS || of_word >= LONG_DIGITS) {
                return true;
            }
            continue;
        }
        joined = is_joining(text.bytes[at]) ? joined : 0;
        of_word = is_of_word(text.bytes[at]) ? of_word : 0;
        at++;
    }
    return false;
}

/* Up to five numbers from `start` on, with one and the same byte between them. */
typedef struct number_row {
    size_t count;
    size_t digits[5];
    unsigned values[5];
    size_t end;
    uint8_t mark; /* between the numbers; 0 if there is one number */
} number_row;

static bool is_between_numbers(uint8_t byte) { return byte != '\0' && strchr(".-/ _", byte) != NULL; }

static number_row read_row(ts_text text, size_t start) {
    number_row row = {.count = 0};
    size_t at = start;
    while (row.count < 5) {
        const size_t end = skip_digits(text, at);
        unsigned value = 0;
        for (size_t i = at; i < end && value < 100000; i++) {
            value = value * 10 + (unsigned)(text.bytes[i] - '0');
        }
        row.digits[row.count] = end - at;
        row.values[row.count++] = value;
        row.end = end;
        if (end >= text.length) {
            break;
        }
        const uint8_t between = row.count == 1 ? text.bytes[end] : row.mark;
        if (!is_between_numbers(between) || text.bytes[end] != between || !is_digit_at(text, end + 1)) {
            break;
        }
        row.mark = between;
        at = end + 1;
    }
    return row;
}

static bool is_day_and_month(unsigned a, unsigned b) {
    return a >= 1 && b >= 1 && ((a <= 31 && b <= 12) || (a <= 12 && b <= 31));
}

static bool is_date(const number_row *row) {
    if (row->count != 3) {
        return false;
    }
    const bool is_year_last = (row->digits[2] == 2 || row->digits[2] == 4) && row->digits[0] <= 2;
    const bool is_year_first = (row->digits[0] == 2 || row->digits[0] == 4) && row->digits[2] <= 2;
    return row->digits[1] <= 2 && ((is_year_last && is_day_and_month(row->values[0], row->values[1])) ||
                                   (is_year_first && is_day_and_month(row->values[1], row->values[2])));
}

static bool is_address(const number_row *row) {
    return row->count == 4 && row->mark == '.' && row->values[0] <= 255 && row->values[1] <= 255 &&
           row->values[2] <= 255 && row->values[3] <= 255;
}

/* Whether one of the rows of numbers is what `is_one` looks for. */
static bool has_row(ts_text text, bool (*is_one)(const number_row *row)) {
    size_t at = 0;
    while (at < text.length) {
        if (!ts_is_digit(text.bytes[at])) {
            at++;
            continue;
        }
        const number_row row = read_row(text, at);
        if (is_one(&row)) {
            return true;
        }
        at = row.end;
    }
    return false;
}

bool ts_has_ip_address(ts_text text) { return has_row(text, is_address); }

/* The first three letters of the months in English, German, French, Spanish, Italian, Portuguese, Dutch, Polish and the
 * northern languages. */
static const char MONTHS[] = "jan feb mar apr may jun jul aug sep oct nov dec mai okt dez fev avr aou ene abr ago dic "
                             "gen mag giu lug set ott out maj mei mrt maa sty lut kwi cze lip sie wrz paz lis gru "
                             "des hel tam huh jui jue";

static bool is_month(const uint8_t *letters) {
    char word[4];
    for (size_t i = 0; i < 3; i++) {
        word[i] = (char)(letters[i] | 0x20);
    }
    word[3] = '\0';
    return strstr(MONTHS, word) != NULL;
}

/* The number of digits before `at`, or from `at` on, after at most two other bytes. */
static size_t digits_before(ts_text text, size_t at) {
    for (size_t skipped = 0; skipped < 2 && at > 0 && !ts_is_digit(text.bytes[at - 1]); skipped++) {
        at--;
    }
    size_t count = 0;
    while (count < at && ts_is_digit(text.bytes[at - 1 - count])) {
        count++;
    }
    return count;
}

static size_t digits_after(ts_text text, size_t at) {
    for (size_t skipped = 0; skipped < 2 && at < text.length && !ts_is_digit(text.bytes[at]); skipped++) {
        at++;
    }
    return skip_digits(text, at) - at;
}

/* Whether the word is the name of a month next to a day or a year: 3 May 70, May 1970, 12-MAR. */
static bool is_named_date(ts_text text, size_t start, size_t end) {
    if (end - start < 3 || !is_month(&text.bytes[start])) {
        return false;
    }
    const size_t before = digits_before(text, start);
    const size_t after = digits_after(text, end);
    return (before >= 1 && after >= 1) || after == 4 || (before >= 1 && before <= 2 && end - start > 3);
}

bool ts_has_short_date(ts_text text) {
    if (has_row(text, is_date)) {
        return true;
    }
    size_t at = 0;
    while (at < text.length) {
        const size_t start = at;
        while (at < text.length && ts_is_letter(text.bytes[at])) {
            at++;
        }
        if (at > start && is_named_date(text, start, at)) {
            return true;
        }
        at += at == start ? 1 : 0;
    }
    return false;
}
