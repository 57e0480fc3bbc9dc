/* Sets of series: the implementation of series_sets.h.
 *
 * For: appending in constant time, which is the usual case of a scan; a binary search for any other order.
 * Never: a set that depends on the order in which its numbers were added.
 */
#include "collect/series_sets.h"

#include <stdlib.h>
#include <string.h>

enum { WORD_BITS = 64 };

TS_DEFINE_FIELDS(ts_series_run_fields, ts_series_run, TS_SERIES_RUN_FIELDS)

void ts_series_set_free(ts_series_set *set) {
    if (set->span_count > 1) {
        free(set->spans.many);
    }
    *set = (ts_series_set){.span_count = 0};
}

/* Inserts a span at index `place`; its numbers are not in the set, and no other span is adjacent to it. */
static bool insert(ts_series_set *set, uint32_t place, ts_series_span span) {
    const uint32_t count = set->span_count;
    if (count == 0) {
        set->spans.one = span;
        set->span_count = 1;
        return true;
    }
    if (count == UINT32_MAX) {
        return false;
    }
    if ((count & (count - 1)) == 0) { /* a power of two: the allocation is full */
        const size_t had = count;
        if (had > SIZE_MAX / 2 / sizeof span) {
            return false;
        }
        ts_series_span *many = realloc(count == 1 ? NULL : set->spans.many, 2 * had * sizeof span);
        if (many == NULL) {
            return false;
        }
        if (count == 1) {
            many[0] = set->spans.one;
        }
        set->spans.many = many;
    }
    ts_series_span *many = set->spans.many;
    memmove(&many[place + 1], &many[place], (size_t)(count - place) * sizeof span);
    many[place] = span;
    set->span_count++;
    return true;
}

/* Removes a span from a set with several. */
static void remove_span(ts_series_set *set, uint32_t place) {
    ts_series_span *many = set->spans.many;
    memmove(&many[place], &many[place + 1], (size_t)(set->span_count - place - 1) * sizeof *many);
    set->span_count--;
    if (set->span_count == 1) {
        const ts_series_span one = many[0];
        free(many);
        set->spans.one = one;
    }
}

bool ts_series_set_add_other(ts_series_set *set, uint32_t number) {
    ts_series_span *spans = set->span_count > 1 ? set->spans.many : &set->spans.one;
    uint32_t place = set->span_count; /* the first span that ends at the number or after it */
    uint32_t low = 0;
    if (place > 0 && spans[place - 1].last < number) {
        low = place; /* after the last span, as nearly always */
    }
    while (low < place) {
        const uint32_t middle = low + (place - low) / 2;
        if (spans[middle].last < number) {
            low = middle + 1;
        } else {
            place = middle;
        }
    }
    set->recent = number;
    if (place < set->span_count && spans[place].first <= number) {
        return true;
    }
    const bool joins_before = place > 0 && spans[place - 1].last == number - 1;
    const bool joins_after = place < set->span_count && spans[place].first == number + 1;
    if (joins_before && joins_after) {
        spans[place - 1].last = spans[place].last;
        remove_span(set, place);
    } else if (joins_before) {
        spans[place - 1].last = number;
    } else if (joins_after) {
        spans[place].first = number;
    } else if (!insert(set, place, (ts_series_span){.first = number, .last = number})) {
        return false;
    }
    return true;
}

bool ts_series_marks_begin(ts_series_marks *marks, size_t limit) {
    ts_buffer_begin(&marks->words, sizeof(uint64_t));
    const size_t words = limit / WORD_BITS + 1;
    if (!ts_buffer_reserve(&marks->words, words)) {
        return false;
    }
    memset(marks->words.items, 0, words * sizeof(uint64_t));
    marks->words.count = words;
    marks->lowest = UINT32_MAX;
    marks->highest = 0;
    return true;
}

void ts_series_marks_free(ts_series_marks *marks) { ts_buffer_free(&marks->words); }

void ts_series_mark(ts_series_marks *marks, uint32_t number) {
    ((uint64_t *)marks->words.items)[number / WORD_BITS] |= UINT64_C(1) << number % WORD_BITS;
    marks->lowest = number < marks->lowest ? number : marks->lowest;
    marks->highest = number > marks->highest ? number : marks->highest;
}

