/* The collector: counts of every identity over the files of a collection, without a value of any element.
 *
 * For: one table of identities (design: identity of an element), each with its VRs, blocks, files, series and
 *      occurrences, exact whatever the order of the files.
 * Never: an element value, but private creators, which are part of an identity. Of Series Instance UIDs, by which
 * series are counted, digests are kept. A file with a fault contributes nothing. Terms: PS3.5 2026b, 7.5 and 7.8.
 *
 * X(type, name, dimension, numpy format) as in element.h
 *   parent       row of the identity of the enclosing sequence, smaller than the own row; -1 at the root
 *   tag          gggg * 65536 + eeee; of an element of a private block gggg * 65536 + ee, the block taken out
 *   creator      number of the private creator, or one of ts_creator
 *   block        with TS_CREATOR_NONE and below: the block, which then is part of the identity; else 0
 *   vrs          bit mask over ts_vr
 *   blocks       256-bit set of block numbers seen; word = block / 64
 */
#ifndef TAGSNIFF_COLLECT_H
#define TAGSNIFF_COLLECT_H

#include "intern.h"
#include "parse.h"
#include "series.h"

/* What is kept of a Series Instance UID: the first bytes of its SHA-256. */
enum { TS_SERIES_DIGEST_BYTES = 16 };

/* clang-format off */
#define TS_IDENTITY_FIELDS(X)                                                                                          \
    X(uint64_t, vrs,             , "u8")                                                                               \
    X(uint64_t, blocks,       [4], "4u8")                                                                              \
    X(uint64_t, occurrences,     , "u8")                                                                               \
    X(uint64_t, files,           , "u8")                                                                               \
    X(uint64_t, series,          , "u8")                                                                               \
    X(int32_t,  parent,          , "i4")                                                                               \
    X(uint32_t, tag,             , "u4")                                                                               \
    X(int32_t,  creator,         , "i4")                                                                               \
    X(uint8_t,  block,           , "u1")
/* clang-format on */

typedef struct ts_identity {
#define TS_IDENTITY_MEMBER(type, name, dimension, format) type name dimension;
    TS_IDENTITY_FIELDS(TS_IDENTITY_MEMBER)
#undef TS_IDENTITY_MEMBER
} ts_identity;

const ts_field *ts_identity_fields(uint32_t *count);

typedef struct ts_collector ts_collector;

/* The key is that of the tables' hashes. NULL when memory runs out. */
ts_collector *ts_collector_new(ts_hash_key key);
void ts_collector_free(ts_collector *collector);

/* Adds the file that the parser has just read; all files of a collector are read by the same parser. False when memory
 * runs out: then the collector must not be used any more. A file whose status is not TS_OK adds nothing, unless what
 * was read of it is asked for by is_partial. */
bool ts_collector_add(ts_collector *collector, const ts_parser *parser, bool is_partial);

/* What a file has in common with the one that was added before it. */
typedef enum ts_repetition {
    TS_REPEATS_NOTHING,
    TS_REPEATS_SHAPE,           /* the same elements: see file_shape.h */
    TS_REPEATS_SHAPE_AND_SERIES /* of the same series, too */
} ts_repetition;

/* Of the file added last: the row of each record (an item has that of its sequence), the number of its series, and what
 * it repeats. */
const int32_t *ts_collector_row_of_record(const ts_collector *collector);
uint32_t ts_collector_last_series(const ts_collector *collector);
ts_repetition ts_collector_repetition(const ts_collector *collector);
/* And how many records, the first ones, are those of the file before but for the changes in ts_parser_likeness; 0 if
 * that is not known. */
size_t ts_collector_like_count(const ts_collector *collector);
/* Whether the next file can repeat it. */
bool ts_collector_has_shape(const ts_collector *collector);

/* How many files were added and taken in. */
uint64_t ts_collector_files(const ts_collector *collector);

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
