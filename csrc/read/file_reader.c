/* Reads one file through the parser with open, fstat and pread: the implementation of file_reader.h.
 *
 * For: giving the parser at least what it asks for, and a little more if it will probably ask for that next.
 * Never: trust in the size of the file. A file that ends early is the fault FILE_CHANGED.
 */
#if !defined(_WIN32)
#define _POSIX_C_SOURCE 200809L
#define _FILE_OFFSET_BITS 64
#endif

#include "read/file_reader.h"

#include <stdlib.h>

enum {
    FIRST_READ_BYTES = 8192,  /* holds most headers; larger first reads cost more than they save */
    SPARE_BYTES = 512,        /* a header that is longer than the previous one by at most this still needs one read */
    MOST_FIRST_BYTES = 65536, /* the largest first read, if the previous header was that long */
    MOST_READ_BYTES = 131072, /* at least TS_NEED_LIMIT */
    CACHED_READ_NS = 30000,   /* a read from memory takes less, a read from any disk takes more */
    SMALL_FILE_BYTES = 131072 /* about the read-ahead of the system: for smaller files nothing can be saved */
};

void ts_reader_begin(ts_reader *reader) {
    reader->buffer = NULL;
    reader->capacity = 0;
    reader->last_header_end = 0;
    reader->stop = NULL;
    reader->waits = true;
}

void ts_reader_free(ts_reader *reader) {
    free(reader->buffer);
    ts_reader_begin(reader);
}

#if TS_HAS_PATH_READER

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

_Static_assert((int)TS_NEED_LIMIT <= (int)MOST_READ_BYTES, "what the parser may ask for fits the largest buffer");

static bool make_room(ts_reader *reader, size_t length) {
    if (length <= reader->capacity) {
        return true;
    }
    uint8_t *buffer = realloc(reader->buffer, length);
    if (buffer == NULL) {
        return false;
    }
    reader->buffer = buffer;
    reader->capacity = length;
    return true;
}

/* Reads up to `length` bytes, fewer only at the end of the file. Negative on an error, which is in errno. */
static ssize_t read_fully(int descriptor, uint8_t *buffer, size_t length, uint64_t offset) {
    size_t filled = 0;
    while (filled < length) {
        const ssize_t got = pread(descriptor, &buffer[filled], length - filled, (off_t)(offset + filled));
        if (got < 0 && errno == EINTR) {
            continue;
        }
        if (got < 0) {
            return got;
        }
        if (got == 0) {
            break;
        }
        filled += (size_t)got;
    }
    return (ssize_t)filled;
}

static int64_t read_clock_ns(void) {
    struct timespec now = {.tv_sec = 0};
    (void)clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000000000 + now.tv_nsec;
}

/* The files of a folder are similar: the first read is as long as the previous header and hardly longer, because
 * reading more takes more time. */
static size_t choose_first_read(const ts_reader *reader) {
    if (reader->last_header_end == 0) {
        return FIRST_READ_BYTES;
    }
    if (reader->last_header_end >= MOST_FIRST_BYTES - SPARE_BYTES) {
        return MOST_FIRST_BYTES;
    }
    return (size_t)reader->last_header_end + SPARE_BYTES;
}

/* A header that is longer than expected may be much longer. */
static size_t choose_next_read(size_t length) {
    if (length < FIRST_READ_BYTES) {
        return FIRST_READ_BYTES;
    }
    return length < MOST_READ_BYTES / 2 ? length * 2 : MOST_READ_BYTES;
}

/* The end of the header of the file that was just parsed. `read_end` is the end of the bytes that were read from the
 * start of the file without a gap. */
static uint64_t find_header_end(const ts_parser *parser, uint64_t read_end) {
    size_t count;
    const ts_element *elements = ts_parser_elements(parser, &count);
    if (ts_parser_deflated_from(parser) != TS_UNKNOWN_SIZE) {
        return read_end; /* the offsets count inflated bytes */
    }
    while (count > 0 && (elements[count - 1].value_offset > read_end || elements[count - 1].tag == TS_TAG_PREAMBLE)) {
        count--; /* after Pixel Data, or the preamble, whose record is the last one */
    }
    if (count == 0) {
        return read_end;
    }
    const ts_element *last = &elements[count - 1];
    return last->end_offset < read_end ? last->end_offset : last->value_offset;
}

static bool is_stop_asked(const ts_reader *reader) { return reader->stop != NULL && ts_stop_is_asked(reader->stop); }

