/* Sequences, items and fragments: the containers (PS3.5 2026b, 6.2.2, 7.5 and A.4).
 *
 * For: opening, reading and closing them on the parser's stack. What is in fragments is read by fragments.c.
 * Never: recursion, or trust in a length that reaches beyond the container around it.
 */
#include <string.h>

#include "parse/capture.h"
#include "parse/element_order.h"
#include "parse/parser_state.h"
#include "parse/private_blocks.h"
#include "parse/sequences.h"
#include "parse/stream.h"

static uint32_t frame_tag(ts_parser *parser, const ts_frame *frame) {
    return frame->record < 0 ? TS_NO_TAG : ts_record(parser, frame->record)->tag;
}

static void resolve_ambiguous(ts_parser *parser, const ts_frame *frame) {
    if (frame->pixel_representation < 0) {
        return; /* it may be found in the data set around this one */
    }
    const int32_t *pending = parser->ambiguous_pending.items;
    for (size_t i = frame->ambiguous_mark; i < parser->ambiguous_pending.count; i++) {
        ts_record(parser, pending[i])->vr[0] = frame->pixel_representation == 1 ? 'S' : 'U';
    }
    parser->ambiguous_pending.count = frame->ambiguous_mark;
}

void ts_close_frame(ts_parser *parser) {
    /* The frame is read in place; nothing is pushed before the last use of it. A copy would have to wait for the stores
     * that just changed parts of the frame. */
    const ts_frame *frame = ts_top(parser);
    parser->frames.count--;
    if (frame->record >= 0) {
        ts_record(parser, frame->record)->end_offset = parser->cursor.at;
    }
    if (frame->kind == TS_FRAME_ITEM || frame->kind == TS_FRAME_ROOT) {
        resolve_ambiguous(parser, frame);
        if (!ts_resolve_private_blocks(parser, frame->private_mark, !frame->is_unordered) ||
            !ts_note_duplicates(parser, frame)) {
            ts_fail(parser, TS_OUT_OF_MEMORY, parser->cursor.at, TS_NO_TAG);
        }
        parser->private_pending.count = frame->private_mark;
    }
    if (frame->kind == TS_FRAME_FRAGMENTS && parser->fragments.is_digested) {
        ts_end_fragments_digest(parser, frame->record);
    }
    if (frame->is_trial) {
        const ts_trial *trial = &((const ts_trial *)parser->trials.items)[--parser->trials.count];
        const ts_element *record = ts_record(parser, frame->record);
        if (trial->is_fragments) {
            ts_deviate(parser, TS_SEQUENCE_VALUE, record->value_offset, record->tag);
        } else if ((record->flags & TS_FLAG_IMPLICIT_VR) == 0) {
            ts_deviate(parser, TS_UN_SEQUENCE, record->value_offset, record->tag);
        }
    }
}

void ts_open_sequence(ts_parser *parser, int32_t record, ts_encoding encoding) {
    ts_element *element = ts_record(parser, record);
    const bool is_undefined = element->value_length == TS_UNDEFINED_LENGTH;
    element->flags = (uint16_t)(element->flags | TS_FLAG_SEQUENCE);
    if (memcmp(element->vr, "UN", 2) == 0) {
        element->flags = (uint16_t)(element->flags | TS_FLAG_WAS_UN);
    }
    element->vr[0] = 'S';
    element->vr[1] = 'Q';
    parser->cursor.at = element->value_offset;
    (void)ts_push_frame(parser, TS_FRAME_SEQUENCE, record,
                        is_undefined ? TS_NO_END : element->value_offset + element->value_length, encoding);
}

bool ts_close_with_parent(ts_parser *parser) {
    const ts_frame *frame = ts_top(parser);
    if (frame->end != TS_NO_END || frame->limit != parser->cursor.at) {
        return false;
    }
    ts_deviate(parser, TS_MISSING_DELIMITER, parser->cursor.at, frame_tag(parser, frame));
    ts_close_frame(parser);
    return true;
}

void ts_fail_passed(ts_parser *parser) {
    const ts_element *last = ts_record(parser, (int32_t)(parser->elements.count - 1));
    if ((last->flags & TS_FLAG_FRAGMENTS) != 0) {
        ts_fail(parser, TS_TRUNCATED_FRAGMENTS, parser->size, last->tag);
    } else {
        ts_fail(parser, TS_TRUNCATED_VALUE, last->value_offset, last->tag);
    }
}

ts_step ts_fail_at_end(ts_parser *parser, ts_status status, uint32_t tag) {
    if (ts_stream_have(parser, 1) == TS_HAVE_MORE) {
        return TS_STEP_MORE;
    }
    if (ts_stream_is_passed(parser)) {
        ts_fail_passed(parser);
    }
    ts_fail(parser, status, parser->cursor.at, tag);
    return TS_STEP_GO;
}

