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
#ifndef TAGSNIFF_COLLECT_IDENTITIES_H
#define TAGSNIFF_COLLECT_IDENTITIES_H

#include "base/text_pool.h"
#include "collect/series_sets.h"
#include "parse/parse.h"

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
    TS_IDENTITY_FIELDS(TS_FIELD_MEMBER)
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

/* Of the file added last: the row of each record (an item has that of its sequence), and the number of its series. */
const int32_t *ts_collector_row_of_record(const ts_collector *collector);
uint32_t ts_collector_last_series(const ts_collector *collector);
/* Whether it has the records of the file that was added before it, and is of the same series; then ts_parser_repeat
 * says which values are others. */
bool ts_collector_is_repeated(const ts_collector *collector);

/* How many files were added and taken in. */
uint64_t ts_collector_files(const ts_collector *collector);

/* For merge_identities.c: the row of the identity, new or known; -1 when memory runs out. */
int32_t ts_collector_intern(ts_collector *collector, const ts_identity *identity);
/* The same: brings the files that repeat the one before into the rows. */
void ts_collector_settle(ts_collector *collector);

#endif
