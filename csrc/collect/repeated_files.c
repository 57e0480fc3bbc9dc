/* Files that repeat the previous file: the one place where counts of values are deferred (docs/repeated-files.md).
 *
 * For: a run of files with the same records, series, equipment and character sets. What is the same in all of them is
 *      counted once, multiplied by the number of files, when the run ends. A deferred value that changes is counted up
 *      to the change.
 * Never: a count that differs from that of file by file. The count of a row is deferred only if one record of a file
 *        can be in it, if the row was last counted in the current series, and for files whose paths sort after its
 *        example.
 */
#include "collect/repeated_files.h"
#include "collect/count_element.h"
#include "collect/values_state.h"

static ts_counted_record *counted_at(ts_value_collector *collector, size_t record) {
    return &((ts_counted_record *)collector->counted_records.items)[record];
}

/* Marks the first record of each use and of each row of a code: only that one counts the file. */
static void mark_first(ts_value_collector *collector) {
    for (size_t i = 0; i < collector->element_count; i++) {
        const ts_counted_record *counted = counted_at(collector, i);
        if (counted->use >= 0) {
            ts_use_state_at(collector, counted->use)->members = 0;
        }
        if (counted->code_row >= 0) {
            ts_row_state_at(collector, counted->code_row)->last_file = 0;
        }
    }
    for (size_t i = 0; i < collector->element_count; i++) {
        ts_counted_record *counted = counted_at(collector, i);
        if (counted->use >= 0) {
            counted->is_first_of_use = ts_use_state_at(collector, counted->use)->members++ == 0;
        }
        if (counted->code_row >= 0) {
            ts_count_state *state = ts_row_state_at(collector, counted->code_row);
            counted->is_first_of_row = state->last_file == 0;
            state->last_file = collector->file - 1; /* the file in which it was last counted */
        }
    }
}

/* The value is counted in each file until its count is deferred. The caller has made room. */
static void count_each(ts_value_collector *collector, size_t record) {
    ts_buffer *each = &collector->counted_each;
    ((int32_t *)each->items)[each->count++] = (int32_t)record;
}

/* Begins a run, at its first repeated file: no value's count is deferred yet. */
static bool make_plan(ts_value_collector *collector) {
    const size_t count = collector->element_count;
    mark_first(collector);
    collector->counted_each.count = 0;
    if (!ts_buffer_reserve(&collector->counted_each, count)) {
        return false;
    }
    for (size_t i = 0; i < count; i++) {
        ts_counted_record *counted = counted_at(collector, i);
        counted->is_waiting = false;
        if (counted->use >= 0 && counted->code_row < 0) {
            counted->is_alone = ts_use_state_at(collector, counted->use)->members == 1;
            count_each(collector, i);
        }
    }
    collector->has_plan = true;
    return true;
}

/* Adds the deferred count of a value to its rows: one for each file since the value's count was deferred, up to the
 * first `repeats` files of the run. */
static void settle_value(ts_value_collector *collector, ts_counted_record *counted, uint64_t repeats) {
    const ts_cached_value *value =
        ts_use_cache_at(&ts_use_state_at(collector, counted->use)->cache, counted->cached_number);
    const uint64_t files = repeats - counted->since;
    const int32_t *rows = ts_cached_rows(value);
    counted->is_waiting = false;
    for (uint32_t i = 0; i < value->row_count; i++) { /* a value may contain the same component twice */
        ts_row_state_at(collector, rows[i])->last_file = 0;
    }
    for (uint32_t i = 0; i < value->row_count; i++) {
        ts_row *row = ts_row_at(collector, rows[i]);
        ts_count_state *state = ts_row_state_at(collector, rows[i]);
        row->occurrences += files;
        row->files += state->last_file == 0 ? files : 0;
        state->last_file = collector->file - 1; /* the current file is not one of these files */
    }
    for (size_t i = 0; value->found.has_any && i < TS_FOUND_USES; i++) {
        if (value->found.uses[i] >= 0) {
            ts_element_use *use = ts_use_at(collector, value->found.uses[i]);
            use->occurrences += files;
            use->files += files;
        }
    }
}

/* Counts the values whose counts are not deferred; some may be deferred from here on. Listed elements never are, which
 * keeps their order. */
static bool count_values(ts_value_collector *collector) {
    int32_t *each = collector->counted_each.items;
    size_t left = 0;
    for (size_t i = 0; i < collector->counted_each.count; i++) {
        const int32_t record = each[i];
        if (!ts_count_value_again(collector, (size_t)record)) {
            return false;
        }
        each[left] = record;
        left += counted_at(collector, (size_t)record)->is_waiting ? 0 : 1;
    }
    collector->counted_each.count = left;
    return true;
}

bool ts_count_repeated(ts_value_collector *collector, const ts_repeat *repeat) {
    if (!collector->has_plan && !make_plan(collector)) {
        return false;
    }
    for (size_t i = 0; i < repeat->changed_count; i++) {
        ts_counted_record *counted = counted_at(collector, (size_t)repeat->changed[i]);
        if (counted->is_waiting) {
            settle_value(collector, counted, collector->repeats);
            count_each(collector, (size_t)repeat->changed[i]);
        }
    }
    collector->repeats++;
    return count_values(collector);
}

void ts_settle(ts_value_collector *collector) {
    const uint64_t repeats = collector->repeats;
    if (repeats == 0) {
        return;
    }
    for (size_t i = 0; i < collector->counted_records.count; i++) {
        ts_counted_record *counted = counted_at(collector, i);
        if (counted->use >= 0) {
            ts_element_use *use = ts_use_at(collector, counted->use);
            use->occurrences += repeats;
            use->files += counted->is_first_of_use ? repeats : 0;
        }
        if (counted->code_row >= 0) {
            ts_row *row = ts_row_at(collector, counted->code_row);
            row->occurrences += repeats;
            row->files += counted->is_first_of_row ? repeats : 0;
        }
        if (counted->is_waiting) {
            settle_value(collector, counted, repeats);
        }
    }
    collector->repeats = 0;
    collector->has_plan = false;
}
