/* The tables of a collector of identities: the implementation of merge_identities.h (design: tables merge).
 *
 * For: threads, processes, machines and resumed runs, which all use this one operation.
 * Never: a result that depends on the order of the merges. The order of the rows does depend on it.
 */
#include "collect/merge_identities.h"
#include "collect/identities_state.h"
#include "collect/series_counts.h"

ts_tables ts_collector_tables(ts_collector *collector) {
    ts_collector_settle(collector);
    const ts_known_series *known = &collector->known_series;
    return (ts_tables){.identities = collector->rows.items,
                       .identity_count = collector->rows.count,
                       .creators = &collector->creators,
                       .series = &known->series,
                       .patients = &known->patients,
                       .patient_series = known->rows.items,
                       .patient_series_count = known->rows.count,
                       .knows_patients = known->knows_patients,
                       .files = collector->files,
                       .deviation_files = collector->deviation_files};
}

bool ts_collector_fill_counts(ts_collector *collector) {
    ts_series_counts counts;
    const bool is_done = ts_series_counts_begin(&counts, &collector->known_series);
    for (size_t i = 0; is_done && i < collector->rows.count; i++) {
        ts_identity *row = ts_identity_at(collector, (int32_t)i);
        ts_count_series(&counts, &ts_identity_state_at(collector, (int32_t)i)->series, &row->series, &row->patients);
    }
    ts_series_counts_end(&counts);
    return is_done;
}

bool ts_collector_list_series(const ts_collector *collector, const uint32_t *series_order, ts_series_marks *marks,
                              ts_buffer *runs) {
    for (size_t i = 0; i < collector->states.count; i++) {
        if (!ts_series_set_list(&ts_identity_state_at(collector, (int32_t)i)->series, TS_SERIES_OF_IDENTITY, (int32_t)i,
                                series_order, marks, runs)) {
            return false;
        }
    }
    return true;
}

void ts_renumbered_begin(ts_renumbered *renumbered) {
    ts_buffer_begin(&renumbered->identities, sizeof(int32_t));
    ts_buffer_begin(&renumbered->creators, sizeof(int32_t));
    ts_buffer_begin(&renumbered->series, sizeof(uint32_t));
}

void ts_renumbered_free(ts_renumbered *renumbered) {
    ts_buffer_free(&renumbered->identities);
    ts_buffer_free(&renumbered->creators);
    ts_buffer_free(&renumbered->series);
}

static bool intern_texts(ts_pool *pool, const ts_pool *texts, ts_buffer *numbers) {
    numbers->count = 0;
    if (!ts_buffer_reserve(numbers, texts->entries.count)) {
        return false;
    }
    for (size_t i = 0; i < texts->entries.count; i++) {
        uint32_t length;
        const uint8_t *text = ts_pool_get(texts, (uint32_t)i, &length);
        const uint32_t number = ts_pool_intern(pool, text, length);
        if (number > INT32_MAX) {
            return false;
        }
        ((uint32_t *)numbers->items)[numbers->count++] = number;
    }
    return true;
}

static bool take_identity(ts_collector *collector, const ts_identity *taken, ts_renumbered *renumbered) {
    const int32_t *creators = renumbered->creators.items;
    int32_t *identities = renumbered->identities.items;
    const ts_identity identity = {.parent = taken->parent < 0 ? -1 : identities[taken->parent],
                                  .tag = taken->tag,
                                  .creator = taken->creator < 0 ? taken->creator : creators[taken->creator],
                                  .block = taken->block};
    const int32_t number = ts_collector_intern(collector, &identity);
    if (number < 0) {
        return false;
    }
    ts_identity *row = ts_identity_at(collector, number);
    row->vrs |= taken->vrs;
    row->occurrences += taken->occurrences;
    row->files += taken->files;
    for (size_t i = 0; i < sizeof row->blocks / sizeof row->blocks[0]; i++) {
        row->blocks[i] |= taken->blocks[i];
    }
    identities[renumbered->identities.count++] = number;
    return true;
}

bool ts_collector_merge(ts_collector *collector, const ts_tables *tables, ts_renumbered *renumbered) {
    renumbered->identities.count = renumbered->series.count = 0;
    if (!intern_texts(&collector->creators, tables->creators, &renumbered->creators) ||
        !ts_known_series_merge(&collector->known_series, tables->series, tables->patients, tables->patient_series,
                               tables->patient_series_count, &renumbered->series) ||
        !ts_buffer_reserve(&renumbered->identities, tables->identity_count)) {
        return false;
    }
    for (size_t i = 0; i < tables->identity_count; i++) {
        if (!take_identity(collector, &tables->identities[i], renumbered)) {
            return false;
        }
    }
    collector->files += tables->files;
    for (size_t i = 0; i < TS_DEVIATION_COUNT; i++) {
        collector->deviation_files[i] += tables->deviation_files[i];
    }
    ts_series_union united = {
        .runs = tables->series_runs, .run_count = tables->series_run_count, .renumbered = renumbered->series.items};
    if (!ts_series_union_begin(&united, collector->known_series.rows.count)) {
        return false;
    }
    bool is_done = true;
    int32_t owner;
    while (is_done && ts_series_union_next(&united, TS_SERIES_OF_IDENTITY, &owner)) {
        const int32_t number = ((const int32_t *)renumbered->identities.items)[owner];
        is_done = ts_series_union_take(&united, &ts_identity_state_at(collector, number)->series);
    }
    ts_series_union_end(&united);
    return is_done;
}
