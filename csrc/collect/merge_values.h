/* The tables of a collector of values, and merging them.
 *
 * For: threads, processes and saved scans, whose tables become one.
 * Never: a result that depends on the order of the merges; only row indexes do.
 */
#ifndef TAGSNIFF_COLLECT_MERGE_VALUES_H
#define TAGSNIFF_COLLECT_MERGE_VALUES_H

#include "collect/collapsed_rows.h"
#include "collect/merge_identities.h"
#include "collect/values.h"

/* The tables of a collector. Borrowed until a file is added or tables are merged.
 *   rows    rows with use -1 are unused
 *   values  begin with their form and the number of their character set as u16, little endian */
typedef struct ts_value_tables {
    ts_tables identities; /* its series_runs include those of uses and rows */
    const ts_equipment *equipment;
    const ts_element_use *uses;
    const ts_row *rows;
    size_t equipment_count, use_count, row_count;
    const ts_pool *texts, *values, *charsets, *paths;
    const ts_collapsed_entry *collapsed; /* of the rows of form C, by their `collapsed` */
    const ts_distinct_hash *hashes;
    const ts_pool *collapsed_texts;
} ts_value_tables;

/* Updates distinct_estimate and is_estimated of all uses. */
void ts_value_collector_estimate(ts_value_collector *collector);

/* Sets series and patients of all identities, uses and rows, and patient_relation of all uses. False when memory runs
 * out. */
bool ts_value_collector_fill_counts(ts_value_collector *collector);

/* Returns the tables without series_runs and what rows of form C draw together (ts_value_collector_list_drawn). */
ts_value_tables ts_value_collector_tables(ts_value_collector *collector);

/* Moves the tables that may have millions of entries, rows (ts_row), values and paths, into the given ones, whose old
 * content is freed; see ts_pool_move. The collector must then only be freed. */
void ts_value_collector_take(ts_value_collector *collector, ts_buffer *rows, ts_pool *values, ts_pool *paths);

/* Sets what rows of form C draw together; borrowed from the collector until the next call. False when memory runs
 * out. */
bool ts_value_collector_list_drawn(ts_value_collector *collector, ts_value_tables *tables);

/* Sets series_runs of `tables`, see ts_collector_list_series; they are borrowed from the collector until the next call.
 * False when memory runs out. */
bool ts_value_collector_list_series(ts_value_collector *collector, const uint32_t *series_order, ts_tables *tables);

/* Merges the tables of other files; see ts_collector_merge. Numbers of decisions must mean the same in both.
 * Occurrences are not merged. */
bool ts_value_collector_merge(ts_value_collector *collector, const ts_value_tables *tables);

#endif
