/* How many series and patients a set has: the implementation of series_counts.h.
 *
 * For: constant time for each span, whatever the number of its series.
 * Never: memory for each set; only for each row of known_series.h.
 */
#include <string.h>

#include "collect/series_counts.h"

static int32_t group_of(const ts_known_series *known, size_t row, bool by_patient) {
    const ts_patient_series *found = ts_patient_series_at(known, (uint32_t)row);
    return by_patient ? found->patient : found->series;
}

static void begin_groups(ts_series_groups *groups) {
    groups->are_rows = false;
    ts_buffer_begin(&groups->run_of, sizeof(uint32_t));
    ts_buffer_begin(&groups->runs, sizeof(uint32_t));
    ts_buffer_begin(&groups->scattered, sizeof(uint32_t));
    ts_buffer_begin(&groups->stamps, sizeof(uint64_t));
    groups->stamp = 0;
}

static void end_groups(ts_series_groups *groups) {
    ts_buffer_free(&groups->run_of);
    ts_buffer_free(&groups->runs);
    ts_buffer_free(&groups->scattered);
    ts_buffer_free(&groups->stamps);
}

static bool push(ts_buffer *numbers, size_t number) {
    if (!ts_buffer_reserve(numbers, 1)) {
        return false;
    }
    ((uint32_t *)numbers->items)[numbers->count++] = (uint32_t)number;
    return true;
}

/* Sets the runs, and in `stamps` the number of runs of each group. */
static bool find_runs(ts_series_groups *groups, const ts_known_series *known, bool by_patient) {
    uint64_t *runs_of_group = groups->stamps.items;
    for (size_t row = 0; row < known->rows.count; row++) {
        const int32_t group = group_of(known, row, by_patient);
        if (row == 0 || group != group_of(known, row - 1, by_patient)) {
            if (!push(&groups->runs, row)) {
                return false;
            }
            runs_of_group[group]++;
        }
        ((uint32_t *)groups->run_of.items)[row] = (uint32_t)(groups->runs.count - 1);
    }
    return push(&groups->runs, known->rows.count);
}

static bool find_groups(ts_series_groups *groups, const ts_known_series *known, bool by_patient, size_t group_count) {
    groups->are_rows = group_count == known->rows.count;
    if (groups->are_rows) {
        return true;
    }
    if (!ts_buffer_resize(&groups->run_of, known->rows.count) || !ts_buffer_resize(&groups->stamps, group_count)) {
        return false;
    }
    const size_t stamp_bytes = group_count * sizeof(uint64_t);
    memset(groups->stamps.items, 0, stamp_bytes);
    if (!find_runs(groups, known, by_patient)) {
        return false;
    }
    const uint32_t *runs = groups->runs.items;
    for (size_t run = 0; run + 1 < groups->runs.count; run++) {
        const int32_t group = group_of(known, runs[run], by_patient);
        if (((const uint64_t *)groups->stamps.items)[group] > 1 && !push(&groups->scattered, run)) {
            return false;
        }
    }
    memset(groups->stamps.items, 0, stamp_bytes);
    return true;
}

bool ts_series_counts_begin(ts_series_counts *counts, const ts_known_series *known) {
    counts->known = known;
    begin_groups(&counts->series);
    begin_groups(&counts->patients);
    return find_groups(&counts->series, known, false, known->series.entries.count) &&
           (!known->knows_patients || find_groups(&counts->patients, known, true, known->patients.entries.count));
}

void ts_series_counts_end(ts_series_counts *counts) {
    end_groups(&counts->series);
    end_groups(&counts->patients);
}

/* Index of the first scattered run that is not before `run`. */
static size_t find_scattered(const ts_series_groups *groups, uint32_t run) {
    const uint32_t *scattered = groups->scattered.items;
    size_t low = 0;
    size_t high = groups->scattered.count;
    while (low < high) {
        const size_t middle = low + (high - low) / 2;
        if (scattered[middle] < run) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low;
}

/* How many of the runs from `first` to `last` have a group that the set has already. */
static uint32_t count_met(ts_series_groups *groups, const ts_known_series *known, bool by_patient, uint32_t first,
                          uint32_t last) {
    const uint32_t *scattered = groups->scattered.items;
    const uint32_t *runs = groups->runs.items;
    uint64_t *stamps = groups->stamps.items;
    uint32_t met = 0;
    if (groups->scattered.count == 0) {
        return 0;
    }
    for (size_t i = find_scattered(groups, first); i < groups->scattered.count && scattered[i] <= last; i++) {
        const int32_t group = group_of(known, runs[scattered[i]], by_patient);
        met += stamps[group] == groups->stamp ? 1 : 0;
        stamps[group] = groups->stamp;
    }
    return met;
}

static uint32_t count_groups(ts_series_groups *groups, const ts_known_series *known, bool by_patient,
                             const ts_series_set *set) {
    const ts_series_span *spans = ts_series_set_spans(set);
    const uint32_t *run_of = groups->run_of.items;
    uint32_t count = 0;
    uint32_t next_run = 0; /* the first that was not counted yet */
    groups->stamp++;
    for (uint32_t i = 0; i < set->span_count; i++) {
        if (groups->are_rows) {
            count += spans[i].last - spans[i].first + 1;
            continue;
        }
        const uint32_t first = run_of[spans[i].first] > next_run ? run_of[spans[i].first] : next_run;
        const uint32_t last = run_of[spans[i].last];
        if (first <= last) {
            count += last - first + 1 - count_met(groups, known, by_patient, first, last);
            next_run = last + 1;
        }
    }
    return count;
}

void ts_count_series(ts_series_counts *counts, const ts_series_set *set, uint32_t *series, int32_t *patients) {
    const ts_known_series *known = counts->known;
    if (set->span_count == 1 && set->spans.one.first == set->spans.one.last) { /* as most values */
        *series = 1;
        *patients = known->knows_patients ? 1 : -1;
        return;
    }
    *series = count_groups(&counts->series, known, false, set);
    *patients = known->knows_patients ? (int32_t)count_groups(&counts->patients, known, true, set) : -1;
}

uint32_t ts_next_patient(const ts_series_counts *counts, uint32_t row) {
    const ts_series_groups *groups = &counts->patients;
    return groups->are_rows ? row + 1
                            : ((const uint32_t *)groups->runs.items)[((const uint32_t *)groups->run_of.items)[row] + 1];
}
