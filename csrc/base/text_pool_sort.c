/* Sort of the texts of a pool: the implementation of text_pool_sort.h.
 *
 * For: texts of which many have a common prefix, such as UIDs. The common prefix is skipped. Then the next eight bytes
 *      of each text are sorted as one integer, and those that are still equal go on with the eight bytes after them.
 * Never: more than two reads of each byte, and one sort for every eight bytes.
 */
#include "base/text_pool_sort.h"

#include "base/radix_sort.h"

#include <stdlib.h>
#include <string.h>

/* A text is represented by the word of its bytes from an offset on, padded with zeros. The tie-breaker is the number of
 * bytes that it has from there on, or GOES_ON for more than the word holds. */
enum { WORD_BYTES = 8, GOES_ON = WORD_BYTES + 1 };

/* A range of texts that are equal up to an offset. */
typedef struct text_range {
    size_t first, end;
    uint32_t offset;
} text_range;

/* The first byte is the most significant one. Compilers turn this into a single load. */
static uint64_t load_word(const uint8_t *bytes) {
    return (uint64_t)bytes[0] << 56 | (uint64_t)bytes[1] << 48 | (uint64_t)bytes[2] << 40 | (uint64_t)bytes[3] << 32 |
           (uint64_t)bytes[4] << 24 | (uint64_t)bytes[5] << 16 | (uint64_t)bytes[6] << 8 | (uint64_t)bytes[7];
}

static void load(const ts_pool *pool, ts_ordered_word *text, uint32_t offset) {
    uint32_t length;
    const uint8_t *bytes = ts_pool_get(pool, text->number, &length);
    const uint32_t left = length - offset;
    text->rest = left > WORD_BYTES ? GOES_ON : left;
    if (left >= WORD_BYTES) {
        text->word = load_word(&bytes[offset]);
        return;
    }
    text->word = 0;
    for (uint32_t i = 0; i < left; i++) {
        text->word |= (uint64_t)bytes[offset + i] << 8 * (WORD_BYTES - 1 - i);
    }
}

/* The offset from which on the texts of a range differ. */
static uint32_t find_difference(const ts_pool *pool, const ts_ordered_word *texts, text_range of) {
    uint32_t same;
    const uint8_t *first = ts_pool_get(pool, texts[of.first].number, &same);
    for (size_t i = of.first + 1; i < of.end && same > of.offset; i++) {
        uint32_t length;
        const uint8_t *bytes = ts_pool_get(pool, texts[i].number, &length);
        const uint32_t end = length < same ? length : same;
        uint32_t at = of.offset;
        while (end - at >= WORD_BYTES && memcmp(&bytes[at], &first[at], WORD_BYTES) == 0) {
            at += WORD_BYTES;
        }
        while (at < end && bytes[at] == first[at]) {
            at++;
        }
        same = at;
    }
    return same;
}

/* Adds the ranges of texts that are equal so far and have more bytes. */
static bool add_ranges(const ts_ordered_word *texts, text_range of, ts_buffer *open) {
    size_t first = of.first;
    for (size_t i = of.first + 1; i <= of.end; i++) {
        if (i < of.end && texts[i].word == texts[first].word && texts[i].rest == texts[first].rest) {
            continue;
        }
        if (i - first > 1 && texts[first].rest == GOES_ON) {
            if (!ts_buffer_reserve(open, 1)) {
                return false;
            }
            ((text_range *)open->items)[open->count++] =
                (text_range){.first = first, .end = i, .offset = of.offset + WORD_BYTES};
        }
        first = i;
    }
    return true;
}

static bool sort_all(const ts_pool *pool, ts_ordered_word *texts, ts_ordered_word *scratch, size_t count,
                     ts_buffer *open) {
    if (!ts_buffer_reserve(open, 1)) {
        return false;
    }
    ((text_range *)open->items)[open->count++] = (text_range){.first = 0, .end = count, .offset = 0};
    while (open->count > 0) {
        text_range next = ((const text_range *)open->items)[--open->count];
        next.offset = find_difference(pool, texts, next);
        for (size_t i = next.first; i < next.end; i++) {
            load(pool, &texts[i], next.offset);
        }
        ts_radix_sort(&texts[next.first], scratch, next.end - next.first);
        if (!add_ranges(texts, next, open)) {
            return false;
        }
    }
    return true;
}

bool ts_pool_sort(const ts_pool *pool, uint32_t *numbers, size_t count) {
    if (count == 0) {
        return true;
    }
    if (count > SIZE_MAX / sizeof(ts_ordered_word)) {
        return false;
    }
    ts_buffer open;
    ts_buffer_begin(&open, sizeof(text_range));
    ts_ordered_word *texts = malloc(count * sizeof *texts);
    ts_ordered_word *scratch = malloc(count * sizeof *scratch);
    bool is_done = texts != NULL && scratch != NULL;
    if (is_done) {
        for (size_t i = 0; i < count; i++) {
            texts[i].number = numbers[i];
        }
        is_done = sort_all(pool, texts, scratch, count, &open);
    }
    for (size_t i = 0; is_done && i < count; i++) {
        numbers[i] = texts[i].number;
    }
    free(texts);
    free(scratch);
    ts_buffer_free(&open);
    return is_done;
}

bool ts_pool_append(ts_pool *pool, const ts_pool *from, const uint32_t *numbers, size_t count) {
    for (size_t i = 0; i < count; i++) {
        uint32_t length;
        const uint8_t *bytes = ts_pool_get(from, numbers[i], &length);
        if (!ts_pool_push(pool, bytes, length)) {
            return false;
        }
    }
    return true;
}
