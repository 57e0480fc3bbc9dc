/* The tables of a collector of values: the implementation of merge_values.h (design: tables merge).
 *
 * For: threads, processes, machines and resumed runs, which all use this one operation.
 * Never: a result that depends on the order of the merges; only row indexes do.
 */
#include <string.h>

#include "collect/drawn_values.h"
#include "collect/element_uses.h"
#include "collect/file_context.h"
#include "collect/merge_identities.h"
#include "collect/merge_values.h"
#include "collect/patient_relation.h"
#include "collect/repeated_files.h"
#include "collect/series_counts.h"
#include "collect/value_rows.h"
#include "collect/values_state.h"

enum { ROWS_AHEAD = 8 };

/* Maps the indexes of merged tables to those of the collector; each buffer holds int32_t. */
typedef struct renumbered_tables {
    ts_renumbered identities;
    ts_buffer texts, charsets, equipment, uses;
    ts_buffer paths; /* -1: not yet used as an example */
} renumbered_tables;

ts_value_tables ts_value_collector_tables(ts_value_collector *collector) {
    ts_settle(collector);
    return (ts_value_tables){.identities = ts_collector_tables(collector->identities),
                             .equipment = collector->equipment.items,
                             .uses = collector->uses.items,
                             .rows = collector->rows.items,
                             .equipment_count = collector->equipment.count,
                             .use_count = collector->uses.count,
                             .row_count = collector->rows.count,
                             .texts = &collector->texts,
                             .values = &collector->values,
                             .charsets = &collector->charsets,
                             .paths = &collector->paths};
}

void ts_value_collector_take(ts_value_collector *collector, ts_buffer *rows, ts_pool *values, ts_pool *paths) {
    ts_settle(collector);
    ts_buffer_free(rows);
    *rows = collector->rows;
    ts_buffer_begin(&collector->rows, sizeof(ts_row));
    ts_pool_move(values, &collector->values);
    ts_pool_move(paths, &collector->paths);
}

static ts_text text_of(const ts_pool *pool, int32_t number) {
    uint32_t length;
    const uint8_t *bytes = ts_pool_get(pool, (uint32_t)number, &length);
    return (ts_text){.bytes = bytes, .length = length};
}

/* Adds the values that a row of form C draws together, each of which counts. */
static void add_distinct(ts_value_collector *collector, const ts_row *row) {
    const ts_collapsed_values *values = ts_collapsed_at(collector, row->collapsed);
    ts_element_use *use = ts_use_at(collector, row->use);
    const ts_text value = text_of(&collector->values, row->value);
    const bool is_counted = !ts_collapse_is_fixed(value.bytes[TS_VALUE_HEAD_BYTES]); /* as one of the kept values */
    use->distinct_estimate += ts_collapsed_values_distinct(values) - (is_counted ? 1 : 0);
    use->is_estimated |= values->is_estimated ? 1 : 0;
}

void ts_value_collector_estimate(ts_value_collector *collector) {
    for (size_t i = 0; i < collector->uses.count; i++) {
        ts_element_use *use = ts_use_at(collector, (int32_t)i);
        const ts_bottom_k *values = &ts_use_state_at(collector, (int32_t)i)->values;
        use->is_estimated = use->is_bounded;
        if (use->is_bounded != 0) { /* the bound may have been reached in merged tables only */
            ts_order_values(collector, (int32_t)i);
            const uint64_t estimate = ts_bottom_k_estimate(values);
            const uint64_t kept = (uint64_t)values->kept.count;
            use->distinct_estimate = estimate > kept ? estimate : kept + 1; /* at least one value was left out */
        } else {
            use->distinct_estimate = (uint64_t)values->kept.count;
        }
    }
    for (size_t i = 0; i < collector->rows.count; i++) {
        const ts_row *row = ts_row_at(collector, (int32_t)i);
        if (ts_is_drawn_row(row)) {
            add_distinct(collector, row);
        }
    }
}

bool ts_value_collector_fill_counts(ts_value_collector *collector) {
    ts_series_counts counts;
    bool is_done = ts_collector_fill_counts(collector->identities) &&
                   ts_series_counts_begin(&counts, ts_collector_known_series(collector->identities));
    if (!is_done) {
        return false;
    }
    for (size_t i = 0; i < collector->uses.count; i++) {
        ts_element_use *use = ts_use_at(collector, (int32_t)i);
        ts_count_series(&counts, &ts_use_state_at(collector, (int32_t)i)->count.series, &use->series, &use->patients);
    }
    for (size_t i = 0; i < collector->rows.count; i++) {
        ts_row *row = ts_row_at(collector, (int32_t)i);
        ts_count_series(&counts, &ts_row_state_at(collector, (int32_t)i)->series, &row->series, &row->patients);
    }
    is_done = ts_relate_patients(collector, &counts);
    ts_series_counts_end(&counts);
    return is_done;
}

bool ts_value_collector_list_drawn(ts_value_collector *collector, ts_value_tables *tables) {
    const ts_collapsed_tables *listed = ts_value_collector_list_collapsed(collector);
    if (listed == NULL) {
        return false;
    }
    tables->collapsed = listed->entries.items;
    tables->hashes = listed->hashes.items;
    tables->collapsed_texts = &listed->texts;
    return true;
}

