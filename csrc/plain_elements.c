/* Plain data elements, many in one step: the short way through what nearly all elements are (PS3.5 2026b, 7.1).
 *
 * For: little endian elements whose header and value are in the window, in ascending order, with an even length and a
 *      VR that leaves nothing open.
 * Never: a decision. What is not plain is left to ts_step_element at the same position, and what is plain becomes the
 *        record that it would have become there; files fed byte by byte take that way, and a test compares the two.
 */
#include <string.h>

#include "dictionary.h"
#include "parser_state.h"

enum { LONGEST_HEADER_BYTES = 12, SHORT_HEADER_BYTES = 8, ITEM_TAG_BYTES = 4 };

typedef struct plain_element {
    uint32_t tag;
    uint32_t value_length;
    uint32_t header_bytes;
    const char *vr;
    bool is_unknown; /* UN: the value may be a sequence */
} plain_element;

static bool read_implicit(const uint8_t *bytes, plain_element *element) {
    const uint8_t length_bytes[4] = {bytes[4], bytes[5], bytes[6], bytes[7]};
    element->value_length = ts_load_u32(length_bytes, false);
    element->header_bytes = SHORT_HEADER_BYTES;
    element->is_unknown = false;
    if ((element->tag & 0xFFFF) == 0) {
        element->vr = "UL";
        return true;
    }
    if (ts_tag_is_private_creator(element->tag)) {
        element->vr = "LO";
        return true;
    }
    const ts_dictionary_entry *entry = ts_dictionary_find(element->tag);
    if (entry == NULL) {
        element->vr = "UN";
        element->is_unknown = true;
        return true;
    }
    element->vr = entry->vr;
    return entry->ambiguity == TS_VR_FIXED && memcmp(entry->vr, "SQ", 2) != 0 && memcmp(entry->vr, "UN", 2) != 0;
}

static bool read_explicit(const uint8_t *bytes, plain_element *element) {
    const uint8_t letters[2] = {bytes[4], bytes[5]};
    const ts_vr vr = ts_vr_find(letters);
    if (vr == TS_VR_UNKNOWN || vr == TS_VR_SQ) {
        return false;
    }
    element->vr = ts_vr_letters(vr);
    element->is_unknown = vr == TS_VR_UN;
    if (!ts_vr_is_long(vr)) {
        const uint8_t length_bytes[2] = {bytes[6], bytes[7]};
        element->value_length = ts_load_u16(length_bytes, false);
        element->header_bytes = SHORT_HEADER_BYTES;
        return true;
    }
    const uint8_t length_bytes[4] = {bytes[8], bytes[9], bytes[10], bytes[11]};
    element->value_length = ts_load_u32(length_bytes, false);
    element->header_bytes = LONGEST_HEADER_BYTES;
    return bytes[6] == 0 && bytes[7] == 0;
}

static bool begins_with_item(const uint8_t *value) {
    const uint8_t tag_bytes[4] = {value[0], value[1], value[2], value[3]};
    return ts_load_tag(tag_bytes, false) == TS_TAG_ITEM || ts_load_tag(tag_bytes, true) == TS_TAG_ITEM;
}

/* Whether the value is copied or stepped over; false if it is neither. */
static bool choose_capture(const ts_parser *parser, const plain_element *element, bool *is_captured) {
    *is_captured = ts_value_is_wanted(parser, element->tag, element->value_length);
    return *is_captured || !parser->limits.digests_long_values || ts_tag_is_pixel_data(element->tag) ||
           ts_tag_is_samples(element->tag);
}

static bool note_private(ts_parser *parser, uint32_t tag, int32_t record) {
    if ((tag & 0xFFFF) == 0) {
        return !ts_tag_is_illegal(tag); /* a group length */
    }
    if ((!ts_tag_is_private_creator(tag) && !ts_tag_is_in_block(tag)) ||
        !ts_buffer_reserve(&parser->private_pending, 1)) {
        return false;
    }
    ((int32_t *)parser->private_pending.items)[parser->private_pending.count++] = record;
    return true;
}

