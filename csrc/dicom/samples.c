/* Text in samples: the implementation of samples.h.
 *
 * For: telling a text from a course of samples that happen to be printable: ramps of look-up tables, waves, patterns.
 * Never: a name or a number that was written as text, except one whose characters are all in ascending or descending
 *        order.
 */
#include "dicom/samples.h"

#include <stdlib.h>

/* Letters or digits that follow each other in samples differ by 1 or 2, in words and numbers by more. */
enum { WORD_LETTERS = 4, LETTER_STEP = 4, NUMBER_DIGITS = 6, DIGIT_STEP = 2, SHORTEST_NAME = 6 };

static bool is_capital(uint8_t byte) { return byte >= 'A' && byte <= 'Z'; }

static bool is_small(uint8_t byte) { return byte >= 'a' && byte <= 'z'; }

static bool is_letter(uint8_t byte) { return is_capital(byte) || is_small(byte); }

static bool is_digit(uint8_t byte) { return byte >= '0' && byte <= '9'; }

static int fold(uint8_t byte) { return is_capital(byte) ? byte - 'A' + 'a' : byte; }

/* Whether the characters are in ascending or in descending order, equal ones included. */
static bool is_ramp(ts_text run) {
    bool rises = false;
    bool falls = false;
    for (size_t i = 1; i < run.length; i++) {
        rises = rises || run.bytes[i] > run.bytes[i - 1];
        falls = falls || run.bytes[i] < run.bytes[i - 1];
    }
    return !rises || !falls;
}

/* Whether the character at `at` belongs to the word or number that begins at `start`. A word is in capitals or in small
 * letters; its first letter may be a capital in both. */
static bool belongs_to(ts_text run, size_t start, size_t at) {
    const uint8_t first = run.bytes[start];
    const uint8_t byte = run.bytes[at];
    if (is_digit(first)) {
        return is_digit(byte);
    }
    if (at == start + 1 && is_capital(first)) {
        return is_letter(byte);
    }
    if (at > start + 1) {
        return is_letter(byte) && is_small(byte) == is_small(run.bytes[start + 1]);
    }
    return at == start ? is_letter(byte) : is_small(byte);
}

/* The length of the word or number at `at`; 0 if there is none. */
static size_t word_length(ts_text run, size_t at) {
    size_t end = at;
    while (end < run.length && belongs_to(run, at, end)) {
        end++;
    }
    return end - at;
}

/* Whether the word or number differs from one character to the next by this much on average. */
static bool has_steps(ts_text word, int64_t least) {
    int64_t sum = 0;
    for (size_t i = 1; i < word.length; i++) {
        sum += abs(fold(word.bytes[i]) - fold(word.bytes[i - 1]));
    }
    return sum >= least * (int64_t)(word.length - 1);
}

/* Whether the two characters on both sides of `at` are letters, as around the ^ of a name. */
static bool is_between_letters(ts_text run, size_t at) {
    return at >= 2 && run.length - at > 2 && is_letter(run.bytes[at - 2]) && is_letter(run.bytes[at - 1]) &&
           is_letter(run.bytes[at + 1]) && is_letter(run.bytes[at + 2]);
}

bool ts_is_text_of_samples(ts_text run) {
    if (is_ramp(run)) {
        return false;
    }
    size_t at = 0;
    while (at < run.length) {
        const size_t length = word_length(run, at);
        const ts_text word = {.bytes = &run.bytes[at], .length = length};
        if (length == 0) {
            if (run.bytes[at] == '^' && run.length >= SHORTEST_NAME && is_between_letters(run, at)) {
                return true;
            }
            at++;
            continue;
        }
        if (is_digit(run.bytes[at]) ? length >= NUMBER_DIGITS && has_steps(word, DIGIT_STEP)
                                    : length >= WORD_LETTERS && has_steps(word, LETTER_STEP)) {
            return true;
        }
        at += length;
    }
    return false;
}