static int read_file(ts_reader *reader, ts_parser *parser, int descriptor, bool is_scan) {
    struct stat info;
    ts_parser_begin(parser, TS_UNKNOWN_SIZE);
    if (fstat(descriptor, &info) != 0) {
        const int error = errno;
        ts_parser_stop(parser, TS_CANNOT_READ);
        return error;
    }
    if (!S_ISREG(info.st_mode)) {
        ts_parser_stop(parser, TS_SPECIAL_FILE);
        return 0;
    }
#if defined(POSIX_FADV_RANDOM)
    if (is_scan && reader->waits && info.st_size > SMALL_FILE_BYTES) {
        (void)posix_fadvise(descriptor, 0, 0, POSIX_FADV_RANDOM); /* no read-ahead into Pixel Data */
    }
#endif
    ts_parser_begin(parser, (uint64_t)info.st_size);
    uint64_t expected = 0;
    uint64_t read_end = 0; /* end of the bytes read without a gap */
    size_t length = choose_first_read(reader);
    while (ts_parser_run(parser) == TS_PARSE_MORE) {
        /* Checked for every read: a file can be as large as the disk. */
        if (is_stop_asked(reader)) {
            ts_parser_stop(parser, TS_INTERRUPTED);
            return 0;
        }
        const uint64_t offset = ts_parser_need_offset(parser);
        const uint64_t needed = ts_parser_need_length(parser);
        /* A header that goes on where the last read ended is long; after a gap only little follows. */
        if (offset > expected) {
            length = FIRST_READ_BYTES;
        } else if (expected > 0) {
            length = choose_next_read(length);
        }
        const size_t wanted = needed > length ? (size_t)needed : length;
        if (!make_room(reader, wanted)) {
            ts_parser_stop(parser, TS_OUT_OF_MEMORY);
            return 0;
        }
        const int64_t start_ns = expected == 0 ? read_clock_ns() : 0;
        const ssize_t got = read_fully(descriptor, reader->buffer, wanted, offset);
        if (expected == 0) {
            reader->waits = read_clock_ns() - start_ns > CACHED_READ_NS;
        }
        if (got < 0) {
            const int error = errno;
            ts_parser_stop(parser, TS_CANNOT_READ);
            return error;
        }
        ts_parser_feed(parser, offset, reader->buffer, (uint64_t)got);
        if ((uint64_t)got < needed) {
            ts_parser_end(parser, offset + (uint64_t)got);
        }
        if (offset <= expected && read_end == expected) {
            read_end = offset + (uint64_t)got;
        }
        expected = offset + (uint64_t)got;
    }
    reader->last_header_end = find_header_end(parser, read_end);
    return 0;
}

int ts_read_descriptor(ts_reader *reader, ts_parser *parser, int descriptor) {
    return read_file(reader, parser, descriptor, false);
}

int ts_open_folder(const char *path) {
    int folder;
    do {
        folder = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    } while (folder < 0 && errno == EINTR);
    return folder < 0 ? TS_NO_FOLDER : folder;
}

void ts_close_folder(int folder) {
    if (folder != TS_NO_FOLDER) {
        (void)close(folder);
    }
}

int ts_read_path(ts_reader *reader, ts_parser *parser, int folder, const char *path) {
    /* O_NONBLOCK: a pipe that has replaced a file must not block the scan. */
    const int at = folder == TS_NO_FOLDER ? AT_FDCWD : folder;
    int descriptor;
    do {
        descriptor = openat(at, path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
    } while (descriptor < 0 && errno == EINTR && !is_stop_asked(reader));
    if (descriptor < 0) {
        const int error = errno;
        ts_parser_begin(parser, TS_UNKNOWN_SIZE);
        if (error == EINTR) {
            ts_parser_stop(parser, TS_INTERRUPTED);
            return 0;
        }
        ts_parser_stop(parser, TS_CANNOT_OPEN);
        return error;
    }
    const int error = read_file(reader, parser, descriptor, true);
    (void)close(descriptor);
    return error;
}

#else

int ts_open_folder(const char *path) {
    (void)path;
    return TS_NO_FOLDER;
}

void ts_close_folder(int folder) { (void)folder; }

int ts_read_path(ts_reader *reader, ts_parser *parser, int folder, const char *path) {
    (void)reader;
    (void)folder;
    (void)path;
    ts_parser_begin(parser, TS_UNKNOWN_SIZE);
    ts_parser_stop(parser, TS_CANNOT_OPEN);
    return 0;
}

int ts_read_descriptor(ts_reader *reader, ts_parser *parser, int descriptor) {
    (void)descriptor;
    return ts_read_path(reader, parser, TS_NO_FOLDER, NULL);
}

#endif
