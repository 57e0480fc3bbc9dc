/* The header parser: bytes of one file in, element records out (PS3.5 2026b, 7 and annex A; PS3.10 2026b, 7).
 *
 * For: preamble, file meta information, command set and data set in every encoding, nested to any depth within a
 *      stated limit, up to the last element behind Pixel Data.
 * Never: reads by itself, recursion over the input, a copy of Pixel Data, an allocation sized by a number from the
 *      file, or an end without a status.
 *
 * The parser asks for bytes and is fed. After ts_parser_begin, ts_parser_run says TS_PARSE_MORE as long as it lacks
 * bytes: then at least need_length bytes from need_offset on (or all that there are) are given by ts_parser_feed, and
 * it runs on. The bytes belong to the caller and must stay until the next feed. need_length never exceeds
 * TS_NEED_LIMIT. need_offset may jump over large values, and goes back by less than need_length at the most, but for
 * digests_long_values, which may read a value again that turned out to be no sequence.
 */
#ifndef TAGSNIFF_PARSE_PARSE_H
#define TAGSNIFF_PARSE_PARSE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/status.h"
#include "dicom/encoding.h"
#include "parse/element.h"

#define TS_UNKNOWN_SIZE UINT64_MAX

enum {
    TS_TRIAL_WINDOW_BYTES = 65536,              /* a UN value up to this length is tried as a sequence in one window */
    TS_NEED_LIMIT = TS_TRIAL_WINDOW_BYTES + 16, /* bytes that must be in one window at the most */
    TS_TEXT_LIMIT_BYTES = 65536,                /* longer text is length and digest (design, section 4) */
    TS_WHOLE_ROOM_BYTES = 4194304,              /* of a file; where it is used up, long values are digested */
    TS_CREATOR_LIMIT_BYTES = 1024,              /* a private creator above it names nobody; LO allows 64 characters */
    TS_REPEAT_RECORDS = 65536                   /* a file of more records is not compared with the next one */
};

typedef struct ts_limits {
    uint64_t value_limit_bytes;   /* values up to this length are captured while parsing; 0: only what parsing needs */
    bool digests_long_values;     /* longer ones are read too, and digested; but Pixel Data and ts_tag_is_samples */
    uint64_t whole_limit_bytes;   /* and captured instead up to this length, while those of a file are few: they can be
                                   * compared with those of the file before, which is quicker than a digest */
    uint32_t depth_limit;         /* nested items; more is the fault TOO_DEEP */
    uint32_t element_limit;       /* element records; more is the fault TOO_MANY_ELEMENTS */
    uint64_t inflate_limit_bytes; /* of a deflated data set, what is read; more is the fault INFLATE_LIMIT */
    uint32_t stop_after_tag;      /* the first element of the root data set with a greater tag ends the parse, with
                                   * TS_OK; TS_NO_TAG: the file is read to its end */
} ts_limits;

#define TS_LIMITS_DEFAULT                                                                                              \
    ((ts_limits){.value_limit_bytes = TS_TEXT_LIMIT_BYTES,                                                             \
                 .whole_limit_bytes = 1u << 20,                                                                        \
                 .depth_limit = 128,                                                                                   \
                 .element_limit = 1u << 26,                                                                            \
                 .inflate_limit_bytes = 1u << 28,                                                                      \
                 .stop_after_tag = TS_NO_TAG})

typedef enum ts_parse { TS_PARSE_MORE, TS_PARSE_DONE } ts_parse;

/* What is captured of a value that was digested: SHA-256, then the number of bytes of the printable runs found in it
 * (of a text VR none are looked for), both followed by the runs, each behind its length; numbers little endian. */
enum {
    TS_LONG_VALUE_DIGEST_BYTES = 32,
    TS_LONG_VALUE_HEAD_BYTES = TS_LONG_VALUE_DIGEST_BYTES + 8,
    TS_RUN_HEAD_BYTES = 4
};

