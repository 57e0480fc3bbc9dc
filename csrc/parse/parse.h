/* The header parser: from the bytes of one file to element records (PS3.5 2026b, 7 and annex A; PS3.10 2026b, 7).
 *
 * For: preamble, file meta information, command set and data set in every encoding, nested to any depth within a given
 *      limit, up to the last element after Pixel Data.
 * Never: a read of its own, recursion over the input, a copy of Pixel Data, an allocation sized by a number from the
 *        file, or an end without a status.
 *
 * The caller feeds the bytes. After ts_parser_begin, ts_parser_run returns TS_PARSE_MORE as long as bytes are missing.
 * The caller then passes at least need_length bytes from need_offset on (or all that the file has) to ts_parser_feed
 * and runs the parser again. The bytes belong to the caller and must stay valid until the next feed. need_length is at
 * most TS_NEED_LIMIT. need_offset may skip large values. It goes back by less than need_length, with one exception: a
 * value that turned out not to be a sequence may be read again from its start, if it is in fragments or if
 * digests_long_values is set.
 */
#ifndef TAGSNIFF_PARSE_PARSE_H
#define TAGSNIFF_PARSE_PARSE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/bytes.h"
#include "base/status.h"
#include "dicom/encoding.h"
#include "parse/element.h"

#define TS_UNKNOWN_SIZE UINT64_MAX

enum {
    TS_TRIAL_WINDOW_BYTES = 65536,              /* a UN value up to this length is tried as a sequence in one window */
    TS_NEED_LIMIT = TS_TRIAL_WINDOW_BYTES + 16, /* the most bytes that must be in one window */
    TS_TEXT_LIMIT_BYTES = 65536,                /* of a longer text, the start, the length and a digest are recorded */
    TS_TEXT_HEAD_CHARACTERS = 1024,             /* the start of a longer text that is recorded */
    TS_TEXT_HEAD_BYTES = 4096,                  /* and the bytes that these characters have at most */
    TS_WHOLE_ROOM_BYTES = 4194304,              /* captured bytes of a file above which long values are digested */
    TS_CREATOR_LIMIT_BYTES = 1024,              /* a longer private creator is not used; LO allows 64 characters */
    TS_DEEP_FROM = 16,                          /* items around an element that real files do not have */
    TS_DEEP_STEPS = 131072,                     /* sum over the elements of a file of the items beyond TS_DEEP_FROM: the
                                                   name of an element has all of them, so more is TOO_MANY_DEEP. A
                                                   caller with a higher depth_limit wants them */
    TS_DEPTH_LIMIT = 128,                       /* of nested items, unless the caller sets another */
    TS_REPEAT_RECORDS = 65536                   /* a file of more records is not compared with the next one */
};

typedef struct ts_limits {
    uint64_t value_limit_bytes;   /* values up to this length are captured, except Pixel Data; 0: those always needed */
    bool digests_long_values;     /* longer values are digested, except Pixel Data; of other samples the first
                                     TS_SAMPLES_SEARCHED_BYTES */
    bool identifies_series;       /* Series Instance UID, Patient ID and its issuer are captured up to
                                     TS_TEXT_LIMIT_BYTES, and digested if longer, whatever the other limits are */
    bool captures_long_text;      /* longer values of text VRs are captured whole, whatever their length */
    bool reads_all_bytes;         /* with digests_long_values: samples are digested to their end, and so is Pixel Data,
                                     native or in fragments */
    uint64_t whole_limit_bytes;   /* then longer values up to this length are captured instead, as long as at most
                                     TS_WHOLE_ROOM_BYTES of the file are captured: comparing them with those of the
                                     previous file is faster than a digest */
    bool records_other_bytes;     /* a filled preamble and the bytes after the data set get records of their own */
    uint32_t depth_limit;         /* of nested items; more is the fault TOO_DEEP */
    uint32_t element_limit;       /* in element records; more is the fault TOO_MANY_ELEMENTS */
    uint64_t inflate_limit_bytes; /* bytes of a deflated data set that are read; more is the fault INFLATE_LIMIT */
    uint32_t stop_after_tag;      /* a root element with a greater tag ends the parse with TS_OK; TS_NO_TAG: none */
} ts_limits;

#define TS_LIMITS_DEFAULT                                                                                              \
    ((ts_limits){.value_limit_bytes = TS_TEXT_LIMIT_BYTES,                                                             \
                 .whole_limit_bytes = 1u << 20,                                                                        \
                 .depth_limit = TS_DEPTH_LIMIT,                                                                        \
                 .element_limit = 1u << 26,                                                                            \
                 .inflate_limit_bytes = 1u << 28,                                                                      \
                 .stop_after_tag = TS_NO_TAG})

typedef enum ts_parse { TS_PARSE_MORE, TS_PARSE_DONE } ts_parse;

/* The captured bytes of a value that was digested: its SHA-256, the number of bytes that follow the head, the length of
 * the value (of fragments: that of their bytes, without their headers), then the text found in a binary value or in
 * samples, each one after a head of TS_FOUND_HEAD_BYTES: see found_text.h. A value of a text or numeric VR has its
 * first TS_TEXT_HEAD_BYTES instead. Of samples that are not in fragments, the digest and the text are those of the
 * first TS_SAMPLES_SEARCHED_BYTES. Numbers are little endian. */
