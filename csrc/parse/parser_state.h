/* The parser's own state, shared by the files that make the parser.
 *
 * For: those files alone; everybody else sees parse.h.
 * Never: a pointer into the file's bytes that outlives one step.
 */
#ifndef TAGSNIFF_PARSE_PARSER_STATE_H
#define TAGSNIFF_PARSE_PARSER_STATE_H

#include <string.h>

#include "base/buffer.h"
#include "base/cursor.h"
#include "base/sha256.h"
#include "dicom/printable_runs.h"
#include "dicom/vr.h"
#include "parse/inflate.h"
#include "parse/parse.h"

#define TS_NO_END UINT64_MAX

typedef enum ts_frame_kind { TS_FRAME_ROOT, TS_FRAME_SEQUENCE, TS_FRAME_ITEM, TS_FRAME_FRAGMENTS } ts_frame_kind;

/* One open container. The stack of these takes the place of recursion. */
typedef struct ts_frame {
    uint64_t end;          /* stream offset; TS_NO_END for undefined length */
    uint64_t limit;        /* nearest defined end of this frame and those around it; TS_NO_END if there is none */
    size_t private_mark;   /* where the records of this data set begin in private_pending */
    size_t ambiguous_mark; /* the same in ambiguous_pending */
    int32_t record;        /* of the sequence, item or value; -1 at the root */
    uint32_t last_tag;
    uint32_t stop_after_tag; /* in the root that of ts_limits, else TS_NO_TAG */
    uint32_t repeated_count; /* elements whose tag was that of the one before them */
    ts_frame_kind kind;
    ts_encoding encoding;
    uint16_t depth;
    int8_t pixel_representation; /* value of (0028,0103) in this data set; -1 if not met */
    bool is_first;               /* no element was met, so last_tag says nothing */
    bool is_unordered;           /* a tag was lower than the one before it */
    bool is_checked;             /* the first element header was compared with the encoding */
    bool is_trial;               /* a UN value that may be a sequence: on a fault it becomes bytes again */
} ts_frame;

enum { TS_BLOCKS = 256 };

/* The private creators of one group of a data set, by block number; between data sets nothing is reserved. */
typedef struct ts_block_table {
    int32_t record[TS_BLOCKS]; /* record of the private creator, or why there is none */
    uint32_t digest[TS_BLOCKS];
    uint8_t reserved[TS_BLOCKS]; /* the block numbers met, so that clearing costs what was used */
    uint32_t reserved_count;
} ts_block_table;

/* What a trial takes back when it fails. */
typedef struct ts_trial {
    size_t element_count, captured_count, frame_count, private_count, ambiguous_count;
    uint64_t stepped_over;
    ts_deviation deviations[TS_DEVIATION_COUNT];
} ts_trial;

/* Those in which elements are read stand side by side. */
typedef enum ts_phase {
    TS_PHASE_START,   /* preamble */
    TS_PHASE_META,    /* file meta information */
    TS_PHASE_COMMAND, /* command set */
    TS_PHASE_DATA,    /* data set */
    TS_PHASE_PADDING, /* zero bytes behind the data set */
    TS_PHASE_TAIL,    /* file bytes behind a deflated data set */
    TS_PHASE_DONE
} ts_phase;

/* What was found out about the file as a whole so far. */
typedef struct ts_facts {
    uint64_t meta_end;    /* as (0002,0000) says */
    ts_encoding encoding; /* of the data set */
    int32_t transfer_syntax;
    int32_t data_set_from; /* first record of the data set proper */
    bool is_meta_length_known;
    bool is_encoding_known;  /* there is a Transfer Syntax UID, and it is not empty */
    bool is_standard_syntax; /* and it is one of the standard's */
    bool has_command_set;
    bool depends_on_size; /* a file of another size, with the same bytes, may have been read in another way */
} ts_facts;

/* A value of the file that is another one than that of the template. */
typedef struct ts_change {
    size_t value_at;       /* in bytes from the start of the file */
    uint32_t value_length; /* in bytes */
    int32_t record;
} ts_change;

