/* The collector of identities: their counts over the files of a collection, without any element value.
 *
 * For: one table of identities (design: identity of an element), each with its VRs, blocks, files, series and
 *      occurrences; the counts are exact and do not depend on the order of the files.
 * Never: an element value, except private creators, which are part of an identity. Series and patients are told apart
 * by digests. A file with a fault is not counted, except with is_partial. Terms: PS3.5 2026b, 7.5 and 7.8.
 *
 * X(type, name, dimension, numpy format) as in element.h
 *   parent       row of the identity of the enclosing sequence, less than the row itself; -1 at the root
 *   tag          gggg * 65536 + eeee; for an element of a private block gggg * 65536 + ee, without the block
 *   creator      number of the private creator, or one of ts_creator
 *   block        if creator is TS_CREATOR_NONE or less: the block, which is then part of the identity; otherwise 0
 *   vrs          bit mask over ts_vr
 *   series, patients  set by ts_collector_fill_counts; patients is -1 if they are not known
 *   blocks       256-bit set of block numbers seen; word = block / 64
 */
#ifndef TAGSNIFF_COLLECT_IDENTITIES_H
#define TAGSNIFF_COLLECT_IDENTITIES_H

#include "base/text_pool.h"
#include "collect/known_series.h"
#include "collect/series_sets.h"

/* clang-format off */
#define TS_IDENTITY_FIELDS(X)                                                                                          \
    X(uint64_t, vrs,             , "u8")                                                                               \
    X(uint64_t, blocks,       [4], "4u8")                                                                              \
    X(uint64_t, occurrences,     , "u8")                                                                               \
    X(uint64_t, files,           , "u8")                                                                               \
    X(uint32_t, series,          , "u4")                                                                               \
    X(int32_t,  patients,        , "i4")                                                                               \
    X(int32_t,  parent,          , "i4")                                                                               \
    X(uint32_t, tag,             , "u4")                                                                               \
    X(int32_t,  creator,         , "i4")                                                                               \
    X(uint8_t,  block,           , "u1")
/* clang-format on */

typedef struct ts_identity {
    TS_IDENTITY_FIELDS(TS_FIELD_MEMBER)
} ts_identity;

const ts_field *ts_identity_fields(uint32_t *count);

typedef struct ts_collector ts_collector;

/* Returns an empty collector, which the caller frees. The first key is that of its hash tables, the second that of the
 * digests of patients (known_series.h). NULL when memory runs out. */
ts_collector *ts_collector_new(ts_hash_key key, const uint8_t *patient_key);
void ts_collector_free(ts_collector *collector);

/* Adds the file that the parser has just read; all files of a collector must be read by the same parser. A file whose
 * status is not TS_OK is ignored, unless is_partial requests what was read of it. False when memory runs out; the
 * collector must then only be freed. */
bool ts_collector_add(ts_collector *collector, const ts_parser *parser, bool is_partial);

/* For the file added last: the row of each record (an item has the row of its sequence), borrowed until the next file
 * is added; and the row of its series in known_series.h. */
const int32_t *ts_collector_row_of_record(const ts_collector *collector);
uint32_t ts_collector_last_series(const ts_collector *collector);
/* Returns whether the file added last has the same records, series and patient as the file added before it;
 * ts_parser_repeat then lists the values that differ. */
bool ts_collector_is_repeated(const ts_collector *collector);

/* Borrowed until the next file is added. */
const ts_known_series *ts_collector_known_series(const ts_collector *collector);

/* Number of files that were added and not ignored. */
uint64_t ts_collector_files(const ts_collector *collector);

/* For merge_identities.c: returns the row of the identity, new or known; -1 when memory runs out. */
int32_t ts_collector_intern(ts_collector *collector, const ts_identity *identity);
/* For merge_identities.c: adds the deferred counts of repeated files to the rows. */
void ts_collector_settle(ts_collector *collector);

#endif
