/* The state of the collector of identities, shared by its source files.
 *
 * For: identities.c and merge_identities.c; all other files include identities.h only.
 * Never: a pointer into a file's bytes that outlives the file.
 */
#ifndef TAGSNIFF_COLLECT_IDENTITIES_STATE_H
#define TAGSNIFF_COLLECT_IDENTITIES_STATE_H

#include "collect/identities.h"

/* State of a row that is not part of the table. */
typedef struct ts_identity_state {
    uint64_t last_file; /* number of the last file, from 1, that was counted in the row */
    ts_series_set series;
    int32_t successor; /* the row that last followed this one; -1 at first. Files and items are alike, so it is the
                        * first guess */
} ts_identity_state;

/* What a record adds to its row. An item adds nothing; the first record of a file in its row also adds a file. */
typedef enum ts_record_count { TS_COUNTS_NOTHING, TS_COUNTS_OCCURRENCE, TS_COUNTS_FILE } ts_record_count;

struct ts_collector {
    ts_buffer rows;     /* ts_identity */
    ts_buffer states;   /* ts_identity_state, one for each row */
    ts_index row_index; /* of the rows, by parent, tag, creator and block */
    ts_pool creators;
    ts_known_series known_series;
    ts_buffer row_of_record;     /* int32_t: of the previous file */
    ts_buffer creator_of_record; /* int32_t: scratch for one file */
    ts_buffer record_counts;     /* uint8_t: ts_record_count of each record of the previous file */
    uint64_t repeats; /* number of files with those records and that series and patient whose counts are deferred */
    bool is_repeated; /* the previous file is one of them */
    uint64_t files;
    uint64_t last_file; /* the parser's number of the previous file */
    int32_t first_row;  /* row of its first record; -1 before the first file */
    uint64_t deviation_files[TS_DEVIATION_COUNT];
};

static inline ts_identity *ts_identity_at(const ts_collector *collector, int32_t number) {
    return &((ts_identity *)collector->rows.items)[number];
}

static inline ts_identity_state *ts_identity_state_at(const ts_collector *collector, int32_t number) {
    return &((ts_identity_state *)collector->states.items)[number];
}

#endif
