/* Sets of series, by the numbers that a collector gives them, kept as runs of consecutive numbers.
 *
 * For: exact counts of series that can be merged. Files come series by series, so that most sets are one run, whatever
 *      the number of series.
 * Never: a Series Instance UID; whoever numbers the series knows them by a digest.
 *
 * X(type, name, dimension, numpy format) as in element.h
 *   owner   number in the table that `table` names: an identity, use or row
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
    uint32_t recent; /* the number added last; says nothing while span_count is 0 */
    union {
        ts_series_span one;   /* if span_count is 1 */
        ts_series_span *many; /* ascending, if it is more; room for the next power of two */
    } spans;
} ts_series_set;

/* A set of zero bytes is empty. */
void ts_series_set_free(ts_series_set *set);

/* Adds a number that is not the recent one; *count grows by one if it is new. False when memory runs out. */
bool ts_series_set_add_other(ts_series_set *set, uint32_t number, uint64_t *count);

static inline bool ts_series_set_add(ts_series_set *set, uint32_t number, uint64_t *count) {
    return (set->span_count > 0 && set->recent == number) || ts_series_set_add_other(set, number, count);
}

/* One bit for each number: where sets are united or numbered anew, the cost is that of their sizes, not of their
 * order. */
typedef struct ts_series_marks {
    ts_buffer words; /* uint64_t */
    uint32_t lowest, highest;
} ts_series_marks;

/* Room for numbers below `limit`, none marked; false when memory runs out. */
bool ts_series_marks_begin(ts_series_marks *marks, size_t limit);
void ts_series_marks_free(ts_series_marks *marks);
void ts_series_mark(ts_series_marks *marks, uint32_t number);
/* Takes the first run of marks away; false if there is none. */
bool ts_series_marks_take(ts_series_marks *marks, ts_series_span *span);

/* Marks what the set holds, each number as `renumbered` says (itself if that is NULL). */
void ts_series_set_mark(const ts_series_set *set, ts_series_marks *marks, const uint32_t *renumbered);
/* Makes the marks the set, and takes them away; *count is how many there are. False when memory runs out. */
bool ts_series_set_take_marks(ts_series_set *set, ts_series_marks *marks, uint64_t *count);

/* Appends the set to a buffer of ts_series_run, its numbers as `renumbered` says. False when memory runs out. */
bool ts_series_set_list(const ts_series_set *set, ts_series_table table, int32_t owner, const uint32_t *renumbered,
                        ts_series_marks *marks, ts_buffer *runs);

/* Runs of one table, owner by owner, on their way into other sets. */
typedef struct ts_series_union {
    const ts_series_run *runs; /* ordered by table and owner */
    size_t run_count;
    const uint32_t *renumbered; /* what the numbers have become */
    size_t at, behind;          /* the runs of the owner */
    ts_series_marks marks;
} ts_series_union;

/* False when memory runs out. `limit` is above all numbers of the sets. */
bool ts_series_union_begin(ts_series_union *united, size_t limit);
void ts_series_union_end(ts_series_union *united);
/* The next owner of the table; false if there is none. */
bool ts_series_union_next(ts_series_union *united, ts_series_table table, int32_t *owner);
/* Adds the owner's series to the set; *count is how many it then has. False when memory runs out. */
bool ts_series_union_take(ts_series_union *united, ts_series_set *set, uint64_t *count);

#endif
