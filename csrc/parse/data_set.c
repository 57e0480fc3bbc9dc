/* The data elements of a data set or item (PS3.5 2026b, 7.1 to 7.5 and 7.8).
 *
 * For: one step = one element or delimitation item at the position.
 * Never: a side effect before all bytes of a step are in the window, because a step that lacks bytes is started again.
 */
#include <string.h>

#include "parse/capture.h"
#include "parse/data_set.h"
#include "parse/element_header.h"
#include "parse/element_order.h"
#include "parse/fast_elements.h"
#include "parse/fragments.h"
#include "parse/other_bytes.h"
#include "parse/part10.h"
#include "parse/sequences.h"
#include "parse/stream.h"
#include "parse/trials.h"

static bool push_pending(ts_parser *parser, ts_buffer *pending, int32_t record) {
    if (!ts_buffer_reserve(pending, 1)) {
        ts_fail(parser, TS_OUT_OF_MEMORY, parser->cursor.at, TS_NO_TAG);
        return false;
    }
    ((int32_t *)pending->items)[pending->count++] = record;
    return true;
}

static void note_private(ts_parser *parser, int32_t record, uint64_t offset) {
    const uint32_t tag = ts_record(parser, record)->tag;
    const uint32_t element = tag & 0xFFFF;
    if (ts_tag_is_illegal(tag)) {
        ts_deviate(parser, TS_ILLEGAL_GROUP, offset, tag);
    } else if (element == 0) {
        return; /* a group length */
    } else if (ts_tag_is_private_creator(tag) || ts_tag_is_in_block(tag)) {
        (void)push_pending(parser, &parser->private_pending, record);
    } else {
        ts_deviate(parser, TS_ILLEGAL_PRIVATE_ELEMENT, offset, tag);
    }
}

/* Returns the slot for an element's tag and VR in checked_item_starts. *beginning becomes the six bytes of tag and VR,
 * which the slot holds if they passed the check before. */
static uint64_t *find_beginning(ts_parser *parser, const uint8_t *bytes, uint64_t *beginning) {
    static const uint8_t tag_and_vr[8] = {0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0, 0};
    *beginning = ts_text_word_8(bytes) & ts_text_word_8(tag_and_vr);
    return &parser->checked_item_starts[*beginning * UINT64_C(0x9E3779B97F4A7C15) >> (64 - TS_ITEM_START_BITS)];
}

/* The encoding of the elements that begin here: the declared one, unless the bytes show another. */
static ts_encoding check_declared(ts_parser *parser, const ts_frame *frame, ts_encoding declared,
                                  const uint8_t *bytes) {
    const uint64_t room = ts_room_in_stream(parser, frame);
    parser->facts.depends_on_size = parser->facts.depends_on_size || ts_encoding_depends_on_room(declared, bytes, room);
    return ts_encoding_check(declared, bytes, room);
}

/* Items may have another encoding than the data set around them. In explicit VR, the tag and the letters of a VR decide
 * that; those that passed the check are remembered, so that they are not checked again. */
static void check_item_encoding(ts_parser *parser, ts_frame *frame, const uint8_t *bytes) {
    uint64_t beginning;
    uint64_t *known = find_beginning(parser, bytes, &beginning);
    const bool is_plain = !frame->encoding.big_endian && !frame->encoding.implicit_vr;
    if (is_plain && *known == beginning) {
        return;
    }
    const ts_encoding found = check_declared(parser, frame, frame->encoding, bytes);
    if (!ts_encoding_equal(found, frame->encoding)) {
        ts_deviate(parser, TS_ITEM_ENCODING, parser->cursor.at, TS_TAG_ITEM);
        frame->encoding = found;
        return;
    }
    const uint8_t letters[2] = {bytes[4], bytes[5]};
    const bool is_group_length = (bytes[2] | bytes[3]) == 0; /* then its value length was part of the check */
    if (is_plain && ts_vr_find(letters) != TS_VR_UNKNOWN && !is_group_length) {
        *known = beginning;
    }
}

/* Finds the encoding of the elements that begin here, from what was declared and from the bytes of the first element.
 * Done once for each item and each part of the file. */
static void check_encoding(ts_parser *parser, ts_frame *frame, const uint8_t *bytes) {
    frame->is_checked = true;
    if (frame->kind == TS_FRAME_ITEM) {
        check_item_encoding(parser, frame, bytes);
        return;
    }
    if (parser->phase == TS_PHASE_META) {
        const ts_encoding found = check_declared(parser, frame, frame->encoding, bytes);
        if (found.implicit_vr) { /* the byte order is known, because the group was read as 0002 */
            frame->encoding.implicit_vr = true;
            ts_deviate(parser, TS_META_IMPLICIT_VR, parser->cursor.at, ts_load_tag(bytes, false));
        }
    } else if (parser->facts.is_encoding_known) {
        const ts_encoding found = check_declared(parser, frame, parser->facts.encoding, bytes);
        if (!ts_encoding_equal(found, parser->facts.encoding)) {
            ts_deviate(parser, TS_TRANSFER_SYNTAX_WRONG, parser->cursor.at, ts_load_tag(bytes, found.big_endian));
        }
        frame->encoding = parser->facts.encoding = found;
    } else {
        ts_encoding found;
        parser->facts.depends_on_size = true;
        if (!ts_encoding_guess(bytes, ts_room_in_stream(parser, frame), &found)) {
            found = ts_encoding_of_shape(bytes);
        }
        frame->encoding = parser->facts.encoding = found;
    }
}