/* What is kept of the file that was read to its end last, and what the file at hand has in common with it; see
 * template.h. */
typedef struct ts_template {
    /* The file as a whole. Its records and captured bytes are where the parser puts those of the next file. */
    uint64_t file; /* its number; 0 if there is none, or if its records may have been written over */
    size_t record_count, captured_count;
    bool is_ordered; /* no tag was lower than the one before it */

    /* Its header: the bytes up to an element of the root data set, and what the parser knew there. */
    bool has_header;
    bool is_resolved; /* the private elements of the root have their creators, and that raised nothing */
    ts_buffer bytes;  /* uint8_t */
    ts_buffer private_pending, ambiguous_pending; /* int32_t */
    size_t header_records, header_captured;
    ts_frame root;
    ts_facts facts;
    ts_deviation deviations[TS_DEVIATION_COUNT];

    /* What the file at hand took over of that header. */
    ts_buffer changes; /* ts_change */
    ts_buffer scratch; /* uint8_t */
    size_t taken_records;
    size_t taken_private; /* how many of those wait in private_pending */
    bool is_taken_resolved;

    /* What it did not take over, to be compared with it at its end. */
    uint64_t compared_file; /* number of the file whose records these are; 0 if they are of none */
    size_t kept_from, kept_captured_from;
    ts_buffer records;  /* ts_element */
    ts_buffer captured; /* uint8_t */

    /* The result; see ts_repeat. */
    uint64_t same_as;
    ts_buffer changed; /* int32_t */
} ts_template;

/* What one step of the parser says. */
typedef enum ts_step { TS_STEP_GO, TS_STEP_MORE } ts_step;

/* Whether the bytes asked for are in the window. */
typedef enum ts_have { TS_HAVE, TS_HAVE_MORE, TS_HAVE_END } ts_have;

enum { TS_ITEM_START_BITS = 6, TS_CHECKED_ITEM_STARTS = 1 << TS_ITEM_START_BITS };

struct ts_parser {
    ts_limits limits;
    ts_phase phase;

    /* stream.c: `cursor` is where parsing stands; in a deflated data set `file` is where inflating stands. */
    ts_cursor cursor;
    ts_cursor file;
    ts_inflater inflater;
    uint64_t size;      /* of the stream that cursor runs in; TS_UNKNOWN_SIZE as long as it is not known */
    uint64_t file_size; /* of the file, in a deflated data set */
    uint64_t deflated_from;
    uint64_t stepped_over;   /* bytes of values that were not read; it counts in a deflated data set */
    ts_status inflate_fault; /* met behind the bytes of the window; TS_OK if none was */
    uint64_t tail_from;      /* in the file: first byte behind the deflate stream */
    uint64_t need_offset, need_length;

    ts_buffer elements;          /* ts_element */
    ts_buffer captured;          /* uint8_t */
    ts_buffer frames;            /* ts_frame */
    ts_buffer trials;            /* ts_trial */
    ts_buffer private_pending;   /* int32_t: records of private blocks, of the open data sets */
    ts_buffer sorted;            /* int32_t: scratch of ts_sort_by_tag */
    ts_buffer ambiguous_pending; /* int32_t: records whose VR waits for Pixel Representation */
    ts_block_table private_blocks;

    /* data_set.c: tag and VR of elements that items in explicit VR little endian began with, and rightly so. */
    uint64_t checked_item_starts[TS_CHECKED_ITEM_STARTS];

    uint64_t file_number;
    ts_template previous;

    uint64_t capture_left; /* bytes of the last element's value that are still to be captured or digested */
    bool is_digesting;
    ts_digest digest;
    ts_runs runs;
    ts_facts facts;
    bool has_deflate_trailer;
    bool is_stopped;

    ts_status status;
    uint64_t fault_offset;
    uint32_t fault_tag;
    ts_deviation deviations[TS_DEVIATION_COUNT];
};

static inline ts_element *ts_record(ts_parser *parser, int32_t record) {
    return &((ts_element *)parser->elements.items)[record];
}

