/* Texts in the order of their bytes: the functions behind text_pool_sort.h.
 *
 * For: texts of which many begin alike, such as UIDs: what is the same in all is passed over, then eight bytes of each
 *      are sorted as one number, and the next ones only among those that have the same.
 * Never: more work than two looks at each byte, and a sort for each eight of them.
 */
#include "base/text_pool_sort.h"

#include "base/radix_sort.h"

#include <stdlib.h>
#include <string.h>

/* Of a text there is a word of what it has from an offset on, with zeros behind its end; the rest is how many bytes it
 * has there, GOES_ON for more than the word has. */
enum { WORD_BYTES = 8, GOES_ON = WORD_BYTES + 1 };

/* Texts that are the same up to an offset. */
typedef struct stretch {
    size_t first, end;
    uint32_t offset;
} stretch;

/* The first byte counts most; compilers make one load of it. */
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

/* From where on the texts of a stretch differ. */
static uint32_t find_difference(const ts_pool *pool, const ts_ordered_word *texts, stretch of) {
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

/* Notes the stretches of texts that are the same so far and go on. */
static bool note_stretches(const ts_ordered_word *texts, stretch of, ts_buffer *open) {
    size_t first = of.first;
    for (size_t i = of.first + 1; i <= of.end; i++) {
        if (i < of.end && texts[i].word == texts[first].word && texts[i].rest == texts[first].rest) {
            continue;
        }
        if (i - first > 1 && texts[first].rest == GOES_ON) {
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

static bool sort_all(const ts_pool *pool, ts_ordered_word *texts, ts_ordered_word *scratch, size_t count,
                     ts_buffer *open) {
    if (!ts_buffer_reserve(open, 1)) {
        return false;
    }
    ((stretch *)open->items)[open->count++] = (stretch){.first = 0, .end = count, .offset = 0};
    while (open->count > 0) {
        stretch next = ((const stretch *)open->items)[--open->count];
        next.offset = find_difference(pool, texts, next);
        for (size_t i = next.first; i < next.end; i++) {
            load(pool, &texts[i], next.offset);
        }
        ts_radix_sort(&texts[next.first], scratch, next.end - next.first);
        if (!note_stretches(texts, next, open)) {
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
    ts_buffer_begin(&open, sizeof(stretch));
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
