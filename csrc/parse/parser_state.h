/* The state of the parser, shared by the files that implement it.
 *
 * For: those files only; all other code includes parse.h.
 * Never: a pointer into the file's bytes that outlives one step.
 */
#ifndef TAGSNIFF_PARSE_PARSER_STATE_H
#define TAGSNIFF_PARSE_PARSER_STATE_H

#include <string.h>

#include "base/buffer.h"
#include "base/cursor.h"
#include "base/sha256.h"
#include "dicom/vr.h"
#include "parse/found_text.h"
#include "parse/inflate.h"
#include "parse/parse.h"

#define TS_NO_END UINT64_MAX

enum { TS_PREAMBLE_BYTES = 128 }; /* PS3.10 2026b, 7.1 */

typedef enum ts_frame_kind { TS_FRAME_ROOT, TS_FRAME_SEQUENCE, TS_FRAME_ITEM, TS_FRAME_FRAGMENTS } ts_frame_kind;

/* One open container. A stack of these replaces recursion. */
typedef struct ts_frame {
    uint64_t end;        /* stream offset; TS_NO_END for undefined length */
    uint64_t limit;      /* the nearest defined end of this frame and of those around it; TS_NO_END if there is none */
    size_t private_mark; /* where the records of this data set begin in private_pending */
    size_t ambiguous_mark; /* the same in ambiguous_pending */
    int32_t record;        /* record index of the sequence, item or value; -1 at the root */
    uint32_t last_tag;
    uint32_t stop_after_tag; /* that of ts_limits in the root, TS_NO_TAG elsewhere */
    uint32_t repeated_count; /* elements with the same tag as the element before them */
    ts_frame_kind kind;
    ts_encoding encoding;
    uint16_t depth;
    int8_t pixel_representation; /* (0028,0103) of this data set: 1 if its value is 1, else 0; -1 if not found so far */
    bool is_first;               /* no element so far, so last_tag is not valid */
    bool is_unordered;           /* a tag was lower than that before it */
    bool is_checked;             /* the encoding was checked with the first element header */
    bool is_trial;               /* a UN value that may be a sequence: after a fault it is read as bytes */
} ts_frame;

enum { TS_BLOCKS = 256 };

/* The private creators of one group of a data set, by block number. Between data sets no block is reserved. */
typedef struct ts_block_table {
    int32_t record[TS_BLOCKS]; /* record index of the private creator, or the reason why there is none (negative) */
    uint32_t digest[TS_BLOCKS];
    uint8_t reserved[TS_BLOCKS]; /* the block numbers in use, so that only they are cleared */
    uint32_t reserved_count;
} ts_block_table;

/* The state to which the parser returns when a trial fails. */
typedef struct ts_trial {
    char vr[2];        /* that of the element in the file */
    bool is_fragments; /* its value has undefined length, and is in fragments if it is no sequence */
    size_t element_count, captured_count, frame_count, private_count, ambiguous_count;
    uint64_t stepped_over;
    ts_deviation deviations[TS_DEVIATION_COUNT];
} ts_trial;

/* The fragments that are being read; no fragments are inside others. */
typedef struct ts_fragments {
    uint64_t bytes;       /* length of all fragments so far */
    uint64_t beyond_at;   /* where they first reach beyond a container around them; TS_NO_END if they do not */
    uint32_t beyond_tag;  /* TS_TAG_ITEM, or the tag of the delimitation item there */
    uint32_t last_length; /* of the last fragment, in bytes */
    bool is_digested;     /* their bytes are digested together */
} ts_fragments;

/* The phases in which elements are read are consecutive. */
typedef enum ts_phase {
    TS_PHASE_START,    /* preamble */
    TS_PHASE_META,     /* file meta information */
    TS_PHASE_COMMAND,  /* command set */
    TS_PHASE_DATA,     /* data set */
    TS_PHASE_PADDING,  /* zero bytes after the data set */
    TS_PHASE_TRAILING, /* other bytes after the data set */
    TS_PHASE_TAIL,     /* file bytes after a deflated data set */
    TS_PHASE_DONE
} ts_phase;

/* What is known so far about the file as a whole. */
typedef struct ts_facts {
    uint64_t meta_end;    /* end of the file meta information according to (0002,0000) */
    ts_encoding encoding; /* of the data set */
    int32_t transfer_syntax;
    int32_t data_set_from; /* record index of the first element after file meta information and command set */
    bool is_meta_length_known;
    bool is_encoding_known;  /* there is a Transfer Syntax UID, and it is not empty */
    bool is_standard_syntax; /* and it is one of the standard's */
    bool has_command_set;
    bool depends_on_size; /* a file with the same bytes but another size could have been read differently */
    bool is_unusual;      /* it was read by a rule that looks at more bytes than ts_template_take compares */
} ts_facts;

/* A value of the file that differs from that of the template. */
typedef struct ts_change {
    size_t value_at;       /* in bytes from the start of the file */
    uint32_t value_length; /* in bytes */
    int32_t record;
} ts_change;

/* What is kept of the last file that was read to its end, and what the current file has in common with it; see
 * template.h. */