static void step_delimiter(ts_parser *parser, const ts_frame *frame, uint32_t tag, uint32_t length) {
    const bool closes_item = frame->kind == TS_FRAME_ITEM && frame->end == TS_NO_END;
    const uint64_t start = parser->cursor.at;
    if (tag == TS_TAG_ITEM && !closes_item) {
        /* Some tools blank a sequence and leave its items. Only the item header is skipped, so that the elements of
         * the item are read. */
        ts_deviate(parser, TS_STRAY_ITEM, start, tag);
        parser->cursor.at += 8;
        return;
    }
    if (closes_item && tag != TS_TAG_ITEM_DELIMITATION) { /* it is the next item or the end of the sequence */
        ts_deviate(parser, TS_MISSING_DELIMITER, start, TS_TAG_ITEM);
        ts_close_frame(parser);
        return;
    }
    if (length != 0) {
        ts_deviate(parser, TS_DELIMITER_LENGTH, start, tag);
    }
    parser->cursor.at += 8;
    if (closes_item) {
        ts_close_frame(parser);
    } else {
        ts_deviate(parser, TS_STRAY_DELIMITER, start, tag);
    }
}

static void open_value(ts_parser *parser, int32_t record, ts_value_shape shape, bool is_known_vr) {
    const ts_encoding implicit_little = {.implicit_vr = true};
    const ts_encoding encoding = ts_top(parser)->encoding;
    const ts_element *element = ts_record(parser, record);
    switch (shape) {
    case TS_SHAPE_SEQUENCE:
        if (!is_known_vr) {
            ts_deviate(parser, TS_SEQUENCE_VALUE, element->value_offset, element->tag);
        }
        ts_open_sequence(parser, record, encoding);
        break;
    case TS_SHAPE_UN_SEQUENCE:
        ts_open_sequence(parser, record, implicit_little);
        break;
    case TS_SHAPE_TRIAL:
        ts_open_trial(parser, record, encoding.implicit_vr ? encoding : implicit_little);
        break;
    case TS_SHAPE_FRAGMENTS_IMPLICIT:
        parser->facts.is_unusual = true;
        ts_open_trial(parser, record, (ts_encoding){.big_endian = encoding.big_endian, .implicit_vr = true});
        break;
    case TS_SHAPE_FRAGMENTS_AS_DATA_SET:
        parser->facts.is_unusual = true;
        ts_open_trial(parser, record, encoding);
        break;
    case TS_SHAPE_FRAGMENTS:
        if (!ts_tag_is_pixel_data(element->tag)) {
            ts_deviate(parser, TS_FRAGMENTS_ELSEWHERE, element->value_offset, element->tag);
        }
        ts_open_fragments(parser, record);
        break;
    case TS_SHAPE_BYTES:
    case TS_SHAPE_NOT_ITEMS:
    case TS_SHAPE_NOT_ALLOWED:
        ts_take_value(parser, record);
        break;
    }
}

/* Whether an element of group 0000 is in fragments that are tried as a sequence: zeros are no elements there. */
static bool is_group_0_in_fragments(const ts_parser *parser, uint32_t tag) {
    const size_t count = parser->trials.count;
    return tag >> 16 == 0 && count > 0 && ((const ts_trial *)parser->trials.items)[count - 1].is_fragments;
}

