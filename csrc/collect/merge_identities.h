/* The tables of a collector of identities, and their merge.
 *
 * For: threads, processes and saved scans, whose tables become one.
 * Never: a result that depends on the order of the merges; only numbers of rows do.
 */
#ifndef TAGSNIFF_COLLECT_MERGE_IDENTITIES_H
#define TAGSNIFF_COLLECT_MERGE_IDENTITIES_H

#include "collect/identities.h"

/* What a collector holds, borrowed: valid until a file is added or tables are merged. Runs of series are ordered by
 * table and owner, their numbers are those of `series`. */
typedef struct ts_tables {
    const ts_identity *identities;
    size_t identity_count;
    const ts_pool *creators;
    const ts_pool *series; /* digests */
    const ts_series_run *series_runs;
    size_t series_run_count;
    uint64_t files;
    const uint64_t *deviation_files; /* TS_DEVIATION_COUNT: number of files with each deviation */
} ts_tables;

/* Without series_runs. */
ts_tables ts_collector_tables(ts_collector *collector);

/* Appends the runs of series of all identities to a buffer of ts_series_run; series have the numbers that
 * `series_order` gives them, or their own if it is NULL. False when memory runs out. */
bool ts_collector_list_series(const ts_collector *collector, const uint32_t *series_order, ts_series_marks *marks,
                              ts_buffer *runs);

/* What the numbers of tables have become in the collector that took them in. */
typedef struct ts_renumbered {
    ts_buffer identities, creators; /* int32_t */
    ts_buffer series;               /* uint32_t */
} ts_renumbered;

void ts_renumbered_begin(ts_renumbered *renumbered);
void ts_renumbered_free(ts_renumbered *renumbered);

/* Takes the tables of other files in, as if this collector had counted them. They are those of a collector, or were
 * checked as well as those: no number leads out of its table, and a parent stands before its elements. False when
 * memory runs out; then the collector must not be used any more. */
bool ts_collector_merge(ts_collector *collector, const ts_tables *tables, ts_renumbered *renumbered);

#endif
