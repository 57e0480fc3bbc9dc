/* The tables of a collector of identities, and merging them.
 *
 * For: threads, processes and saved scans, whose tables become one.
 * Never: a result that depends on the order of the merges; only row indexes do.
 */
#ifndef TAGSNIFF_COLLECT_MERGE_IDENTITIES_H
#define TAGSNIFF_COLLECT_MERGE_IDENTITIES_H

#include "collect/identities.h"

/* The tables of a collector. Borrowed until a file is added or tables are merged. The runs of series are ordered by
 * table and owner; their numbers are rows of patient_series. */
typedef struct ts_tables {
    const ts_identity *identities;
    size_t identity_count;
    const ts_pool *creators;
    const ts_pool *series;   /* TS_SERIES_DIGEST_BYTES each */
    const ts_pool *patients; /* TS_PATIENT_DIGEST_BYTES each */
    const ts_patient_series *patient_series;
    size_t patient_series_count;
    bool knows_patients; /* all rows of patient_series have a patient */
    const ts_series_run *series_runs;
    size_t series_run_count;
    uint64_t files;
    const uint64_t *deviation_files; /* TS_DEVIATION_COUNT: number of files with each deviation */
} ts_tables;

/* Returns the tables without series_runs. */
ts_tables ts_collector_tables(ts_collector *collector);

/* Sets series and patients of all identities. False when memory runs out. */
bool ts_collector_fill_counts(ts_collector *collector);

/* Appends the runs of series of all identities to a buffer of ts_series_run. `series_order` maps the rows of
 * patient_series to new ones; NULL keeps them. False when memory runs out. */
bool ts_collector_list_series(const ts_collector *collector, const uint32_t *series_order, ts_series_marks *marks,
                              ts_buffer *runs);

/* Maps the indexes of merged tables to those of the collector. */
typedef struct ts_renumbered {
    ts_buffer identities, creators; /* int32_t */
    ts_buffer series;               /* uint32_t: rows of patient_series */
} ts_renumbered;

void ts_renumbered_begin(ts_renumbered *renumbered);
void ts_renumbered_free(ts_renumbered *renumbered);

/* Merges the tables of other files, as if this collector had counted them, and fills `renumbered`. The tables are those
 * of a collector, or must have been validated: no index is out of range, and a parent precedes its elements. False when
 * memory runs out; the collector must then only be freed. */
bool ts_collector_merge(ts_collector *collector, const ts_tables *tables, ts_renumbered *renumbered);

#endif
