/* Values that vary within each series: the implementation of varying_values.h.
 *
 * For: one pass over the rows of such values and their series, after all files were counted.
 * Never: a result that depends on the order of the files or of merges: only exact sets and counts decide.
 */
#include "collect/varying_values.h"

#include <stdlib.h>

#include "base/radix_sort.h"
#include "collect/repeated_files.h"
#include "collect/series_counts.h"
#include "collect/values_state.h"
#include "dicom/uid_roots.h"

enum { LEAST_VALUES = 3 };

/* The rows that may vary, those of a use and decision next to each other. */
typedef struct candidates {
    ts_value_collector *collector;
    const ts_known_series *known;
    ts_ordered_word *rows; /* use and decision; row. After them there is room for as many again, twice */
    size_t count;
    uint32_t *values_of_series; /* number of the rows of one use and decision in each row of `known`; 0 between them */
} candidates;

TS_DEFINE_FIELDS(ts_varying_values_fields, ts_varying_values, TS_VARYING_VALUES_FIELDS)

static bool may_vary(const ts_row *row) { return row->use >= 0 && (row->flags & TS_VALUE_MAY_VARY) != 0; }

static bool find_candidates(candidates *found) {
    ts_value_collector *collector = found->collector;
    size_t count = 0;
    for (size_t i = 0; i < collector->rows.count; i++) {
        ts_row *row = ts_row_at(collector, (int32_t)i);
        if (may_vary(row)) {
            row->collapsed = -1;
            count++;
        }
    }
    found->rows = malloc((3 * count + 1) * sizeof *found->rows);
    if (found->rows == NULL) {
        return false;
    }
    for (size_t i = 0; i < collector->rows.count; i++) {
        const ts_row *row = ts_row_at(collector, (int32_t)i);
        if (may_vary(row)) {
            found->rows[found->count++] = (ts_ordered_word){
                .word = (uint64_t)(uint32_t)row->use << 32 | (uint32_t)row->decision, .number = (uint32_t)i};
        }
    }
    ts_radix_sort(found->rows, &found->rows[count], count);
    return true;
}

static const ts_series_set *series_of(const candidates *found, size_t candidate) {
    return &ts_row_state_at(found->collector, (int32_t)found->rows[candidate].number)->series;
}

/* Adds `more` to the number of values of each series of the candidate. */
static void add_to_series(const candidates *found, size_t candidate, uint32_t more) {
    const ts_series_set *set = series_of(found, candidate);
    const ts_series_span *spans = ts_series_set_spans(set);
    for (uint32_t i = 0; i < set->span_count; i++) {
        for (uint32_t number = spans[i].first; number <= spans[i].last; number++) {
            found->values_of_series[number] += more;
        }
    }
}

static bool does_vary(const candidates *found, size_t candidate) {
    const ts_row *row = ts_row_at(found->collector, (int32_t)found->rows[candidate].number);
    const ts_series_set *set = series_of(found, candidate);
    const ts_series_span *spans = ts_series_set_spans(set);
    if (set->span_count != 1 || spans[0].first != spans[0].last) {
        return false;
    }
    const uint32_t series = spans[0].first;
    return found->values_of_series[series] >= LEAST_VALUES && ts_is_series_known(found->known, series) &&
           row->files <= ts_patient_series_at(found->known, series)->files / 2;
}

/* The root of a UID, by which it is drawn together with others; empty for other values. */
static ts_text root_of(const candidates *found, size_t candidate) {
    const ts_row *row = ts_row_at(found->collector, (int32_t)found->rows[candidate].number);
    uint32_t length;
    const uint8_t *value = ts_pool_get(&found->collector->values, (uint32_t)row->value, &length);
    const ts_text payload = {.bytes = &value[TS_VALUE_HEAD_BYTES], .length = length - TS_VALUE_HEAD_BYTES};
    const bool is_uid = ts_use_at(found->collector, row->use)->vr == TS_VR_UI;
    return (ts_text){.bytes = payload.bytes, .length = is_uid ? ts_uid_root_length(payload) : 0};
}