/* Takes the element at the front of the bytes; returns how many it has, 0 if it is not plain. */
static size_t take_element(ts_parser *parser, const ts_frame *frame, const uint8_t *bytes, size_t length,
                           uint64_t offset) {
    const uint8_t tag_bytes[4] = {bytes[0], bytes[1], bytes[2], bytes[3]};
    plain_element element = {.tag = ts_load_tag(tag_bytes, false)};
    if ((element.tag <= frame->last_tag && !frame->is_first) || element.tag > frame->stop_behind_tag ||
        element.tag == 0 || element.tag >> 16 == 0xFFFE || element.tag == TS_TAG_PIXEL_REPRESENTATION ||
        !(frame->encoding.implicit_vr ? read_implicit(bytes, &element) : read_explicit(bytes, &element))) {
        return 0;
    }
    const size_t value_room = length - element.header_bytes;
    const uint8_t *value = &bytes[element.header_bytes];
    if (element.value_length > value_room || (element.value_length & 1) != 0 ||
        (element.is_unknown && element.value_length >= 2 * ITEM_TAG_BYTES && begins_with_item(value))) {
        return 0;
    }
    bool is_captured;
    if (!choose_capture(parser, &element, &is_captured) || parser->elements.count >= parser->limits.element_limit ||
        !ts_buffer_reserve(&parser->elements, 1) ||
        (is_captured && !ts_buffer_reserve(&parser->captured, element.value_length))) {
        return 0;
    }
    if (ts_tag_is_odd(element.tag) && !note_private(parser, element.tag, (int32_t)parser->elements.count)) {
        return 0;
    }
    const uint64_t value_offset = offset + element.header_bytes;
    ts_element *record = ts_record(parser, (int32_t)parser->elements.count++);
    memset(record, 0, sizeof *record); /* padding too: records are compared as bytes */
    record->value_offset = value_offset;
    record->end_offset = value_offset + element.value_length;
    record->captured_at = is_captured ? parser->captured.count : TS_NOT_CAPTURED;
    record->tag = element.tag;
    record->value_length = element.value_length;
    record->parent = frame->record;
    record->creator = TS_CREATOR_NOT_PRIVATE;
    record->vr[0] = element.vr[0];
    record->vr[1] = element.vr[1];
    record->depth = frame->depth;
    record->flags = frame->encoding.implicit_vr ? TS_FLAG_IMPLICIT_VR : 0;
    if (is_captured && element.value_length > 0) {
        memcpy(&((uint8_t *)parser->captured.items)[parser->captured.count], value, element.value_length);
        parser->captured.count += element.value_length;
    }
    parser->stepped_over += is_captured ? 0 : element.value_length;
    return element.header_bytes + element.value_length;
}

bool ts_take_plain_elements(ts_parser *parser, ts_frame *frame) {
    if (parser->phase != TS_PHASE_DATA || !frame->is_checked || frame->encoding.big_endian) {
        return false;
    }
    const uint64_t start = parser->cursor.at;
    const uint64_t room = ts_room(parser, frame);
    const uint64_t available = ts_stream_available(parser);
    const size_t length = (size_t)(room < available ? room : available);
    const uint8_t *bytes = ts_cursor_peek(&parser->cursor, length);
    size_t at = 0;
    while (length - at >= LONGEST_HEADER_BYTES) {
        const size_t taken = take_element(parser, frame, &bytes[at], length - at, start + at);
        if (taken == 0) {
            break;
        }
        const uint8_t tag_bytes[4] = {bytes[at], bytes[at + 1], bytes[at + 2], bytes[at + 3]};
        frame->last_tag = ts_load_tag(tag_bytes, false);
        frame->is_first = false;
        at += taken;
    }
    parser->cursor.at = start + at;
    return at > 0;
}
