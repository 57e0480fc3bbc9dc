/* Stable radix sort: the implementation of radix_sort.h.
 *
 * For: many words by a radix sort, because the branches of a merge sort are mispredicted every other time; few words by
 *      a merge sort.
 * Never: a pass over a digit that is the same in all words, or a sort of words that are already in order.
 */
#include "base/radix_sort.h"

#include <stdbool.h>
#include <string.h>

enum { MANY_WORDS = 512, DIGIT_BITS = 8, DIGIT_VALUES = 1 << DIGIT_BITS, DIGITS = 1 + 64 / DIGIT_BITS };

_Static_assert((int)TS_ORDERED_REST_LIMIT <= (int)DIGIT_VALUES, "the rest is one digit");

static bool is_after(const ts_ordered_word *one, const ts_ordered_word *other) {
    return one->word != other->word ? one->word > other->word : one->rest > other->rest;
}

static bool are_ordered(const ts_ordered_word *words, size_t count) {
    for (size_t i = 1; i < count; i++) {
        if (is_after(&words[i - 1], &words[i])) {
            return false;
        }
    }
    return true;
}

static void merge(const ts_ordered_word *first, size_t first_count, const ts_ordered_word *second, size_t second_count,
                  ts_ordered_word *merged) {
    size_t i = 0;
    size_t j = 0;
    while (i < first_count && j < second_count) {
        *merged++ = is_after(&first[i], &second[j]) ? second[j++] : first[i++];
    }
    memcpy(merged, &first[i], (first_count - i) * sizeof *merged);
    memcpy(&merged[first_count - i], &second[j], (second_count - j) * sizeof *merged);
}

/* A merge sort. Returns the array that holds the result: `words` or `scratch`. */
static const ts_ordered_word *order_few(ts_ordered_word *words, ts_ordered_word *scratch, size_t count) {
    ts_ordered_word *from = words;
    ts_ordered_word *to = scratch;
    for (size_t width = 1; width < count; width *= 2) {
        for (size_t at = 0; at < count;) {
            const size_t first = count - at < width ? count - at : width;
            const size_t second = count - at - first < width ? count - at - first : width;
            merge(&from[at], first, &from[at + first], second, &to[at]);
            at += first + second;
        }
        ts_ordered_word *swapped = from;
        from = to;
        to = swapped;
    }
    return from;
}

/* Digit 0, the tie-breaker, is the least significant one. */
static inline size_t digit_of(const ts_ordered_word *word, size_t digit) {
    return digit == 0 ? word->rest : word->word >> DIGIT_BITS * (digit - 1) & (DIGIT_VALUES - 1);
}

/* Moves the words to the positions that one digit gives them. `offsets` holds the number of words for each value of the
 * digit, and is overwritten. */
static void scatter(const ts_ordered_word *from, ts_ordered_word *to, size_t count, size_t digit, size_t *offsets) {
    size_t offset = 0;
    for (size_t value = 0; value < DIGIT_VALUES; value++) {
        const size_t words = offsets[value];
        offsets[value] = offset;
        offset += words;
    }
    for (size_t i = 0; i < count; i++) {
        to[offsets[digit_of(&from[i], digit)]++] = from[i];
    }
}

/* A radix sort. Returns the array that holds the result: `words` or `scratch`. */
static const ts_ordered_word *order_many(ts_ordered_word *words, ts_ordered_word *scratch, size_t count) {
    size_t counts[DIGITS][DIGIT_VALUES];
    memset(counts, 0, sizeof counts);
    for (size_t i = 0; i < count; i++) {
        for (size_t digit = 0; digit < DIGITS; digit++) {
            counts[digit][digit_of(&words[i], digit)]++;
        }
    }
    ts_ordered_word *from = words;
    ts_ordered_word *to = scratch;
    for (size_t digit = 0; digit < DIGITS; digit++) {
        if (counts[digit][digit_of(&from[0], digit)] == count) {
            continue; /* all words have the same digit */
        }
        scatter(from, to, count, digit, counts[digit]);
        ts_ordered_word *swapped = from;
        from = to;
        to = swapped;
    }
    return from;
}

void ts_radix_sort(ts_ordered_word *words, ts_ordered_word *scratch, size_t count) {
    if (are_ordered(words, count)) {
        return;
    }
    const ts_ordered_word *ordered =
        count < MANY_WORDS ? order_few(words, scratch, count) : order_many(words, scratch, count);
    if (ordered != words) {
        memcpy(words, ordered, count * sizeof *words);
    }
}
