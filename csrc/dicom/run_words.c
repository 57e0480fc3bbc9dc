/* Runs of characters found in bytes: the implementation of run_words.h.
 *
 * For: one pass over a run for each rule.
 * Never: a list of names. A rule about letters holds for names that nobody has listed.
 */
#include "dicom/run_words.h"

#include <string.h>

#include "dicom/text_digits.h"

enum { DIGITS_IN_A_ROW = 5, SHORTEST_WITH_VOWEL = 3, SHORTEST_APART = 2 };

static bool is_small(uint8_t byte) { return byte >= 'a' && byte <= 'z'; }

static bool is_vowel(uint8_t byte) { return strchr("aeiouy", byte | 0x20) != NULL; }

static bool is_slash(uint8_t byte) { return byte == '/' || byte == '\\'; }

static bool has_mark(ts_text run) {
    size_t digits = 0;
    for (size_t i = 0; i < run.length; i++) {
        const uint8_t byte = run.bytes[i];
        digits = ts_is_digit(byte) ? digits + 1 : 0;
        if (byte >= 0x80 || byte == 0x1B || byte == '^' || byte == '@' || digits >= DIGITS_IN_A_ROW ||
            (i >= 1 && is_slash(byte) && (run.bytes[i - 1] == byte || run.bytes[i - 1] == ':'))) {
            return true;
        }
    }
    return false;
}

static bool is_like_name(ts_text run) {
    for (size_t i = 0; i < run.length; i++) {
        if (!ts_is_letter(run.bytes[i]) && (run.bytes[i] == '\0' || strchr(" '-.,", run.bytes[i]) == NULL)) {
            return false;
        }
    }
    return true;
}

/* Whether a row of letters is in small letters, in capitals, or with a capital first. */
static bool has_case_of_word(const uint8_t *letters, size_t length) {
    bool is_alike = true;
    for (size_t i = 2; i < length; i++) {
        is_alike = is_alike && is_small(letters[i]) == is_small(letters[1]);
    }
    return is_alike && (length < 2 || is_small(letters[0]) == is_small(letters[1]) || !is_small(letters[0]));
}

static bool is_between_words(uint8_t byte) { return byte != '\0' && strchr(" \t=:,;\"'_-./\\()<>[]|", byte) != NULL; }

/* Whether the row of letters from `start` to `end` stands apart, and could be a short name. */
static bool is_apart(ts_text run, size_t start, size_t end) {
    return end - start >= SHORTEST_APART && has_case_of_word(&run.bytes[start], end - start) &&
           (start == 0 || is_between_words(run.bytes[start - 1])) &&
           (end == run.length || is_between_words(run.bytes[end]));
}

/* The length of the first part of a row of letters: small letters, which may have one capital first; or capitals, but
 * the last one if a small letter follows. */
static size_t part_length(const uint8_t *letters, size_t length) {
    size_t capitals = 0;
    while (capitals < length && !is_small(letters[capitals])) {
        capitals++;
    }
    if (capitals > 1) {
        return capitals == length ? capitals : capitals - 1;
    }
    size_t end = capitals;
    while (end < length && is_small(letters[end])) {
        end++;
    }
    return end;
}

/* Whether a part of the row of letters is a word with a vowel. */
static bool has_vowel_word(const uint8_t *letters, size_t length) {
    size_t part;
    for (size_t at = 0; at < length; at += part) {
        part = part_length(&letters[at], length - at);
        for (size_t i = 0; part >= SHORTEST_WITH_VOWEL && i < part; i++) {
            if (is_vowel(letters[at + i])) {
                return true;
            }
        }
    }
    return false;
}

static bool has_word(ts_text run) {
    size_t at = 0;
    while (at < run.length) {
        const size_t start = at;
        while (at < run.length && ts_is_letter(run.bytes[at])) {
            at++;
        }
        if (at > start && (is_apart(run, start, at) || has_vowel_word(&run.bytes[start], at - start))) {
            return true;
        }
        at += at == start ? 1 : 0;
    }
    return false;
}

bool ts_run_is_to_be_read(ts_text run) {
    return has_mark(run) || is_like_name(run) || has_word(run) || ts_has_long_digits(run) || ts_has_short_date(run) ||
           ts_has_ip_address(run);
}
