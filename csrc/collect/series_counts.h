/* How many series and patients a set of series has.
 *
 * For: the counts of identities, uses and rows, made once when the tables are handed out.
 * Never: a count that depends on the order of the rows of known_series.h.
 *
 * A set has spans of rows. Rows of the same patient that follow each other are a run; nearly always a patient is one
 * run, and then the number of runs in a span, a subtraction, is the number of its patients. Patients with several runs
 * are scattered: their runs are looked at one by one. Series are counted in the same way.
 */
#ifndef TAGSNIFF_COLLECT_SERIES_COUNTS_H
#define TAGSNIFF_COLLECT_SERIES_COUNTS_H

#include "collect/known_series.h"
#include "collect/series_sets.h"

/* The groups into which rows of known_series.h fall: their series, or their patients. */
typedef struct ts_series_groups {
    bool are_rows;       /* each row is a group of its own; nothing else is set */
    ts_buffer run_of;    /* uint32_t, one for each row */
    ts_buffer runs;      /* uint32_t: the first row of each run; then the number of rows */
    ts_buffer scattered; /* uint32_t: the runs, ascending, of the groups that have several */
    ts_buffer stamps;    /* uint64_t, one for each group: the last set in which a scattered group was met */
    uint64_t stamp;
} ts_series_groups;

typedef struct ts_series_counts {
    const ts_known_series *known;
    ts_series_groups series, patients;
} ts_series_counts;

/* False when memory runs out; ts_series_counts_end is called in any case. */
bool ts_series_counts_begin(ts_series_counts *counts, const ts_known_series *known);
void ts_series_counts_end(ts_series_counts *counts);

/* Counts the series and patients of a set; *patients becomes -1 if patients are not known. */
void ts_count_series(ts_series_counts *counts, const ts_series_set *set, uint32_t *series, int32_t *patients);

/* The first row after `row` that has another patient, or whose patient may be another. Patients must be known. */
uint32_t ts_next_patient(const ts_series_counts *counts, uint32_t row);

#endif
