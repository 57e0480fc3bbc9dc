/* Texts in the order of their bytes: the functions behind text_order.h.
 *
 * For: texts of which many begin alike, such as UIDs: eight bytes of each are compared as one number, the next eight
 *      only among those that have the same.
 * Never: more work than a look at each byte, and a merge sort for each eight of them.
 */
#include "text_order.h"

#include <stdlib.h>
#include <string.h>

enum { WORD_BYTES = 8, GOES_ON = WORD_BYTES + 1 };

/* A text as far as it is looked at: a word of it, and how many bytes of the word it has, GOES_ON if it is longer. */
typedef struct ordered_text {
    uint64_t word;
    uint32_t number;
    uint32_t word_bytes;
} ordered_text;

/* Texts that are the same up to an offset. */
typedef struct stretch {
    size_t first, end;
    uint32_t offset;
} stretch;

static void load(const ts_pool *pool, ordered_text *text, uint32_t offset) {
    uint32_t length;
    const uint8_t *bytes = ts_pool_get(pool, text->number, &length);
    const uint32_t left = length - offset;
    text->word_bytes = left > WORD_BYTES ? GOES_ON : left;
    text->word = 0;
    for (uint32_t i = 0; i < left && i < WORD_BYTES; i++) {
        text->word |= (uint64_t)bytes[offset + i] << 8 * (WORD_BYTES - 1 - i);
    }
}

static bool is_behind(const ordered_text *text, const ordered_text *other) {
    return text->word != other->word ? text->word > other->word : text->word_bytes > other->word_bytes;
}

static void merge(const ordered_text *first, size_t first_count, const ordered_text *second, size_t second_count,
                  ordered_text *merged) {
    size_t i = 0;
    size_t j = 0;
    while (i < first_count && j < second_count) {
        *merged++ = is_behind(&first[i], &second[j]) ? second[j++] : first[i++];
    }
    memcpy(merged, &first[i], (first_count - i) * sizeof *merged);
    memcpy(&merged[first_count - i], &second[j], (second_count - j) * sizeof *merged);
}

static bool is_sorted(const ordered_text *texts, size_t count) {
    for (size_t i = 1; i < count; i++) {
        if (is_behind(&texts[i - 1], &texts[i])) {
            return false;
        }
    }
    return true;
}

/* `scratch` has room for as many. */
static void sort(ordered_text *texts, ordered_text *scratch, size_t count) {
    if (is_sorted(texts, count)) {
        return;
    }
    ordered_text *from = texts;
    ordered_text *to = scratch;
    for (size_t width = 1; width < count; width *= 2) {
        for (size_t at = 0; at < count;) {
            const size_t first = count - at < width ? count - at : width;
            const size_t second = count - at - first < width ? count - at - first : width;
            merge(&from[at], first, &from[at + first], second, &to[at]);
            at += first + second;
        }
        ordered_text *swapped = from;
        from = to;
        to = swapped;
    }
    if (from != texts) {
        memcpy(texts, from, count * sizeof *texts);
    }
}

/* Notes the stretches of texts that are the same so far and go on. */
static bool note_stretches(const ordered_text *texts, stretch of, ts_buffer *open) {
    size_t first = of.first;
    for (size_t i = of.first + 1; i <= of.end; i++) {
        if (i < of.end && texts[i].word == texts[first].word && texts[i].word_bytes == texts[first].word_bytes) {
            continue;
        }
        if (i - first > 1 && texts[first].word_bytes == GOES_ON) {
            if (!ts_buffer_reserve(open, 1)) {
                return false;
            }
            ((stretch *)open->items)[open->count++] =
                (stretch){.first = first, .end = i, .offset = of.offset + WORD_BYTES};
        }
        first = i;
    }
    return true;
}

static bool sort_all(const ts_pool *pool, ordered_text *texts, ordered_text *scratch, size_t count, ts_buffer *open) {
    if (!ts_buffer_reserve(open, 1)) {
        return false;
    }
    ((stretch *)open->items)[open->count++] = (stretch){.first = 0, .end = count, .offset = 0};
    while (open->count > 0) {
        const stretch next = ((const stretch *)open->items)[--open->count];
        for (size_t i = next.first; i < next.end; i++) {
            load(pool, &texts[i], next.offset);
        }
        sort(&texts[next.first], scratch, next.end - next.first);
        if (!note_stretches(texts, next, open)) {
            return false;
        }
    }
    return true;
}

bool ts_pool_order(const ts_pool *pool, uint32_t *numbers, size_t count) {
    if (count == 0) {
        return true;
    }
    if (count > SIZE_MAX / sizeof(ordered_text)) {
        return false;
    }
    ts_buffer open;
    ts_buffer_begin(&open, sizeof(stretch));
    ordered_text *texts = malloc(count * sizeof *texts);
    ordered_text *scratch = malloc(count * sizeof *scratch);
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
