/* The collector's own state, shared by the files that make it.
 *
 * For: identities.c and merge_identities.c; everybody else sees identities.h.
 * Never: a pointer into a file's bytes that outlives the file.
 */
#ifndef TAGSNIFF_COLLECT_IDENTITIES_STATE_H
#define TAGSNIFF_COLLECT_IDENTITIES_STATE_H

#include "collect/identities.h"

/* What counting needs beside the row itself. */
typedef struct ts_identity_state {
    uint64_t last_file; /* number of the file, from 1, that was counted last */
    ts_series_set series;
    int32_t successor; /* row of the element that stood behind this one the last time: files and items are alike */
} ts_identity_state;

/* What a record adds to its row: an item has none; the first record of a file in its row adds a file, too. */
typedef enum ts_record_count { TS_COUNTS_NOTHING, TS_COUNTS_OCCURRENCE, TS_COUNTS_FILE } ts_record_count;

struct ts_collector {
    ts_buffer rows;     /* ts_identity */
    ts_buffer states;   /* ts_identity_state, one for each row */
    ts_index row_index; /* of rows, by parent, tag, creator and block */
    ts_pool creators;
    ts_pool series;              /* digests, see TS_SERIES_DIGEST_BYTES */
    ts_buffer last_uid;          /* uint8_t: Series Instance UID of the file before, whose number is last_series */
    ts_buffer row_of_record;     /* int32_t: of the file before */
    ts_buffer creator_of_record; /* int32_t: scratch for one file */
    ts_buffer record_counts;     /* uint8_t: ts_record_count of each record of the file before */
    uint64_t repeats;            /* files with those records and of that series that are not in the rows yet */
    bool is_repeated;            /* the file before is one of those */
    uint64_t files;
    uint64_t last_file;   /* the parser's number of the file before */
    uint32_t last_series; /* TS_NO_NUMBER at first */
    int32_t first_row;    /* of the file before; -1 at first */
    uint64_t deviation_files[TS_DEVIATION_COUNT];
};

static inline ts_identity *ts_identity_at(const ts_collector *collector, int32_t number) {
    return &((ts_identity *)collector->rows.items)[number];
}

static inline ts_identity_state *ts_identity_state_at(const ts_collector *collector, int32_t number) {
    return &((ts_identity_state *)collector->states.items)[number];
}

#endif