bool ts_value_collector_list_series(ts_value_collector *collector, const uint32_t *series_order, ts_tables *tables) {
    ts_series_marks marks;
    ts_buffer *runs = &collector->runs;
    runs->count = 0;
    bool is_done = ts_series_marks_begin(&marks, tables->patient_series_count) &&
                   ts_collector_list_series(collector->identities, series_order, &marks, runs);
    for (size_t i = 0; is_done && i < collector->uses.count; i++) {
        is_done = ts_series_set_list(&ts_use_state_at(collector, (int32_t)i)->count.series, TS_SERIES_OF_USE,
                                     (int32_t)i, series_order, &marks, runs);
    }
    for (size_t i = 0; is_done && i < collector->rows.count; i++) {
        is_done = ts_series_set_list(&ts_row_state_at(collector, (int32_t)i)->series, TS_SERIES_OF_ROW, (int32_t)i,
                                     series_order, &marks, runs);
    }
    ts_series_marks_free(&marks);
    tables->series_runs = runs->items;
    tables->series_run_count = runs->count;
    return is_done;
}

static bool push(ts_buffer *numbers, int32_t number) {
    if (number < 0 || !ts_buffer_reserve(numbers, 1)) {
        return false;
    }
    ((int32_t *)numbers->items)[numbers->count++] = number;
    return true;
}

static int32_t find_new(const ts_buffer *numbers, int32_t number) {
    return number < 0 ? number : ((const int32_t *)numbers->items)[number];
}

static bool take_equipment(ts_value_collector *collector, const ts_value_tables *tables, renumbered_tables *now) {
    for (size_t i = 0; i < tables->texts->entries.count; i++) {
        const ts_text text = text_of(tables->texts, (int32_t)i);
        if (!push(&now->texts, ts_value_collector_intern_text(collector, text.bytes, (uint32_t)text.length))) {
            return false;
        }
    }
    for (size_t i = 0; i < tables->charsets->entries.count; i++) {
        if (!push(&now->charsets, ts_intern_charset(collector, text_of(tables->charsets, (int32_t)i)))) {
            return false;
        }
    }
    for (size_t i = 0; i < tables->equipment_count; i++) {
        const ts_equipment *taken = &tables->equipment[i];
        const ts_equipment equipment = {find_new(&now->texts, taken->modality),
                                        find_new(&now->texts, taken->manufacturer), find_new(&now->texts, taken->model),
                                        find_new(&now->texts, taken->software)};
        if (!push(&now->equipment, ts_intern_equipment(collector, &equipment))) {
            return false;
        }
    }
    return true;
}

static bool take_uses(ts_value_collector *collector, const ts_value_tables *tables, renumbered_tables *now,
                      ts_series_union *united) {
    int32_t owner = -1;
    for (size_t i = 0; i < tables->use_count; i++) {
        const ts_element_use *taken = &tables->uses[i];
        const int32_t number =
            ts_find_use(collector, find_new(&now->equipment, taken->equipment),
                        find_new(&now->identities.identities, taken->identity), (ts_vr)taken->vr, taken->kind);
        if (!push(&now->uses, number)) {
            return false;
        }
        ts_element_use *use = ts_use_at(collector, number);
        for (size_t word = 0; word < sizeof use->blocks / sizeof use->blocks[0]; word++) {
            use->blocks[word] |= taken->blocks[word];
        }
        use->occurrences += taken->occurrences;
        use->files += taken->files;
        use->is_bounded |= taken->is_bounded;
    }
    while (ts_series_union_next(united, TS_SERIES_OF_USE, &owner)) {
        const int32_t number = find_new(&now->uses, owner);
        if (!ts_series_union_take(united, &ts_use_state_at(collector, number)->count.series)) {
            return false;
        }
    }
    return true;
}

/* Makes the path the row's example if it sorts before the current one. */
static bool take_example(ts_value_collector *collector, ts_row *row, const ts_pool *paths, int32_t example,
                         renumbered_tables *now) {
    int32_t *number = &((int32_t *)now->paths.items)[example];
    collector->path = text_of(paths, example);
    collector->path_number = *number;
    collector->is_path_last = false;
    if (!ts_note_example(collector, row)) {
        return false;
    }
    *number = collector->path_number; /* one path is the example of many rows */
    return true;
}

/* Number of the character set that a value of the tables has. */
static int32_t charset_of(ts_text value) { return (int32_t)ts_value_charset(value.bytes); }

static int32_t find_row(ts_value_collector *collector, const ts_value_tables *tables, const ts_row *taken,
                        const renumbered_tables *now) {
    ts_row_key key = {.use = find_new(&now->uses, taken->use), .decision = taken->decision};
    if (taken->value < 0) {
        return ts_find_row(collector, &key);
    }
    const ts_text value = text_of(tables->values, taken->value);
    key.form = (char)value.bytes[0];
    key.charset = find_new(&now->charsets, charset_of(value));
    key.flags = taken->flags;
    key.is_bounded = key.form != 'C' || !ts_collapse_is_fixed(value.bytes[TS_VALUE_HEAD_BYTES]);
    key.payload = (ts_text){.bytes = &value.bytes[TS_VALUE_HEAD_BYTES], .length = value.length - TS_VALUE_HEAD_BYTES};
    return ts_find_row(collector, &key);
}

