/* Values: which are captured, and those that the parser itself needs (PS3.10 2026b, 7.1; PS3.5 2026b, 7.8.1).
 *
 * For: private creators, the Transfer Syntax UID, Pixel Representation and whatever is not above the limit.
 * Never: Pixel Data, or memory for bytes that are not there.
 */
#include <string.h>

#include "parser_state.h"
#include "private_block.h"

static void note_transfer_syntax(ts_parser *parser, int32_t record, const uint8_t *uid) {
    const ts_creator_text text = ts_creator_trim(uid, ts_record(parser, record)->value_length);
    parser->transfer_syntax = record;
    parser->is_encoding_known = text.length > 0;
    parser->encoding = ts_encoding_of_uid(text.bytes, text.length, &parser->is_standard_syntax);
}

/* The value of the record is complete, captured or not. */
static void act_on_value(ts_parser *parser, int32_t record) {
    const ts_element *element = ts_record(parser, record);
    ts_frame *frame = ts_top(parser);
    if (element->captured_at == TS_NOT_CAPTURED) {
        return;
    }
    const uint8_t *value = &((const uint8_t *)parser->captured.items)[element->captured_at];
    const bool big_endian = (element->flags & TS_FLAG_BIG_ENDIAN) != 0;
    if (element->tag == TS_TAG_PIXEL_REPRESENTATION && element->value_length == 2) {
        frame->pixel_representation = ts_load_u16(value, big_endian) == 1 ? 1 : 0;
    } else if (parser->phase == TS_PHASE_META && element->tag == TS_TAG_META_LENGTH && element->value_length == 4) {
        parser->is_meta_length_known = true;
        parser->meta_end = element->end_offset + ts_load_u32(value, big_endian);
    } else if (parser->phase == TS_PHASE_META && element->tag == TS_TAG_TRANSFER_SYNTAX) {
        note_transfer_syntax(parser, record, value);
    }
}

static bool is_wanted(const ts_parser *parser, const ts_element *element) {
    if (ts_tag_is_private_creator(element->tag)) {
        return element->value_length <= TS_CREATOR_LIMIT_BYTES;
    }
    if (ts_tag_is_pixel_data(element->tag)) {
        return false;
    }
    if (element->value_length <= parser->limits.value_limit_bytes) {
        return true;
    }
    return element->value_length <= TS_CREATOR_LIMIT_BYTES &&
           (element->tag == TS_TAG_META_LENGTH || element->tag == TS_TAG_TRANSFER_SYNTAX ||
            element->tag == TS_TAG_PIXEL_REPRESENTATION || element->tag == TS_TAG_SERIES_INSTANCE_UID);
}

void ts_take_value(ts_parser *parser, int32_t record) {
    ts_element *element = ts_record(parser, record);
    parser->cursor.at = element->value_offset;
    element->end_offset = element->value_offset + element->value_length;
    if (is_wanted(parser, element)) {
        element->captured_at = parser->captured.count;
        parser->capture_left = element->value_length;
    } else {
        parser->cursor.at = element->end_offset;
    }
    if (parser->capture_left == 0) {
        act_on_value(parser, record);
    }
}

/* Copies what the window has of the value; memory grows with the bytes that are there, not with the length. */
ts_step ts_step_capture(ts_parser *parser) {
    const int32_t record = (int32_t)(parser->elements.count - 1);
    switch (ts_stream_have(parser, 1)) {
    case TS_HAVE:
        break;
    case TS_HAVE_MORE:
        return TS_STEP_MORE;
    case TS_HAVE_END:
        ts_fail(parser, TS_TRUNCATED_VALUE, ts_record(parser, record)->value_offset, ts_record(parser, record)->tag);
        return TS_STEP_GO;
    }
    const uint64_t available = ts_cursor_available(&parser->cursor);
    const uint64_t length = available < parser->capture_left ? available : parser->capture_left;
    if (!ts_buffer_reserve(&parser->captured, (size_t)length)) {
        ts_fail(parser, TS_OUT_OF_MEMORY, parser->cursor.at, ts_record(parser, record)->tag);
        return TS_STEP_GO;
    }
    memcpy(&((uint8_t *)parser->captured.items)[parser->captured.count], ts_cursor_peek(&parser->cursor, length),
           (size_t)length);
    parser->captured.count += (size_t)length;
    parser->cursor.at += length;
    parser->capture_left -= length;
    if (parser->capture_left == 0) {
        act_on_value(parser, record);
    }
    return TS_STEP_GO;
}
