/* Text inside a binary value: printable runs, and those in base64 and in gzip and zlib streams in it (RFC 1950, 1952).
 *
 * For: values of binary VRs, by the parser while it digests them, and by the collector of values.
 * Never: more than one level deep, a stream beyond its bounds, or text that is left out in silence.
 */
#ifndef TAGSNIFF_PARSE_FOUND_TEXT_H
#define TAGSNIFF_PARSE_FOUND_TEXT_H

#include "dicom/printable_runs.h"

/* Where text was found; the numbers are those of ts_element_use. */
typedef enum ts_text_source {
    TS_TEXT_IN_BYTES = 1,
    TS_TEXT_IN_GZIP,
    TS_TEXT_IN_ZLIB,
    TS_TEXT_IN_BASE64,
    TS_TEXT_SOURCES = TS_TEXT_IN_BASE64
} ts_text_source;

/* A stream may begin at offset 0 to TS_STREAM_LAST_OFFSET of the value. Of its inflated bytes at most
 * TS_STREAM_LIMIT_BYTES are read, and at most TS_STREAM_RATIO for each byte of the value. */
enum { TS_STREAM_LAST_OFFSET = 16, TS_STREAM_LIMIT_BYTES = 4 * 1024 * 1024, TS_STREAM_RATIO = 200 };

typedef struct ts_found_text {
    ts_text text;
    uint8_t source;
    bool is_declared; /* as in ts_run */
    bool is_utf16;    /* as in ts_run */
    bool is_cut;      /* as in ts_run */
    bool is_part;     /* in a stream of which only a part could be read: damaged, cut off, or beyond a bound */
    bool is_size; /* such a stream in which no text was found: the "text" is the number of its inflated bytes, as u64
                     little endian */
} ts_found_text;

/* The head of a found text among the captured bytes of a long value (parse.h): its length as u32, little endian, its
 * source, and a bit for each of the members from is_declared on. */
enum { TS_FOUND_HEAD_BYTES = 6 };

/* Whether a text that was found in samples is one. Samples have many printable bytes; a few letters of UTF-8 are rare
 * among them, and what is decoded from base64 or from a stream is text. */
bool ts_found_is_text_of_samples(const ts_found_text *found);

void ts_write_found_head(const ts_found_text *found, uint8_t head[TS_FOUND_HEAD_BYTES]);
/* The text whose head is at `captured`; the bytes are borrowed. */
ts_found_text ts_captured_found(const uint8_t *captured);

/* Called for each text, which is borrowed; false when memory runs out. */
typedef bool (*ts_take_found)(void *context, const ts_found_text *found);

typedef enum ts_stream_state {
    TS_STREAM_UNDECIDED, /* the value may begin with a stream */
    TS_STREAM_OPEN,
    TS_STREAM_NONE /* none, or it has ended: the bytes are looked at as they are */
} ts_stream_state;

typedef struct ts_text_finder {
    ts_take_found take;
    void *context;

    ts_runs runs;    /* of the value */
    ts_runs inner;   /* of what base64 or a stream stands for */
    ts_buffer bytes; /* uint8_t: the value from its start, as long as it may turn out that it has no stream; then the
                        bytes before the stream and the latest ones of it */
    ts_buffer found; /* uint8_t: the runs of the open stream, each after its length; passed on at its end */
    ts_buffer piece; /* uint8_t: decoded base64 */

    ts_stream_state state;
    ts_text_source source;   /* of the open stream */
    struct z_stream_s *zlib; /* NULL before the first stream */
    size_t offset;           /* of the open stream in `bytes` */
    size_t inflated;         /* index of the first of `bytes` that was not inflated yet */
    uint64_t in_bytes, out_bytes;
    bool is_sure;           /* so much was inflated that it is a stream */
    bool has_common_header; /* zlib's header for its own levels, which few other bytes are */
} ts_text_finder;

/* Starts with no value; the caller then sets take and context. */
void ts_text_finder_begin(ts_text_finder *finder);
void ts_text_finder_free(ts_text_finder *finder);
/* Begins a value, and discards what is left of one that was not ended. */
void ts_text_finder_clear(ts_text_finder *finder, ts_charset_kind kind);
/* Adds the next bytes of the value; ts_text_finder_end ends it. Both return false when memory runs out. */
bool ts_text_finder_add(ts_text_finder *finder, const uint8_t *bytes, size_t length);
bool ts_text_finder_end(ts_text_finder *finder);

#endif