static inline ts_frame *ts_top(ts_parser *parser) {
    return &((ts_frame *)parser->frames.items)[parser->frames.count - 1];
}

enum { TS_PREAMBLE_BYTES = 128 }; /* of which nobody looks at a byte (PS3.10 2026b, 7.1) */

/* What is done once for a file, and is long: it stands by itself, so that the steps that are taken for each element are
 * compiled into one loop. */
#if defined(__GNUC__)
#define TS_ONCE_A_FILE __attribute__((noinline))
#else
#define TS_ONCE_A_FILE
#endif

void ts_fail(ts_parser *parser, ts_status status, uint64_t offset, uint32_t tag);
void ts_deviate(ts_parser *parser, ts_status status, uint64_t offset, uint32_t tag);

/* A record with the header of an item; -1 if there can be none, which is then a fault. */
static inline int32_t ts_add_record(ts_parser *parser, uint32_t tag, uint64_t value_offset, uint32_t value_length) {
    if (parser->elements.count >= parser->limits.element_limit) {
        ts_fail(parser, TS_TOO_MANY_ELEMENTS, value_offset, tag);
        return -1;
    }
    if (!ts_buffer_reserve(&parser->elements, 1)) {
        ts_fail(parser, TS_OUT_OF_MEMORY, value_offset, tag);
        return -1;
    }
    const ts_frame *frame = ts_top(parser);
    const int32_t record = (int32_t)parser->elements.count++;
    ts_element *element = ts_record(parser, record);
    memset(element, 0, sizeof *element);
    element->value_offset = element->end_offset = value_offset;
    element->captured_at = TS_NOT_CAPTURED;
    element->tag = tag;
    element->value_length = value_length;
    element->parent = frame->record;
    element->creator = TS_CREATOR_NOT_PRIVATE;
    element->depth = frame->depth;
    element->flags = (uint16_t)(frame->encoding.big_endian ? TS_FLAG_BIG_ENDIAN : 0);
    element->header_bytes = 8; /* an item has no VR (PS3.5 2026b, 7.5) */
    return record;
}

/* NULL when memory runs out, which is then a fault. */
static inline ts_frame *ts_push_frame(ts_parser *parser, ts_frame_kind kind, int32_t record, uint64_t end,
                                      ts_encoding encoding) {
    if (!ts_buffer_reserve(&parser->frames, 1)) {
        ts_fail(parser, TS_OUT_OF_MEMORY, parser->cursor.at, TS_NO_TAG);
        return NULL;
    }
    const ts_frame *parent = parser->frames.count == 0 ? NULL : ts_top(parser);
    parser->frames.count++;
    ts_frame *frame = ts_top(parser);
    memset(frame, 0, sizeof *frame);
    frame->end = end;
    frame->limit = end != TS_NO_END || parent == NULL ? end : parent->limit;
    frame->private_mark = parser->private_pending.count;
    frame->ambiguous_mark = parser->ambiguous_pending.count;
    frame->record = record;
    frame->stop_after_tag = kind == TS_FRAME_ROOT ? parser->limits.stop_after_tag : TS_NO_TAG;
    frame->kind = kind;
    frame->encoding = encoding;
    frame->depth = parent == NULL ? 0 : parent->depth;
    frame->pixel_representation = -1;
    frame->is_first = true;
    return frame;
}

/* Bytes from the position to the nearest defined end; TS_NO_END if there is none. */
uint64_t ts_room(const ts_parser *parser, const ts_frame *frame);
/* The same, or to the end of the stream if that is nearer and was known beforehand. */
uint64_t ts_room_in_stream(const ts_parser *parser, const ts_frame *frame);
/* The stream is known beforehand to have fewer bytes than these from the position on. */
bool ts_is_cut_short(const ts_parser *parser, uint64_t length);
/* Passes over bytes that nobody looks at. */
void ts_step_over(ts_parser *parser, uint64_t length);
/* Bytes from the position to the end of the stream, which is known and not before the position. */
uint64_t ts_left(const ts_parser *parser);

#endif
