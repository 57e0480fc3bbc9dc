/* The fast path: plain data elements, many in one step (PS3.5 2026b, 7.1). Nearly all elements are plain.
 *
 * For: little endian elements whose header and value are in the window, in ascending order, with an even length and a
 *      VR that determines the shape of the value.
 * Never: a decision. An element that is not plain is left to ts_step_element at the same position, and a plain one gets
 *        the record that ts_step_element would make. Files fed byte by byte are read by ts_step_element, and a test
 *        compares the two.
 */
#include <string.h>

#include "parse/capture.h"
#include "parse/element_header.h"
#include "parse/fast_elements.h"
#include "parse/parser_state.h"
#include "parse/stream.h"

/* Number of elements for which room is made at once. */
enum { ROOM_ELEMENTS = 64 };

/* A value of at most this many bytes is copied by a copy of exactly this many, if both sides have room. */
enum { SMALL_COPY_BYTES = 16 };

/* Chooses whether the value is captured or skipped. False if it is neither, because it has to be digested. */
static bool choose_capture(const ts_parser *parser, const ts_element_header *element, bool *is_captured) {
    const ts_value_choice choice = ts_choose_value(parser, element->tag, element->vr_index, element->value_length);
    *is_captured = choice == TS_VALUE_CAPTURED;
    return choice != TS_VALUE_DIGESTED;
}

/* For elements of odd groups: *is_pending becomes true for a private creator and for an element of a private block.
 * False if the element is neither of them nor a group length. */
static bool choose_private(uint32_t tag, bool *is_pending) {
    *is_pending = ts_tag_is_private_creator(tag) || ts_tag_is_in_block(tag);
    return *is_pending || ((tag & 0xFFFF) == 0 && !ts_tag_is_illegal(tag));
}

/* Makes room for elements, for as many indexes in private_pending, and for a value of this length. False when memory
 * runs out. */
static bool make_room(ts_parser *parser, size_t elements, uint32_t value_length) {
    return ts_buffer_reserve(&parser->elements, elements) && ts_buffer_reserve(&parser->private_pending, elements) &&
           ts_buffer_reserve(&parser->captured, (size_t)value_length + SMALL_COPY_BYTES);
}

/* Copies a value. `captured` has room for SMALL_COPY_BYTES after the value; `room` is how many bytes from `value` on
 * may be read. */
static inline void copy_value(uint8_t *captured, const uint8_t *value, size_t length, size_t room) {
    if (length <= SMALL_COPY_BYTES && room >= SMALL_COPY_BYTES) {
        memcpy(captured, value, SMALL_COPY_BYTES); /* the next value overwrites the bytes after this one */
    } else if (length > 0) {
        memcpy(captured, value, length);
    }
}

static inline bool is_full(const ts_buffer *buffer) { return buffer->count == buffer->capacity; }

/* Whether the captured bytes have room for a value and for the bytes that copy_value may write after it. */
static inline bool fits_captured(const ts_parser *parser, size_t captured_count, size_t value_length) {
    const size_t room = parser->captured.capacity - captured_count;
    return room >= SMALL_COPY_BYTES && value_length <= room - SMALL_COPY_BYTES;
}

/* Adds the record of the element at the start of `bytes`. Returns the number of bytes of the element, 0 if it is not
 * plain or if memory runs out. */
static inline size_t take_element(ts_parser *parser, ts_frame *frame, const uint8_t *bytes, size_t length,
                                  uint64_t offset) {
    const uint8_t tag_bytes[4] = {bytes[0], bytes[1], bytes[2], bytes[3]};
    const uint32_t tag = ts_load_tag(tag_bytes, false);
    if ((tag <= frame->last_tag && !frame->is_first) || tag > frame->stop_after_tag || tag == 0 ||
        tag >> 16 == 0xFFFE || tag == TS_TAG_PIXEL_REPRESENTATION) {
        return 0;
    }
    ts_element_header element;
    ts_decode_header(bytes, frame->encoding.implicit_vr, false, &element);
    if (element.deviation != TS_OK || element.vr_index == TS_VR_SQ || element.is_ambiguous) {
        return 0;
    }
    const size_t value_room = length - element.header_bytes;
    const uint8_t *value = &bytes[element.header_bytes];
    if (element.value_length > value_room || (element.value_length & 1) != 0 ||
        (element.vr_index == TS_VR_UN && ts_begins_with_item(value, element.value_length))) {
        return 0;
    }
    bool is_captured;
    bool is_pending = false;
    if (!choose_capture(parser, &element, &is_captured) || parser->elements.count >= parser->limits.element_limit ||
        (ts_tag_is_odd(element.tag) && !choose_private(element.tag, &is_pending))) {
        return 0;
    }
    if ((is_full(&parser->elements) || is_full(&parser->private_pending) ||
         (is_captured && !fits_captured(parser, parser->captured.count, element.value_length))) &&
        !make_room(parser, ROOM_ELEMENTS, is_captured ? element.value_length : 0)) {
        return 0;
    }
    if (is_pending) {
        ((int32_t *)parser->private_pending.items)[parser->private_pending.count++] = (int32_t)parser->elements.count;
    }
    const uint64_t value_offset = offset + element.header_bytes;
    *ts_record(parser, (int32_t)parser->elements.count++) =
        (ts_element){.value_offset = value_offset,
                     .end_offset = value_offset + element.value_length,
                     .captured_at = is_captured ? parser->captured.count : TS_NOT_CAPTURED,
                     .tag = element.tag,
                     .value_length = element.value_length,
                     .parent = frame->record,
                     .creator = TS_CREATOR_NOT_PRIVATE,
                     .vr = {element.vr[0], element.vr[1]},
                     .depth = frame->depth,
                     .flags = element.is_implicit ? TS_FLAG_IMPLICIT_VR : 0,
                     .header_bytes = (uint16_t)element.header_bytes};
    if (is_captured) {
        copy_value(&((uint8_t *)parser->captured.items)[parser->captured.count], value, element.value_length,
                   value_room);
        parser->captured.count += element.value_length;
    } else {
        parser->stepped_over += element.value_length;
    }
    frame->last_tag = element.tag;
    frame->is_first = false;
    return element.header_bytes + (size_t)element.value_length;
}

bool ts_take_plain_elements(ts_parser *parser, ts_frame *frame) {
    /* Deeply nested elements are counted. */
    if (parser->phase != TS_PHASE_DATA || frame->encoding.big_endian || frame->depth > TS_DEEP_FROM) {
        return false;
    }
    const uint64_t start = parser->cursor.at;
    const uint64_t room = ts_room(parser, frame);
    const uint64_t available = ts_stream_available(parser);
    const size_t length = (size_t)(room < available ? room : available);
    if (length < TS_LONG_HEADER_BYTES) {
        return false;
    }
    const uint8_t *bytes = ts_cursor_peek(&parser->cursor, length);
    size_t at = 0;
    size_t taken;
    while (length - at >= TS_LONG_HEADER_BYTES &&
           (taken = take_element(parser, frame, &bytes[at], length - at, start + at)) > 0) {
        at += taken;
    }
    parser->cursor.at = start + at;
    return at > 0;
}