/* How often a rule was broken, and where first. */
typedef struct ts_deviation {
    uint64_t count;
    uint64_t offset;
    uint32_t tag; /* TS_NO_TAG if it belongs to no element */
} ts_deviation;

typedef struct ts_parser ts_parser;

/* A parser, for one thread at a time and for as many files as one likes; NULL when memory runs out. */
ts_parser *ts_parser_new(ts_limits limits);

/* Frees the parser and its results; NULL is nothing to be freed. */
void ts_parser_free(ts_parser *parser);

/* Starts a new file, forgetting the last one; stream_size, in bytes, may be TS_UNKNOWN_SIZE. */
void ts_parser_begin(ts_parser *parser, uint64_t stream_size);

/* Parses as far as the bytes reach. TS_PARSE_DONE: the results are there, whatever they say. */
ts_parse ts_parser_run(ts_parser *parser);

/* Behind TS_PARSE_MORE: where the bytes begin that are lacking, and how many of them must be in one window at least. */
uint64_t ts_parser_need_offset(const ts_parser *parser);
uint64_t ts_parser_need_length(const ts_parser *parser);

/* Gives the bytes of the stream from `offset` on, as many as one has at hand; `bytes` may be NULL if length is 0. They
 * take the place of those given before. Fewer than need_length are given at the end of the stream only, and then
 * ts_parser_end is called, or the parser asks for the same again. */
void ts_parser_feed(ts_parser *parser, uint64_t offset, const uint8_t *bytes, uint64_t length);

/* The stream ends at stream_size: for readers that did not know, or that found less than they were told. */
void ts_parser_end(ts_parser *parser, uint64_t stream_size);

/* The reader could not go on: ends the parse with this fault. The results are there then. */
void ts_parser_stop(ts_parser *parser, ts_status status);

/* The results, when ts_parser_run has said TS_PARSE_DONE. They are the parser's, and valid until the next begin. */

/* TS_OK, an exclusion or a fault; *offset is where, in bytes, and *tag of what, TS_NO_TAG where it is no element's. */
ts_status ts_parser_status(const ts_parser *parser, uint64_t *offset, uint32_t *tag);

/* The records in the order of the file, with a fault those before it; may be NULL if *count is 0. */
const ts_element *ts_parser_elements(const ts_parser *parser, size_t *count);

/* The bytes that captured_at of a record is an offset into; may be NULL if *length is 0. */
const uint8_t *ts_parser_captured(const ts_parser *parser, size_t *length);

/* Of a status from TS_DEVIATION_FIRST on, TS_DEVIATION_COUNT of them; never NULL, count is 0 if the rule was kept. */
const ts_deviation *ts_parser_deviation(const ts_parser *parser, ts_status status);

/* The parse ended before an element behind stop_after_tag; of what stands there nothing is known. */
bool ts_parser_is_stopped(const ts_parser *parser);

/* What a file has in common with one that was read before: see docs/repeated-files.md. */
typedef struct ts_repeat {
    uint64_t file;    /* number of the file: they are counted from 1, those that could not be read included */
    uint64_t same_as; /* number of the file that it has the same records as, the last one that was read to its end:
                       * as many, of the same elements, with the same private creators; 0 if there is none */
    const int32_t *changed; /* then: the records, in ascending order, whose values are not those of that file; of values
                             * that are not captured the length counts */
    size_t changed_count;
    size_t taken_count; /* so many records, the first ones, were taken over from the file before */
} ts_repeat;

ts_repeat ts_parser_repeat(const ts_parser *parser);

/* Record of (0002,0010) Transfer Syntax UID, or -1. */
int32_t ts_parser_transfer_syntax(const ts_parser *parser);

/* Offset of the first byte that is deflated, or TS_UNKNOWN_SIZE; from there on offsets count inflated bytes. */
uint64_t ts_parser_deflated_from(const ts_parser *parser);

#endif
