/* Inflation of a deflated data set in bounded pieces (PS3.5 2026b, A.5; RFC 1951).
 *
 * For: the parser's stream, which needs the next inflated bytes.
 * Never: more memory than one window, whatever the file contains.
 */
#ifndef TAGSNIFF_PARSE_INFLATE_H
#define TAGSNIFF_PARSE_INFLATE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/cursor.h"

typedef struct ts_inflater {
    struct z_stream_s *zlib; /* NULL until the first deflated file */
    uint8_t *window;         /* of TS_INFLATE_WINDOW_BYTES */
    bool has_pending_output; /* the last piece was filled, so zlib may have more output without more input */
} ts_inflater;

enum { TS_INFLATE_WINDOW_BYTES = 2 * 65536 };

typedef enum ts_inflated {
    TS_INFLATED,      /* the window may hold more than before; call again if it is not enough */
    TS_INFLATE_INPUT, /* more bytes of the file are needed */
    TS_INFLATE_END,   /* the deflate stream is complete */
    TS_INFLATE_BAD,   /* the deflate stream is damaged */
    TS_INFLATE_MEMORY
} ts_inflated;

/* What is around the bit stream: nothing, as PS3.5 A.5 requires, or the header and checksum of zlib (RFC 1950) or gzip
 * (RFC 1952). */
typedef enum ts_inflate_form { TS_INFLATE_RAW, TS_INFLATE_ZLIB, TS_INFLATE_GZIP } ts_inflate_form;

/* Whether the bytes cannot begin a raw deflate stream (RFC 1951, 3.2.3 and 3.2.4). At least five bytes are there. */
bool ts_inflate_is_impossible(const uint8_t *bytes);

/* The form that the first five bytes or more show. A header of zlib or gzip cannot begin a raw stream. */
ts_inflate_form ts_inflate_find_form(const uint8_t *bytes);

/* The parameter windowBits of zlib for this form. */
int ts_inflate_window_bits(ts_inflate_form form);

/* Starts a new deflate stream; allocates for the first one. False when memory runs out; the inflater can still be
 * freed. */
bool ts_inflate_begin(ts_inflater *inflater, ts_inflate_form form);

void ts_inflate_free(ts_inflater *inflater);

/* Inflates bytes of `file` into the window of `cursor` and drops the bytes before its position. Moves the position of
 * `file` past the bytes that were used. The window belongs to the inflater and is valid until the next call. */
ts_inflated ts_inflate_more(ts_inflater *inflater, ts_cursor *file, ts_cursor *cursor);

#endif
