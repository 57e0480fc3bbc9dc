/* Inflation of a deflated data set in bounded pieces: the implementation of inflate.h with zlib (PS3.5 2026b, A.5; RFC
 * 1951).
 *
 * For: keeping one window of inflated bytes at the parser's position.
 * Never: output memory sized by the file; bytes before the position are dropped.
 */
#include "parse/inflate.h"

#include <stdlib.h>
#include <string.h>
#include <zlib.h>

/* Small enough that little is inflated after the end of a skipped value, large enough for the inner loop of zlib. */
enum { PIECE_BYTES = 32768 };

bool ts_inflate_is_impossible(const uint8_t *bytes) {
    const unsigned block_type = bytes[0] >> 1 & 3;
    if (block_type == 0) { /* a stored block: its length, and the complement of that */
        return (bytes[1] ^ bytes[3]) != 0xFF || (bytes[2] ^ bytes[4]) != 0xFF;
    }
    return block_type == 3;
}

ts_inflate_form ts_inflate_find_form(const uint8_t *bytes) {
    if (!ts_inflate_is_impossible(bytes)) {
        return TS_INFLATE_RAW;
    }
    if (bytes[0] == 0x1F && bytes[1] == 0x8B && bytes[2] == 8) {
        return TS_INFLATE_GZIP;
    }
    /* Method 8, a window of 32 KiB at most, a checksum, no dictionary (RFC 1950, 2.2). */
    const bool is_zlib = (bytes[0] & 0x0F) == 8 && bytes[0] >> 4 <= 7 && (bytes[0] << 8 | bytes[1]) % 31 == 0;
    return is_zlib && (bytes[1] & 0x20) == 0 ? TS_INFLATE_ZLIB : TS_INFLATE_RAW;
}

/* Negative for a raw stream, 16 more for gzip. */
int ts_inflate_window_bits(ts_inflate_form form) {
    return form == TS_INFLATE_RAW ? -MAX_WBITS : form == TS_INFLATE_ZLIB ? MAX_WBITS : MAX_WBITS + 16;
}

bool ts_inflate_begin(ts_inflater *inflater, ts_inflate_form form) {
    if (inflater->zlib == NULL) {
        inflater->zlib = calloc(1, sizeof *inflater->zlib);
        inflater->window = malloc(TS_INFLATE_WINDOW_BYTES);
        if (inflater->zlib == NULL || inflater->window == NULL) {
            ts_inflate_free(inflater);
            return false;
        }
        if (inflateInit2(inflater->zlib, ts_inflate_window_bits(form)) != Z_OK) {
            free(inflater->zlib);
            inflater->zlib = NULL;
            ts_inflate_free(inflater);
            return false;
        }
    } else if (inflateReset2(inflater->zlib, ts_inflate_window_bits(form)) != Z_OK) {
        return false;
    }
    inflater->has_pending_output = false;
    return true;
}

void ts_inflate_free(ts_inflater *inflater) {
    if (inflater->zlib != NULL) {
        (void)inflateEnd(inflater->zlib);
        free(inflater->zlib);
    }
    free(inflater->window);
    inflater->zlib = NULL;
    inflater->window = NULL;
}

/* Moves the bytes from the position on to the start of the window. */
static void drop_passed_bytes(ts_inflater *inflater, ts_cursor *cursor) {
    const uint64_t kept = ts_cursor_available(cursor);
    const uint8_t *from = ts_cursor_peek(cursor, kept);
    if (kept > 0) {
        memmove(inflater->window, from, (size_t)kept);
        cursor->window_offset = cursor->at;
    } else {
        cursor->window_offset += cursor->window_length;
    }
    cursor->window_length = kept;
    cursor->window = inflater->window;
}

ts_inflated ts_inflate_more(ts_inflater *inflater, ts_cursor *file, ts_cursor *cursor) {
    const uint64_t input_length = ts_cursor_available(file);
    const uint8_t *input = ts_cursor_peek(file, input_length);
    z_stream *zlib = inflater->zlib;
    if (input_length == 0 && !inflater->has_pending_output) {
        return TS_INFLATE_INPUT;
    }
    drop_passed_bytes(inflater, cursor);
    const uint64_t room = TS_INFLATE_WINDOW_BYTES - cursor->window_length;
    const uInt piece = (uInt)(room < PIECE_BYTES ? room : PIECE_BYTES);
    const uInt given = (uInt)(input_length < PIECE_BYTES ? input_length : PIECE_BYTES);
    zlib->next_in = (z_const Bytef *)input;
    zlib->avail_in = given;
    zlib->next_out = &inflater->window[cursor->window_length];
    zlib->avail_out = piece;
    const int result = inflate(zlib, Z_NO_FLUSH);
    file->at += given - zlib->avail_in;
    cursor->window_length += piece - zlib->avail_out;
    zlib->next_in = NULL;
    inflater->has_pending_output = zlib->avail_out == 0;
    switch (result) {
    case Z_OK:
    case Z_BUF_ERROR: /* no progress without more input or room; the caller calls again with both */
        return TS_INFLATED;
    case Z_STREAM_END:
        return TS_INFLATE_END;
    case Z_MEM_ERROR:
        return TS_INFLATE_MEMORY;
    default:
        return TS_INFLATE_BAD;
    }
}
