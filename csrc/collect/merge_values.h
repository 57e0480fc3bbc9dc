/* The tables of a collector of values, and their merge.
 *
 * For: threads, processes and saved scans, whose tables become one.
 * Never: a result that depends on the order of the merges; only numbers of rows do.
 */
#ifndef TAGSNIFF_COLLECT_MERGE_VALUES_H
#define TAGSNIFF_COLLECT_MERGE_VALUES_H

#include "collect/merge_identities.h"
#include "collect/values.h"

/* What a collector holds, borrowed: valid until a file is added or tables are merged.
 *   rows    those with use -1 stand for nothing
 *   values  begin with their form and the number of their character set as u16, little endian */
typedef struct ts_value_tables {
    ts_tables identities; /* its runs of series are those of uses and rows too */
    const ts_equipment *equipment;
    const ts_element_use *uses;
    const ts_row *rows;
    size_t equipment_count, use_count, row_count;
    const ts_pool *texts, *values, *charsets, *paths;
} ts_value_tables;

/* Brings the estimates of distinct values up to date. */
void ts_value_collector_estimate(ts_value_collector *collector);

/* The tables without series_runs. */
ts_value_tables ts_value_collector_tables(ts_value_collector *collector);

/* Gives the tables away that may have millions of entries, in the place of what is in these (ts_row; nothing can be
 * looked up in the pools). The collector is then only to be freed. */
void ts_value_collector_take(ts_value_collector *collector, ts_buffer *rows, ts_pool *values, ts_pool *paths);

/* Makes the runs of series, see ts_collector_list_series; false when memory runs out. */
bool ts_value_collector_list_series(ts_value_collector *collector, const uint32_t *series_order, ts_tables *tables);

/* Takes the tables of other files in; see ts_collector_merge. Numbers of decisions mean the same in both.
 * Occurrences are not taken in. */
bool ts_value_collector_merge(ts_value_collector *collector, const ts_value_tables *tables);

#endif