typedef struct ts_template {
    /* The file as a whole. Its records and captured bytes are in the arrays into which the parser writes those of the
     * next file. */
    uint64_t file; /* its number; 0 if there is none, or if its records may have been overwritten */
    size_t record_count, captured_count;
    bool is_ordered; /* no tag was lower than that before it */

    /* Its header: the bytes up to some element of the root data set, and the state of the parser there. */
    bool has_header;
    bool is_resolved; /* the private creators of the root are resolved, without a deviation */
    ts_buffer bytes;  /* uint8_t */
    ts_buffer private_pending, ambiguous_pending; /* int32_t */
    size_t header_records, header_captured;
    ts_frame root;
    ts_facts facts;
    ts_deviation deviations[TS_DEVIATION_COUNT];

    /* What the current file took over from that header. */
    ts_buffer changes; /* ts_change */
    ts_buffer scratch; /* uint8_t */
    size_t taken_records;
    size_t taken_private; /* how many of those are in private_pending */
    bool is_taken_resolved;

    /* The records and captured bytes that it did not take over. They are compared with its own at its end. */
    uint64_t compared_file; /* number of the file that these records belong to; 0 if there are none */
    size_t kept_from, kept_captured_from;
    ts_buffer records;  /* ts_element */
    ts_buffer captured; /* uint8_t */

    /* The result; see ts_repeat. */
    uint64_t same_as;
    ts_buffer changed; /* int32_t */
} ts_template;

/* The result of one step: go on, or more bytes are needed. */
typedef enum ts_step { TS_STEP_GO, TS_STEP_MORE } ts_step;

/* Whether the bytes that a step needs are in the window, must be fed first, or do not exist because the stream ends. */
typedef enum ts_have { TS_HAVE, TS_HAVE_MORE, TS_HAVE_END } ts_have;

enum { TS_ITEM_START_BITS = 6, TS_CHECKED_ITEM_STARTS = 1 << TS_ITEM_START_BITS };

struct ts_parser {
    ts_limits limits;
    ts_phase phase;

    /* stream.c: `cursor` is the position of the parser; in a deflated data set `file` is that of the inflater. */
    ts_cursor cursor;
    ts_cursor file;
    ts_inflater inflater;
    uint64_t size;      /* of the stream that `cursor` reads; TS_UNKNOWN_SIZE until it is known */
    uint64_t file_size; /* of the file, in a deflated data set */
    uint64_t deflated_from;
    uint64_t stepped_over;   /* bytes of skipped values; used only in a deflated data set */
    ts_status inflate_fault; /* a fault of the deflate stream after the bytes of the window; TS_OK if none */
    uint64_t tail_from;      /* in the file: first byte after the deflate stream */
    uint64_t need_offset, need_length;

    ts_buffer elements;          /* ts_element */
    ts_buffer captured;          /* uint8_t */
    ts_buffer frames;            /* ts_frame */
    ts_buffer trials;            /* ts_trial */
    ts_buffer private_pending;   /* int32_t: private elements and private creators of the open data sets */
    ts_buffer sorted;            /* int32_t: scratch of ts_sort_by_tag */
    ts_buffer ambiguous_pending; /* int32_t: records whose VR depends on Pixel Representation, not found so far */
    ts_block_table private_blocks;

    /* data_set.c: a direct-mapped cache of the first six bytes, tag and VR, of items in explicit VR little endian whose
     * encoding was checked and confirmed. */
    uint64_t checked_item_starts[TS_CHECKED_ITEM_STARTS];

    uint64_t file_number;
    ts_template previous;

    uint8_t preamble[TS_PREAMBLE_BYTES]; /* if has_preamble: see other_bytes.h */
    bool has_preamble;

    ts_fragments fragments;
    uint32_t deep_steps;   /* see TS_DEEP_STEPS */
    uint64_t capture_left; /* bytes of the last value that are still to be captured or digested */
    uint64_t capture_more; /* bytes of the value after those, which are stepped over */
    uint32_t head_left;    /* bytes that are still taken as the start of a text; see TS_LONG_VALUE_HEAD_BYTES */
    bool is_digesting;
    ts_digest digest;
    ts_text_finder finder;
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

/* For long functions that run once per file. They are not inlined, so that the compiler puts the steps that run for
 * each element into one loop. */
#if defined(__GNUC__)
#define TS_ONCE_A_FILE __attribute__((noinline))
#else
#define TS_ONCE_A_FILE
#endif

void ts_fail(ts_parser *parser, ts_status status, uint64_t offset, uint32_t tag);
void ts_deviate(ts_parser *parser, ts_status status, uint64_t offset, uint32_t tag);

/* Appends a record, with header_bytes of an item, inside the frame at the top. Returns its index, or -1 after a fault:
 * too many elements or out of memory. */
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

/* Opens a container and returns its frame. NULL after a fault, when memory runs out. The frame is valid until the next
 * push. */
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

/* Bytes from the position to the nearest defined end of a container; TS_NO_END if there is none. */
uint64_t ts_room(const ts_parser *parser, const ts_frame *frame);
/* As ts_room, but at most to the end of the stream, if its size is known and it is not deflated. */
uint64_t ts_room_in_stream(const ts_parser *parser, const ts_frame *frame);
/* Whether the stream is known to have fewer than `length` bytes from the position on. False in a deflated data set. */
bool ts_is_cut_short(const ts_parser *parser, uint64_t length);
/* Skips bytes that the parser does not read. */
void ts_step_over(ts_parser *parser, uint64_t length);
/* Bytes from the position to the end of the stream. Its size is known, and the position is not after the end. */
uint64_t ts_left(const ts_parser *parser);

#endif
