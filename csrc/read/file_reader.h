/* Reads one file through the parser, on POSIX systems.
 *
 * For: scans of many files. What the parser asks for is read with pread into one buffer, which the next file reuses.
 * Never: a read of bytes that the parser skips, a read from anything but a regular file, or a buffer sized by a file.
 */
#ifndef TAGSNIFF_READ_FILE_READER_H
#define TAGSNIFF_READ_FILE_READER_H

#include "base/stop.h"
#include "parse/parse.h"

#if !defined(_WIN32)
#define TS_HAS_PATH_READER 1
#else
#define TS_HAS_PATH_READER 0 /* files are read through Python file objects instead */
#endif

/* For one thread at a time and any number of files. The members are private. */
typedef struct ts_reader {
    uint8_t *buffer;
    size_t capacity;          /* in bytes */
    uint64_t last_header_end; /* end of the header of the previous file, in bytes; 0 before the first file */
    const ts_stop *stop; /* checked between two reads of a file, which then ends with INTERRUPTED; NULL: not checked */
    bool waits;          /* the previous file was not in memory, so the next one probably is not either */
} ts_reader;

/* Starts a reader. Allocates nothing: the first file does. */
void ts_reader_begin(ts_reader *reader);

/* Frees the memory; the reader can be used again. */
void ts_reader_free(ts_reader *reader);

#define TS_NO_FOLDER (-1)

/* Returns a descriptor of the folder, or TS_NO_FOLDER if it cannot be opened. The caller closes it. */
int ts_open_folder(const char *path);
void ts_close_folder(int folder);

/* Parses the file whose path is relative to the folder (TS_NO_FOLDER: to the current one). The result is in the parser.
 * Returns 0, or the errno of CANNOT_OPEN or CANNOT_READ. Without TS_HAS_PATH_READER this function and the next one end
 * with CANNOT_OPEN. */
int ts_read_path(ts_reader *reader, ts_parser *parser, int folder, const char *path);

/* The same for an open descriptor of a regular file. It stays open; its position is neither used nor changed. */
int ts_read_descriptor(ts_reader *reader, ts_parser *parser, int descriptor);

#endif