/* Prefetches the memory in which the row will be looked up: the tables of a scan do not fit into the processor's
 * caches. */
static void prepare_row(const ts_value_collector *collector, const ts_value_tables *tables, const ts_row *taken,
                        const renumbered_tables *now) {
    if (taken->use < 0 || taken->value < 0) {
        return;
    }
    const ts_text value = text_of(tables->values, taken->value);
    if (find_new(&now->charsets, charset_of(value)) == charset_of(value)) {
        ts_index_prepare(&collector->values.index, ts_hash_bytes(collector->values.key, value.bytes, value.length));
    }
}

/* Adds what a row of form C draws together. */
static bool take_collapsed(ts_value_collector *collector, int32_t number, const ts_value_tables *tables,
                           const ts_row *taken) {
    return (taken->flags & TS_VALUE_COLLAPSED) == 0 ||
           ts_merge_collapsed(collector, number, &tables->collapsed[taken->collapsed], tables->hashes,
                              tables->collapsed_texts, taken->collapsed);
}

static bool take_rows(ts_value_collector *collector, const ts_value_tables *tables, renumbered_tables *now,
                      ts_series_union *united) {
    int32_t owner = -1;
    if (!ts_buffer_resize(&now->paths, tables->paths->entries.count)) {
        return false;
    }
    for (size_t i = 0; i < now->paths.count; i++) {
        ((int32_t *)now->paths.items)[i] = -1;
    }
    bool has_owner = ts_series_union_next(united, TS_SERIES_OF_ROW, &owner);
    for (size_t i = 0; i < tables->row_count; i++) {
        const ts_row *taken = &tables->rows[i];
        if (tables->row_count - i > ROWS_AHEAD) {
            prepare_row(collector, tables, &taken[ROWS_AHEAD], now);
        }
        while (has_owner && (size_t)owner < i) {
            has_owner = ts_series_union_next(united, TS_SERIES_OF_ROW, &owner);
        }
        const int32_t number = taken->use < 0 ? TS_ROW_REFUSED : find_row(collector, tables, taken, now);
        if (number == TS_ROW_REFUSED) {
            continue;
        }
        if (number < 0) {
            return false;
        }
        ts_row *row = ts_row_at(collector, number);
        row->occurrences += taken->occurrences;
        row->files += taken->files;
        /* Before the next row, which may evict this one. */
        if (!take_example(collector, row, tables->paths, taken->example, now) ||
            !take_collapsed(collector, number, tables, taken) ||
            (has_owner && (size_t)owner == i &&
             !ts_series_union_take(united, &ts_row_state_at(collector, number)->series))) {
            return false;
        }
    }
    return true;
}

/* Updates last_path with the examples. Paths that are not examples do not matter. */
static bool note_last_path(ts_value_collector *collector, const ts_pool *paths) {
    ts_buffer *last = &collector->last_path;
    for (size_t i = 0; i < paths->entries.count; i++) {
        const ts_text path = text_of(paths, (int32_t)i);
        if (ts_text_order(path, (ts_text){.bytes = last->items, .length = last->count}) > 0) {
            last->count = 0;
            if (!ts_buffer_reserve(last, path.length)) {
                return false;
            }
            memcpy(last->items, path.bytes, path.length);
            last->count = path.length;
        }
    }
    return true;
}

bool ts_value_collector_merge(ts_value_collector *collector, const ts_value_tables *tables) {
    renumbered_tables now;
    ts_renumbered_begin(&now.identities);
    ts_buffer *const buffers[] = {&now.texts, &now.charsets, &now.equipment, &now.uses, &now.paths};
    for (size_t i = 0; i < sizeof buffers / sizeof buffers[0]; i++) {
        ts_buffer_begin(buffers[i], sizeof(int32_t));
    }
    ts_settle(collector); /* before a row is evicted */
    bool is_done = ts_collector_merge(collector->identities, &tables->identities, &now.identities);
    ts_series_union united = {.runs = tables->identities.series_runs,
                              .run_count = tables->identities.series_run_count,
                              .renumbered = now.identities.series.items};
    if (is_done && ts_series_union_begin(&united, ts_collector_known_series(collector->identities)->rows.count)) {
        is_done = take_equipment(collector, tables, &now) && take_uses(collector, tables, &now, &united) &&
                  take_rows(collector, tables, &now, &united) && note_last_path(collector, tables->paths);
        ts_series_union_end(&united);
    } else {
        is_done = false;
    }
    for (size_t i = 0; i < sizeof buffers / sizeof buffers[0]; i++) {
        ts_buffer_free(buffers[i]);
    }
    ts_renumbered_free(&now.identities);
    return is_done;
}
