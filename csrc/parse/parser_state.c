/* The state of the parser: the operations on it that all steps use, declared in parser_state.h.
 *
 * For: faults and deviations, the room in containers and in the stream, skipping.
 * Never: a byte of the file.
 */
#include "parse/parser_state.h"

void ts_fail(ts_parser *parser, ts_status status, uint64_t offset, uint32_t tag) {
    if (parser->status == TS_OK) { /* the first fault is the one reported */
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

/* The size of a deflated data set becomes known during parsing. When depends on how the file is fed, so
 * decisions must not use it. */
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
