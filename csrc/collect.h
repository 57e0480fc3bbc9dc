/* The collector: counts of every identity over the files of a collection, without a value of any element.
 *
 * For: one table of identities (design: identity of an element), each with its VRs, blocks, files, series and
 *      occurrences, exact whatever the order of the files.
 * Never: an element value, but private creators, which are part of an identity, and Series Instance UIDs, which are
 *        needed to count series and never leave this file. A file with a fault contributes nothing.
 * Terms: PS3.5 2026b, 7.5 and 7.8.
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

/* NULL when memory runs out. */
ts_collector *ts_collector_new(void);
void ts_collector_free(ts_collector *collector);

/* Adds the file that the parser has just read. False when memory runs out: then the collector must not be used any
 * more. A file whose status is not TS_OK adds nothing, unless what was read of it is asked for by is_partial. */
bool ts_collector_add(ts_collector *collector, const ts_parser *parser, bool is_partial);

/* Of the file added last: the row of each record (an item has that of its sequence), and the number of its series. */
const int32_t *ts_collector_row_of_record(const ts_collector *collector);
uint32_t ts_collector_last_series(const ts_collector *collector);

uint64_t ts_collector_files(const ts_collector *collector);
uint64_t ts_collector_series(const ts_collector *collector);
/* Number of files with this deviation. */
uint64_t ts_collector_deviation(const ts_collector *collector, ts_status status);
const ts_identity *ts_collector_identities(const ts_collector *collector, size_t *count);
size_t ts_collector_creator_count(const ts_collector *collector);
/* The trimmed text of one private creator, valid until the next file is added. */
const uint8_t *ts_collector_creator(const ts_collector *collector, size_t creator, uint32_t *length);

#endif
