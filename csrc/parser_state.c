/* The parser's state: what every step may do to it, behind parser_state.h.
 *
 * For: faults and deviations, the stack of containers, the records, and how much room there is.
 * Never: a byte of the file.
 */
#include "parser_state.h"

void ts_fail(ts_parser *parser, ts_status status, uint64_t offset, uint32_t tag) {
    if (parser->status == TS_OK) { /* the first reason is the reason */
        parser->status = status;
        parser->fault_offset = offset;
        parser->fault_tag = tag;
    }
}

void ts_deviate(ts_parser *parser, ts_status status, uint64_t offset, uint32_t tag) {
    ts_deviation *deviation = &parser->deviations[(unsigned)status - TS_DEVIATION_FIRST];
    if (deviation->count++ == 0) {
        deviation->offset = offset;
        deviation->tag = tag;
    }
}

uint64_t ts_room(const ts_parser *parser, const ts_frame *frame) {
    return frame->limit == TS_NO_END ? TS_NO_END : frame->limit - parser->cursor.at;
}

void ts_step_over(ts_parser *parser, uint64_t length) {
    parser->cursor.at += length;
    parser->stepped_over += length;
}

/* The size of a deflated data set becomes known somewhere on the way. Decisions must not depend on where. */
static bool is_size_given(const ts_parser *parser) {
    return parser->size != TS_UNKNOWN_SIZE && parser->deflated_from == TS_UNKNOWN_SIZE;
}

uint64_t ts_left(const ts_parser *parser) { return parser->size - parser->cursor.at; }

bool ts_is_cut_short(const ts_parser *parser, uint64_t length) {
    return is_size_given(parser) && (parser->cursor.at > parser->size || length > ts_left(parser));
}

uint64_t ts_room_in_stream(const ts_parser *parser, const ts_frame *frame) {
    const uint64_t room = ts_room(parser, frame);
    if (!is_size_given(parser) || parser->cursor.at > parser->size) {
        return room;
    }
    return room < ts_left(parser) ? room : ts_left(parser);
}

ts_frame *ts_push_frame(ts_parser *parser, ts_frame_kind kind, int32_t record, uint64_t end, ts_encoding encoding) {
    if (!ts_buffer_reserve(&parser->frames, 1)) {
        ts_fail(parser, TS_OUT_OF_MEMORY, parser->cursor.at, TS_NO_TAG);
        return NULL;
    }
    const ts_frame *parent = parser->frames.count == 0 ? NULL : ts_top(parser);
    const ts_frame frame = {
        .end = end,
        .limit = end != TS_NO_END || parent == NULL ? end : parent->limit,
        .private_mark = parser->private_pending.count,
        .ambiguous_mark = parser->ambiguous_pending.count,
        .record = record,
        .stop_behind_tag = kind == TS_FRAME_ROOT ? parser->limits.stop_behind_tag : TS_NO_TAG,
        .like_behind = parent == NULL ? 0 : parent->like_behind,
        .last_item = -1,
        .kind = kind,
        .encoding = encoding,
        .depth = parent == NULL ? 0 : parent->depth,
        .pixel_representation = -1,
        .is_first = true,
    };
    parser->frames.count++;
    *ts_top(parser) = frame;
    return ts_top(parser);
}

void ts_note_plain_header(ts_parser *parser, size_t record, uint64_t header) {
    ts_buffer *headers = &parser->plain_headers;
    if (record < headers->count) {
        ((uint64_t *)headers->items)[record] = header;
    } else if (record == headers->count && ts_buffer_reserve(headers, 1)) {
        ((uint64_t *)headers->items)[headers->count++] = header;
    } /* without memory nothing is known of the record, and none behind it */
}

int32_t ts_add_record(ts_parser *parser, uint32_t tag, uint64_t value_offset, uint32_t value_length) {
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
    ts_note_plain_header(parser, (size_t)record, 0);
    *ts_record(parser, record) = (ts_element){
        .value_offset = value_offset,
        .end_offset = value_offset,
        .captured_at = TS_NOT_CAPTURED,
        .tag = tag,
        .value_length = value_length,
        .parent = frame->record,
        .creator = TS_CREATOR_NOT_PRIVATE,
        .depth = frame->depth,
        .flags = frame->encoding.big_endian ? TS_FLAG_BIG_ENDIAN : 0,
        .header_bytes = 8, /* an item has no VR (PS3.5 2026b, 7.5) */
    };
    return record;
}