/* Adds the record of an element whose header and value shape are known. */
static void add_element(ts_parser *parser, const ts_element_header *header, ts_value_shape shape) {
    ts_frame *frame = ts_top(parser);
    const uint64_t start = parser->cursor.at;
    const uint64_t value_offset = start + header->header_bytes;
    const uint64_t room = ts_room(parser, frame);
    const bool is_undefined = header->value_length == TS_UNDEFINED_LENGTH;
    if (shape == TS_SHAPE_NOT_ALLOWED) {
        ts_fail(parser, TS_UNDEFINED_LENGTH_HERE, value_offset, header->tag);
        return;
    }
    if (!is_undefined && room != TS_NO_END && header->value_length > room - header->header_bytes) {
        ts_fail(parser, TS_LENGTH_BEYOND_PARENT, value_offset, header->tag);
        return;
    }
    if (shape != TS_SHAPE_SEQUENCE && !is_undefined &&
        ts_is_cut_short(parser, header->header_bytes + (uint64_t)header->value_length)) {
        ts_fail(parser, TS_TRUNCATED_VALUE, value_offset, header->tag);
        return;
    }
    if (frame->depth > TS_DEEP_FROM && parser->limits.depth_limit <= TS_DEPTH_LIMIT) {
        parser->deep_steps += frame->depth - (uint32_t)TS_DEEP_FROM;
        if (parser->deep_steps > TS_DEEP_STEPS) {
            ts_fail(parser, TS_TOO_MANY_DEEP, start, header->tag);
            return;
        }
    }
    const int32_t record = ts_add_record(parser, header->tag, value_offset, header->value_length);
    if (record < 0) {
        return;
    }
    ts_element *element = ts_record(parser, record);
    memcpy(element->vr, shape == TS_SHAPE_NOT_ITEMS ? "UN" : header->vr, 2);
    element->header_bytes = (uint16_t)header->header_bytes;
    element->flags = (uint16_t)(element->flags | (header->is_implicit ? TS_FLAG_IMPLICIT_VR : 0) |
                                (header->is_ambiguous ? TS_FLAG_AMBIGUOUS : 0) |
                                (parser->phase == TS_PHASE_META ? TS_FLAG_FILE_META : 0) |
                                (parser->phase == TS_PHASE_COMMAND ? TS_FLAG_COMMAND : 0));
    if (header->deviation != TS_OK) {
        ts_deviate(parser, header->deviation, start, header->tag);
    }
    if (shape == TS_SHAPE_NOT_ITEMS) {
        ts_deviate(parser, TS_SEQUENCE_NOT_ITEMS, value_offset, header->tag);
        parser->facts.is_unusual = true;
    }
    if (!is_undefined && (header->value_length & 1) != 0) {
        ts_deviate(parser, TS_ODD_LENGTH, value_offset, header->tag);
    }
    ts_note_order(parser, frame, header->tag, start);
    if (ts_tag_is_odd(header->tag)) {
        note_private(parser, record, start);
    }
    if (header->is_ambiguous && header->vr_index == TS_VR_US) {
        (void)push_pending(parser, &parser->ambiguous_pending, record);
    }
    if (is_group_0_in_fragments(parser, header->tag)) {
        ts_fail(parser, TS_UNREADABLE_ELEMENT, start, header->tag);
        return;
    }
    open_value(parser, record, shape, header->vr_index == TS_VR_SQ || header->vr_index == TS_VR_UN);
}

ts_step ts_step_element(ts_parser *parser) {
    ts_frame *frame = ts_top(parser);
    if (ts_close_with_parent(parser) || (frame->is_checked && ts_take_plain_elements(parser, frame))) {
        return TS_STEP_GO;
    }
    if (ts_room(parser, frame) < 8) {
        return ts_fail_at_end(parser, TS_LENGTH_BEYOND_PARENT, ts_record(parser, frame->record)->tag);
    }
    switch (ts_stream_have(parser, 8)) {
    case TS_HAVE:
        break;
    case TS_HAVE_MORE:
        return TS_STEP_MORE;
    case TS_HAVE_END:
        return ts_end_of_data_set(parser, frame);
    }
    const uint8_t *bytes = ts_cursor_peek(&parser->cursor, 8);
    if (frame->kind == TS_FRAME_ROOT && ts_change_phase(parser, frame, bytes)) {
        return TS_STEP_GO;
    }
    if (!frame->is_checked) {
        check_encoding(parser, frame, bytes);
        if (ts_take_plain_elements(parser, frame)) {
            return TS_STEP_GO;
        }
    }
    const uint32_t tag = ts_load_tag(bytes, frame->encoding.big_endian);
    if (tag >> 16 == 0xFFFE) {
        const uint8_t length_bytes[4] = {bytes[4], bytes[5], bytes[6], bytes[7]};
        if (tag != TS_TAG_ITEM && tag != TS_TAG_ITEM_DELIMITATION && tag != TS_TAG_SEQUENCE_DELIMITATION) {
            ts_fail(parser, TS_UNREADABLE_ELEMENT, parser->cursor.at, tag);
        } else {
            step_delimiter(parser, frame, tag, ts_load_u32(length_bytes, frame->encoding.big_endian));
        }
        return TS_STEP_GO;
    }
    if (frame->kind == TS_FRAME_ROOT && ts_is_after_data_set(parser, frame, bytes, 8)) {
        return ts_take_trailing_bytes(parser);
    }
    /* A tag that this data set cannot have does not end the parse: it may come from a wrong encoding. */
    if (tag > frame->stop_after_tag && ts_encoding_proves_tag(frame->encoding, bytes) && ts_stop_after(parser)) {
        return TS_STEP_GO;
    }
    ts_element_header header;
    if (ts_read_element_header(parser, frame, &header) == TS_HAVE_MORE) {
        return TS_STEP_MORE;
    }
    ts_value_shape shape = TS_SHAPE_BYTES;
    if (parser->status == TS_OK && ts_find_value_shape(parser, frame, &header, &shape) == TS_HAVE_MORE) {
        return TS_STEP_MORE;
    }
    if (parser->status == TS_OK) {
        add_element(parser, &header, shape);
    }
    return TS_STEP_GO;
}
