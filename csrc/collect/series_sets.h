/* Sets of series, by their row numbers in known_series.h, stored as runs of consecutive numbers.
 *
 * For: exact counts of series and patients that can be merged. Files arrive series by series, so most sets are one run
 *      for any number of series.
 * Never: a Series Instance UID or a Patient ID. The owner of the numbers has digests of them.
 * X(type, name, dimension, numpy format) as in element.h
 *   owner   index in the table that `table` names: an identity, use or row
 *   table   ts_series_table
 *   first, last  the first and the last number of the run
 */
#ifndef TAGSNIFF_COLLECT_SERIES_SETS_H
#define TAGSNIFF_COLLECT_SERIES_SETS_H

#include "base/buffer.h"
#include "parse/element.h"

/* clang-format off */
#define TS_SERIES_RUN_FIELDS(X)                                                                                        \
    X(uint32_t, first,           , "u4")                                                                               \
    X(uint32_t, last,            , "u4")                                                                               \
    X(int32_t,  owner,           , "i4")                                                                               \
    X(uint8_t,  table,           , "u1")
/* clang-format on */

typedef struct ts_series_run {
    TS_SERIES_RUN_FIELDS(TS_FIELD_MEMBER)
} ts_series_run;

typedef enum ts_series_table { TS_SERIES_OF_IDENTITY, TS_SERIES_OF_USE, TS_SERIES_OF_ROW } ts_series_table;

const ts_field *ts_series_run_fields(uint32_t *count);

typedef struct ts_series_span {
    uint32_t first;
    uint32_t last;
} ts_series_span;

typedef struct ts_series_set {
    uint32_t span_count;
    uint32_t recent; /* the number added last; undefined while span_count is 0 */
    union {
        ts_series_span one;   /* if span_count is 1 */
        ts_series_span *many; /* if span_count is more than 1: ascending; allocated for the next power of two */
    } spans;
} ts_series_set;

/* Frees the memory; the set is then empty. A set of zero bytes is empty. */
void ts_series_set_free(ts_series_set *set);

/* Adds a number that is not `recent`: the slow path of ts_series_set_add. False when memory runs out. */
bool ts_series_set_add_other(ts_series_set *set, uint32_t number);

/* Adds a number. False when memory runs out. O(1) if the numbers arrive in ascending order, O(spans) otherwise. */
static inline bool ts_series_set_add(ts_series_set *set, uint32_t number) {
    return (set->span_count > 0 && set->recent == number) || ts_series_set_add_other(set, number);
}

/* The spans of the set, ascending and not adjacent; span_count of them. */
static inline const ts_series_span *ts_series_set_spans(const ts_series_set *set) {
    return set->span_count > 1 ? set->spans.many : &set->spans.one;
}

/* A bit set with one bit for each number. Uniting or renumbering sets with it costs as much as their sizes, whatever
 * the order of their numbers. */
typedef struct ts_series_marks {
    ts_buffer words; /* uint64_t */
    uint32_t lowest, highest;
} ts_series_marks;

/* Starts with no marks and room for numbers below `limit`. False when memory runs out. */
bool ts_series_marks_begin(ts_series_marks *marks, size_t limit);
void ts_series_marks_free(ts_series_marks *marks);
/* Marks a number, which must be less than the limit. */
void ts_series_mark(ts_series_marks *marks, uint32_t number);
/* Removes the first run of marks and returns it in *span; false if there are no marks. */
bool ts_series_marks_take(ts_series_marks *marks, ts_series_span *span);

/* Marks all numbers of the set, each mapped by `renumbered` (unchanged if that is NULL). */
void ts_series_set_mark(const ts_series_set *set, ts_series_marks *marks, const uint32_t *renumbered);
/* Replaces the set by the marks, and removes them. False when memory runs out. */
bool ts_series_set_take_marks(ts_series_set *set, ts_series_marks *marks);

/* Appends the set to a buffer of ts_series_run, its numbers mapped by `renumbered` (unchanged if that is NULL). `marks`
 * has no marks before and after. False when memory runs out. */
bool ts_series_set_list(const ts_series_set *set, ts_series_table table, int32_t owner, const uint32_t *renumbered,
                        ts_series_marks *marks, ts_buffer *runs);

/* Iterates over runs, owner by owner, to add them to other sets. The caller sets the first three members. */
typedef struct ts_series_union {
    const ts_series_run *runs; /* ordered by table and owner */
    size_t run_count;
    const uint32_t *renumbered; /* maps the numbers of the runs to those of the sets */
    size_t at, end;             /* the runs of the current owner, `end` excluded */
    ts_series_marks marks;
} ts_series_union;

/* Starts before the first run. `limit` is greater than all numbers of the sets. False when memory runs out. */
bool ts_series_union_begin(ts_series_union *united, size_t limit);
void ts_series_union_end(ts_series_union *united);
/* Goes to the next owner in the table; tables must be visited in ascending order. False if there is none. */
bool ts_series_union_next(ts_series_union *united, ts_series_table table, int32_t *owner);
/* Adds the series of the current owner to the set. False when memory runs out. */
bool ts_series_union_take(ts_series_union *united, ts_series_set *set);

#endif
