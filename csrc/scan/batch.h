/* Reads, parses and counts a batch of files, one after the other.
 *
 * For: worker threads. Each has its own reader, parser and collector, and none waits for another here.
 * Never: a batch that ends because of a file. A file that contributed nothing or only a part is an omission.
 */
#ifndef TAGSNIFF_SCAN_BATCH_H
#define TAGSNIFF_SCAN_BATCH_H

#include "collect/values.h"
#include "read/file_reader.h"
#include "select/selector.h"

typedef struct ts_omission {
    uint64_t offset;  /* of the fault, in bytes from the start of the file */
    uint32_t file;    /* index in the batch, from 0 */
    uint32_t tag;     /* TS_NO_TAG if the status belongs to no element */
    ts_status status; /* the reason; never TS_OK */
    int error_number; /* the errno of CANNOT_OPEN and CANNOT_READ, else 0 */
    bool is_partial;  /* the part of the file before the fault was counted */
} ts_omission;

/* A rule of the standard that a counted file breaks, with the number of times and the first place. */
typedef struct ts_file_deviation {
    uint64_t count;
    uint64_t offset; /* in bytes from the start of the file */
    uint32_t file;   /* index in the batch, from 0 */
    uint32_t tag;    /* TS_NO_TAG if it belongs to no element */
    ts_status status;
} ts_file_deviation;

/* Files of one folder. */
typedef struct ts_batch {
    const char *folder; /* with a separator at its end, then a NUL; empty if the names are paths */
    const char *names;  /* one after the other, each with a NUL at its end */
    size_t names_bytes;
} ts_batch;

/* Counts one parsed file; false ends the batch. The path is borrowed. */
typedef bool (*ts_count_file)(void *collector, const ts_parser *parser, const uint8_t *path, uint32_t path_length,
                              bool is_partial);

typedef struct ts_scan {
    ts_reader *reader;
    ts_parser *parser;
    ts_count_file count;
    void *collector;
    const ts_stop *stop;
    bool keeps_partial;
    ts_buffer *deviations; /* of ts_file_deviation, appended for each counted file; NULL: they are not listed */
    size_t files_done;     /* number of files handled; set by ts_scan_files */
} ts_scan;

/* The three ts_count_file: for a ts_collector, a ts_value_collector and a ts_selector. Only the second uses the path.
 * The third adds what was read of a file, whether it is partial or not. */
bool ts_scan_count_identities(void *collector, const ts_parser *parser, const uint8_t *path, uint32_t path_length,
                              bool is_partial);
bool ts_scan_count_values(void *collector, const ts_parser *parser, const uint8_t *path, uint32_t path_length,
                          bool is_partial);
bool ts_scan_select_values(void *collector, const ts_parser *parser, const uint8_t *path, uint32_t path_length,
                           bool is_partial);

/* Scans the files until the batch ends or scan->stop is set. Appends to `omissions`, a buffer of ts_omission. A file
 * that is being read when the flag is set is one of them, INTERRUPTED, and not counted. False when memory runs out or
 * `count` returns false. */
bool ts_scan_files(ts_scan *scan, const ts_batch *batch, ts_buffer *omissions);

#endif