/* Reads the tag of an item. An item in the other byte order than the data set around it is recognised by its tag. */
static uint32_t read_item_tag(ts_parser *parser, ts_frame *frame, const uint8_t *header) {
    const uint32_t tag = ts_load_tag(header, frame->encoding.big_endian);
    const uint32_t swapped = ts_load_tag(header, !frame->encoding.big_endian);
    if (tag >> 16 != 0xFFFE && (swapped == TS_TAG_ITEM || swapped == TS_TAG_SEQUENCE_DELIMITATION)) {
        frame->encoding.big_endian = !frame->encoding.big_endian;
        ts_deviate(parser, TS_ITEM_ENCODING, parser->cursor.at, frame_tag(parser, frame));
        return swapped;
    }
    return tag;
}

static void open_item(ts_parser *parser, const ts_frame *sequence, uint32_t length) {
    if (sequence->depth >= parser->limits.depth_limit) {
        ts_fail(parser, TS_TOO_DEEP, parser->cursor.at, frame_tag(parser, sequence));
        return;
    }
    const ts_encoding encoding = sequence->encoding;
    const uint64_t value_offset = parser->cursor.at + 8;
    if (length != TS_UNDEFINED_LENGTH && sequence->limit != TS_NO_END && length > sequence->limit - value_offset) {
        ts_fail(parser, TS_LENGTH_BEYOND_PARENT, value_offset, TS_TAG_ITEM);
        return;
    }
    const uint16_t depth = (uint16_t)(sequence->depth + 1);
    const int32_t record = ts_add_record(parser, TS_TAG_ITEM, value_offset, length);
    if (record < 0) {
        return;
    }
    ts_record(parser, record)->depth = depth;
    parser->cursor.at = value_offset;
    ts_frame *item = ts_push_frame(parser, TS_FRAME_ITEM, record,
                                   length == TS_UNDEFINED_LENGTH ? TS_NO_END : value_offset + length, encoding);
    if (item != NULL) {
        item->depth = depth;
    }
}

/* Whether the element that follows the sequence begins with these bytes, so that only the delimitation item of the
 * sequence is missing: its tag is greater, and the data set around the sequence can have it. */
static bool is_next_element(ts_parser *parser, const ts_frame *sequence, const uint8_t *header) {
    const ts_frame *around = sequence - 1;
    return sequence->end == TS_NO_END && !sequence->is_trial &&
           ts_load_tag(header, around->encoding.big_endian) > frame_tag(parser, sequence) &&
           ts_encoding_can_have(around->encoding, header);
}

ts_step ts_step_sequence(ts_parser *parser) {
    ts_frame *frame = ts_top(parser);
    const uint64_t start = parser->cursor.at;
    if (ts_close_with_parent(parser)) {
        return TS_STEP_GO;
    }
    if (ts_room(parser, frame) < 8) {
        return ts_fail_at_end(parser, TS_NOT_AN_ITEM, frame_tag(parser, frame));
    }
    switch (ts_stream_have(parser, 8)) {
    case TS_HAVE:
        break;
    case TS_HAVE_MORE:
        return TS_STEP_MORE;
    case TS_HAVE_END:
        if (ts_stream_is_passed(parser)) {
            ts_fail_passed(parser);
        } else {
            ts_fail(parser, TS_TRUNCATED_SEQUENCE, start + ts_left(parser), frame_tag(parser, frame));
        }
        return TS_STEP_GO;
    }
    const uint8_t *header = ts_cursor_peek(&parser->cursor, 8);
    const uint32_t tag = read_item_tag(parser, frame, header);
    const uint8_t length_bytes[4] = {header[4], header[5], header[6], header[7]};
    const uint32_t length = ts_load_u32(length_bytes, frame->encoding.big_endian);
    switch (tag) {
    case TS_TAG_ITEM:
        open_item(parser, frame, length);
        return TS_STEP_GO;
    case TS_TAG_SEQUENCE_DELIMITATION:
    case TS_TAG_ITEM_DELIMITATION:
        if (length != 0) {
            ts_deviate(parser, TS_DELIMITER_LENGTH, start, tag);
        }
        parser->cursor.at += 8;
        if (tag == TS_TAG_SEQUENCE_DELIMITATION && frame->end == TS_NO_END) {
            ts_close_frame(parser);
        } else {
            ts_deviate(parser, TS_STRAY_DELIMITER, start, tag);
        }
        return TS_STEP_GO;
    default:
        if (is_next_element(parser, frame, header)) {
            ts_deviate(parser, TS_MISSING_DELIMITER, start, frame_tag(parser, frame));
            ts_close_frame(parser);
        } else {
            ts_fail(parser, TS_NOT_AN_ITEM, start, frame_tag(parser, frame));
        }
        return TS_STEP_GO;
    }
}
