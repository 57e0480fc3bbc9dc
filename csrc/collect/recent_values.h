/* The values that a use met last, and the rows that they were counted in.
 *
 * For: files of a series and items of a sequence, whose values are mostly those of the one before: the same bytes are
 *      counted in the same rows, without being taken apart again.
 * Never: a guess; all bytes are compared.
 */
#ifndef TAGSNIFF_COLLECT_RECENT_VALUES_H
#define TAGSNIFF_COLLECT_RECENT_VALUES_H

#include "base/bytes.h"

/* What decides the rows of a value, beside its use. */
typedef struct ts_recent_key {
    ts_text bytes; /* as they stand in the file; of what is not captured, a number that stands for it */
    int32_t decision;
    int32_t charset;
    uint8_t shape; /* of the element, so that numbers and bytes are told apart */
} ts_recent_key;

typedef struct ts_recent {
    uint8_t *memory;  /* the rows (int32_t), then the bytes */
    uint64_t repeats; /* files with the value that are not in the rows yet */
    size_t memory_bytes;
    uint32_t length;
    uint32_t row_count;
    int32_t decision;
    int32_t charset;
    uint32_t series;    /* in which the rows were counted last */
    int32_t run_use;    /* use of printable runs that was counted; -1 if none */
    uint32_t evictions; /* of the use, and of run_use, when this was noted */
    uint32_t run_evictions;
    uint8_t shape;
    bool is_set;
} ts_recent;

/* Of one use: the short value that it met last, and the last few long ones, for which items of a sequence may take
 * turns. */
enum { TS_RECENT_LONG = 4 };

typedef struct ts_recents {
    ts_recent of_short;
    ts_recent *of_long; /* TS_RECENT_LONG of them, or NULL */
    uint32_t next;      /* where the next long one goes */
} ts_recents;

void ts_recents_free(ts_recents *recents);

/* What is remembered of this very value; NULL if nothing is. */
ts_recent *ts_recents_find(ts_recents *recents, const ts_recent_key *key);

/* Notes the value and its rows, unless that takes more memory than it may; *memory_bytes is the sum over all. NULL if
 * it is not noted; then the next one is only slower. */
ts_recent *ts_recents_note(ts_recents *recents, const ts_recent_key *key, const int32_t *rows, size_t row_count,
                           size_t *memory_bytes);

static inline const int32_t *ts_recent_rows(const ts_recent *recent) {
    return (const int32_t *)(const void *)recent->memory;
}

#endif