enum {
    TS_LONG_VALUE_DIGEST_BYTES = 32,
    TS_LONG_VALUE_LENGTH_AT = TS_LONG_VALUE_DIGEST_BYTES + 8,
    TS_LONG_VALUE_HEAD_BYTES = TS_LONG_VALUE_LENGTH_AT + 8
};

/* What follows the head of a digested value: its start or the text found in it. It points into the captured bytes. */
ts_text ts_digested_text(const ts_element *element, const uint8_t *captured);

/* How often a file broke a rule, and where first. */
typedef struct ts_deviation {
    uint64_t count;
    uint64_t offset;
    uint32_t tag; /* TS_NO_TAG if the place is not in an element */
} ts_deviation;

typedef struct ts_parser ts_parser;

/* Returns a parser, for one thread at a time and any number of files. NULL when memory runs out. The caller frees it
 * with ts_parser_free. */
ts_parser *ts_parser_new(ts_limits limits);

/* Frees the parser and its results. NULL is allowed. */
void ts_parser_free(ts_parser *parser);

/* Starts a new file. The results of the last file are no longer valid. stream_size is in bytes and may be
 * TS_UNKNOWN_SIZE. */
void ts_parser_begin(ts_parser *parser, uint64_t stream_size);

/* Parses as far as the bytes reach. TS_PARSE_DONE: the results can be read, whatever the status. */
ts_parse ts_parser_run(ts_parser *parser);

/* After TS_PARSE_MORE: the offset of the missing bytes, and how many of them must be in one window at least. */
uint64_t ts_parser_need_offset(const ts_parser *parser);
uint64_t ts_parser_need_length(const ts_parser *parser);

/* Passes the bytes of the stream from `offset` on, as many as the caller has; `bytes` may be NULL if length is 0. They
 * replace those of the last call. Fewer than need_length are passed only at the end of the stream, and ts_parser_end is
 * called then; otherwise the parser returns TS_PARSE_MORE for the same bytes again. */
void ts_parser_feed(ts_parser *parser, uint64_t offset, const uint8_t *bytes, uint64_t length);

/* Says that the stream ends at stream_size, for callers that did not know the size or that found fewer bytes than they
 * expected. Less than the size known before is the fault FILE_CHANGED. */
void ts_parser_end(ts_parser *parser, uint64_t stream_size);

/* Ends the parse with this fault, because the caller cannot go on reading. The results can be read afterwards. */
void ts_parser_stop(ts_parser *parser, ts_status status);

/* The results, after ts_parser_run has returned TS_PARSE_DONE. They belong to the parser and are valid until the next
 * ts_parser_begin. */

/* Returns TS_OK, an exclusion or a fault. *offset becomes its place in bytes, *tag the tag of the element, TS_NO_TAG if
 * it is not in an element. */
ts_status ts_parser_status(const ts_parser *parser, uint64_t *offset, uint32_t *tag);

/* Returns the records in the order of the file; after a fault, those before it. May be NULL if *count is 0. */
const ts_element *ts_parser_elements(const ts_parser *parser, size_t *count);

/* Returns the captured bytes, into which captured_at of a record is an offset. May be NULL if *length is 0. */
const uint8_t *ts_parser_captured(const ts_parser *parser, size_t *length);

/* Returns the deviations of a status, one of the TS_DEVIATION_COUNT from TS_DEVIATION_FIRST on. Never NULL; count is 0
 * if the rule was kept. */
const ts_deviation *ts_parser_deviation(const ts_parser *parser, ts_status status);

/* Whether the parse ended at an element with a tag greater than stop_after_tag. Nothing is known about what follows. */
bool ts_parser_is_stopped(const ts_parser *parser);
/* Whether the parser was made with reads_all_bytes. */
bool ts_parser_reads_all_bytes(const ts_parser *parser);

/* What a file has in common with the file before it; see docs/repeated-files.md. */
typedef struct ts_repeat {
    uint64_t file;    /* number of this file, counted from 1; files that could not be read are counted, too */
    uint64_t same_as; /* number of the last file before it that was read to its end, if this one has the same records:
                         as many, of the same elements, with the same private creators; else 0 */
    const int32_t *changed; /* if same_as is not 0: indexes, ascending, of the records whose values differ from that
                               file; of values that are not captured only the length is compared */
    size_t changed_count;
    size_t taken_count; /* number of records at the start that were taken over from the file before */
} ts_repeat;

ts_repeat ts_parser_repeat(const ts_parser *parser);

/* Returns the record index of (0002,0010) Transfer Syntax UID, or -1. */
int32_t ts_parser_transfer_syntax(const ts_parser *parser);

/* Returns the offset of the first deflated byte, or TS_UNKNOWN_SIZE. From there on, offsets count inflated bytes. */
uint64_t ts_parser_deflated_from(const ts_parser *parser);

#endif