bool ts_series_marks_take(ts_series_marks *marks, ts_series_span *span) {
    uint64_t *words = marks->words.items;
    size_t word = marks->lowest / WORD_BITS;
    const size_t end = (size_t)marks->highest / WORD_BITS + 1;
    while (word < end && words[word] == 0) {
        word++;
    }
    if (word >= end) {
        marks->lowest = UINT32_MAX;
        marks->highest = 0;
        return false;
    }
    uint32_t bit = 0;
    while ((words[word] >> bit & 1) == 0) {
        bit++;
    }
    uint32_t number = (uint32_t)(word * WORD_BITS) + bit;
    span->first = number;
    while (number / WORD_BITS < end && (words[number / WORD_BITS] >> number % WORD_BITS & 1) != 0) {
        words[number / WORD_BITS] &= ~(UINT64_C(1) << number % WORD_BITS);
        number++;
    }
    span->last = number - 1;
    marks->lowest = number;
    return true;
}

void ts_series_set_mark(const ts_series_set *set, ts_series_marks *marks, const uint32_t *renumbered) {
    const ts_series_span *spans = ts_series_set_spans(set);
    for (uint32_t i = 0; i < set->span_count; i++) {
        for (uint32_t number = spans[i].first;; number++) {
            ts_series_mark(marks, renumbered == NULL ? number : renumbered[number]);
            if (number == spans[i].last) {
                break;
            }
        }
    }
}

bool ts_series_set_take_marks(ts_series_set *set, ts_series_marks *marks) {
    ts_series_span span;
    ts_series_set_free(set);
    while (ts_series_marks_take(marks, &span)) {
        if (!insert(set, set->span_count, span)) {
            return false;
        }
        set->recent = span.last;
    }
    return true;
}

static bool list_span(ts_series_span span, ts_series_table table, int32_t owner, ts_buffer *runs) {
    if (!ts_buffer_reserve(runs, 1)) {
        return false;
    }
    ts_series_run *run = &((ts_series_run *)runs->items)[runs->count++];
    memset(run, 0, sizeof *run);
    *run = (ts_series_run){.first = span.first, .last = span.last, .owner = owner, .table = (uint8_t)table};
    return true;
}

bool ts_series_set_list(const ts_series_set *set, ts_series_table table, int32_t owner, const uint32_t *renumbered,
                        ts_series_marks *marks, ts_buffer *runs) {
    const ts_series_span *spans = ts_series_set_spans(set);
    if (renumbered == NULL) { /* the spans are already ascending */
        for (uint32_t i = 0; i < set->span_count; i++) {
            if (!list_span(spans[i], table, owner, runs)) {
                return false;
            }
        }
        return true;
    }
    if (set->span_count == 1 && spans[0].first == spans[0].last) { /* most values are in one series */
        const uint32_t number = renumbered[spans[0].first];
        return list_span((ts_series_span){.first = number, .last = number}, table, owner, runs);
    }
    ts_series_span span;
    ts_series_set_mark(set, marks, renumbered);
    while (ts_series_marks_take(marks, &span)) {
        if (!list_span(span, table, owner, runs)) {
            return false;
        }
    }
    return true;
}

bool ts_series_union_begin(ts_series_union *united, size_t limit) {
    united->at = united->end = 0;
    return ts_series_marks_begin(&united->marks, limit);
}

void ts_series_union_end(ts_series_union *united) { ts_series_marks_free(&united->marks); }

bool ts_series_union_next(ts_series_union *united, ts_series_table table, int32_t *owner) {
    const ts_series_run *runs = united->runs;
    united->at = united->end;
    while (united->at < united->run_count && runs[united->at].table < table) {
        united->at++;
    }
    united->end = united->at;
    if (united->at == united->run_count || runs[united->at].table != table) {
        return false;
    }
    *owner = runs[united->at].owner;
    while (united->end < united->run_count && runs[united->end].table == table && runs[united->end].owner == *owner) {
        united->end++;
    }
    return true;
}

bool ts_series_union_take(ts_series_union *united, ts_series_set *set) {
    const ts_series_run *first = &united->runs[united->at];
    if (united->end - united->at == 1 && first->first == first->last) {
        return ts_series_set_add(set, united->renumbered[first->first]);
    }
    ts_series_set_mark(set, &united->marks, NULL);
    for (size_t i = united->at; i < united->end; i++) {
        for (uint32_t number = united->runs[i].first;; number++) {
            ts_series_mark(&united->marks, united->renumbered[number]);
            if (number == united->runs[i].last) {
                break;
            }
        }
    }
    return ts_series_set_take_marks(set, &united->marks);
}
