/* Reading one file of a POSIX system through the parser.
 *
 * For: scans of many files: what the parser asks for is read with pread into one buffer that is used again.
 * Never: a read of what the parser steps over, the opening of anything but a regular file, a buffer sized by a file.
 */
#ifndef TAGSNIFF_READ_FILE_READER_H
#define TAGSNIFF_READ_FILE_READER_H

#include "base/stop.h"
#include "parse/parse.h"

#if !defined(_WIN32)
#define TS_HAS_PATH_READER 1
#else
#define TS_HAS_PATH_READER 0 /* the reader of Python file objects does the work */
#endif

/* For one thread at a time, and for as many files as one likes. Its members are its own. */
typedef struct ts_reader {
    uint8_t *buffer;
    size_t capacity;          /* in bytes */
    uint64_t last_header_end; /* in bytes: of the file before; 0 before the first one */
    const ts_stop *stop; /* asked between two reads of a file, which then ends with INTERRUPTED; NULL if nobody asks */
    bool waits;          /* the file before had to be waited for, so that the next one is hardly in memory either */
} ts_reader;

/* No memory is taken until the first file is read. */
void ts_reader_begin(ts_reader *reader);

/* Frees its memory; it may begin again. */
void ts_reader_free(ts_reader *reader);

#define TS_NO_FOLDER (-1)

/* A descriptor of a folder, or TS_NO_FOLDER if it cannot be opened; the caller closes it. */
int ts_open_folder(const char *path);
void ts_close_folder(int folder);

/* Parses the file, whose path begins at the folder (TS_NO_FOLDER: at the current one); the result is the parser's.
 * Returns 0, or the errno behind CANNOT_OPEN and CANNOT_READ. Without TS_HAS_PATH_READER both functions end with
 * CANNOT_OPEN. */
int ts_read_path(ts_reader *reader, ts_parser *parser, int folder, const char *path);

/* The same for an open file descriptor of a regular file, which stays open; its position is not used. */
int ts_read_descriptor(ts_reader *reader, ts_parser *parser, int descriptor);

#endif
