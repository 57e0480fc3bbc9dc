/* A batch of files read, parsed and counted, one after the other.
 *
 * For: threads; each has a reader, a parser and a collector of its own, and nothing here waits for another.
 * Never: an end because of a file. What contributed nothing, or a part, is a row of the omissions.
 *
 * X(type, name, dimension, numpy format) as in element.h
 *   offset        of the fault, in bytes from the start of the file
 *   file          place in the batch, from 0
 *   tag           TS_NO_TAG if the status belongs to no element
 *   status        why; never TS_OK
 *   error_number  errno behind CANNOT_OPEN and CANNOT_READ, else 0
 *   is_partial    what stood before the fault was counted
 */
#ifndef TAGSNIFF_SCAN_BATCH_H
#define TAGSNIFF_SCAN_BATCH_H

#include "collect/values.h"
#include "read/file_reader.h"
#include "select/selector.h"

/* clang-format off */
#define TS_OMISSION_FIELDS(X)                                                                                          \
    X(uint64_t, offset,          , "u8")                                                                               \
    X(uint32_t, file,            , "u4")                                                                               \
    X(uint32_t, tag,             , "u4")                                                                               \
    X(int32_t,  status,          , "i4")                                                                               \
    X(int32_t,  error_number,    , "i4")                                                                               \
    X(uint8_t,  is_partial,      , "u1")
/* clang-format on */

typedef struct ts_omission {
    TS_OMISSION_FIELDS(TS_FIELD_MEMBER)
} ts_omission;

const ts_field *ts_omission_fields(uint32_t *count);

/* Files of one folder. */
typedef struct ts_batch {
    const char *folder; /* with the separator behind it, ended by a zero byte; empty if the names are paths */
    const char *names;  /* one behind the other, each ended by a zero byte */
    size_t names_bytes;
} ts_batch;

/* What is done with each file that was parsed; false ends the batch. */
typedef bool (*ts_count_file)(void *collector, const ts_parser *parser, const uint8_t *path, uint32_t path_length,
                              bool is_partial);

typedef struct ts_scan {
    ts_reader *reader;
    ts_parser *parser;
    ts_count_file count;
    void *collector;
    const ts_stop *stop;
    bool keeps_partial;
    size_t files_done; /* set by ts_scan_files */
} ts_scan;

/* The same for a ts_collector, which needs no path, for a ts_value_collector, and for a ts_selector, which needs none
 * either and takes what there is of a file that is read in part. */
bool ts_scan_count_identities(void *collector, const ts_parser *parser, const uint8_t *path, uint32_t path_length,
                              bool is_partial);
bool ts_scan_count_values(void *collector, const ts_parser *parser, const uint8_t *path, uint32_t path_length,
                          bool is_partial);
bool ts_scan_select_values(void *collector, const ts_parser *parser, const uint8_t *path, uint32_t path_length,
                           bool is_partial);

/* Omissions are appended to a buffer of ts_omission; a file that is being read when the end is asked for is one of
 * them, INTERRUPTED, and not counted. False when memory runs out, or when `count` said so. */
bool ts_scan_files(ts_scan *scan, const ts_batch *batch, ts_buffer *omissions);

#endif