/* Adds the candidate to the group. Its series are marked. */
static void add_to_group(const candidates *found, uint32_t row_number, ts_varying_values *group, int32_t number,
                         ts_series_marks *marks) {
    ts_row *row = ts_row_at(found->collector, (int32_t)row_number);
    row->collapsed = number;
    group->occurrences += row->occurrences;
    group->files += row->files;
    group->distinct++;
    ts_series_set_mark(&ts_row_state_at(found->collector, (int32_t)row_number)->series, marks, NULL);
}

/* Counts what the marks are, and removes them. False when memory runs out. */
static bool end_group(const ts_element_use *use, ts_varying_values *group, ts_series_marks *marks,
                      ts_series_counts *counts) {
    ts_series_set set = {.span_count = 0};
    const bool is_done = ts_series_set_take_marks(&set, marks);
    ts_count_series(counts, &set, &group->series, &group->patients);
    ts_series_set_free(&set);
    /* With one occurrence in each file, no file has two of the values. */
    group->is_estimated = use->occurrences == use->files ? 0 : 1;
    group->files = group->files < use->files ? group->files : use->files;
    return is_done;
}

/* Draws those of the candidates from `start` to `end`, which have one use and decision, together that vary. */
static bool draw(const candidates *found, size_t start, size_t end, ts_series_marks *marks, ts_series_counts *counts) {
    ts_buffer *groups = &found->collector->varying;
    const ts_element_use *use = ts_use_at(found->collector, (int32_t)(found->rows[start].word >> 32));
    ts_ordered_word *drawn = &found->rows[found->count]; /* by the hash of the root */
    size_t count = 0;
    for (size_t i = start; i < end; i++) {
        if (does_vary(found, i)) {
            const ts_text root = root_of(found, i);
            drawn[count++] =
                (ts_ordered_word){.word = ts_hash_bytes(found->collector->values.key, root.bytes, root.length),
                                  .number = found->rows[i].number};
        }
    }
    ts_radix_sort(drawn, &found->rows[2 * found->count], count);
    for (size_t first = 0, next; first < count; first = next) {
        if (groups->count >= INT32_MAX || !ts_buffer_reserve(groups, 1)) {
            return false;
        }
        const int32_t number = (int32_t)groups->count++;
        ts_varying_values *group = &((ts_varying_values *)groups->items)[number];
        *group = (ts_varying_values){.files = 0};
        for (next = first; next < count && drawn[next].word == drawn[first].word; next++) {
            add_to_group(found, drawn[next].number, group, number, marks);
        }
        if (!end_group(use, group, marks, counts)) {
            return false;
        }
    }
    return true;
}

static bool draw_all(const candidates *found, ts_series_marks *marks, ts_series_counts *counts) {
    for (size_t start = 0, end; start < found->count; start = end) {
        for (end = start; end < found->count && found->rows[end].word == found->rows[start].word; end++) {
            add_to_series(found, end, 1);
        }
        const bool is_done = draw(found, start, end, marks, counts);
        for (size_t i = start; i < end; i++) {
            add_to_series(found, i, UINT32_MAX); /* minus 1 */
        }
        if (!is_done) {
            return false;
        }
    }
    return true;
}

const ts_buffer *ts_value_collector_find_varying(ts_value_collector *collector) {
    candidates found = {.collector = collector, .known = ts_collector_known_series(collector->identities)};
    const size_t series_count = found.known->rows.count;
    ts_series_marks marks;
    ts_series_counts counts;
    ts_settle(collector);
    collector->varying.count = 0;
    const bool has_counts = ts_series_counts_begin(&counts, found.known);
    bool is_done = ts_series_marks_begin(&marks, series_count) && has_counts && find_candidates(&found);
    found.values_of_series = calloc(series_count + 1, sizeof *found.values_of_series);
    is_done = is_done && found.values_of_series != NULL && draw_all(&found, &marks, &counts);
    ts_series_marks_free(&marks);
    ts_series_counts_end(&counts);
    free(found.values_of_series);
    free(found.rows);
    return is_done ? &collector->varying : NULL;
}
