/* The header of a data element: the implementation of element_header.h (PS3.5 2026b, 6.2.2, 7.1 and annex A).
 *
 * For: both VR forms, VR bytes that are not a VR of the standard, and UN that holds a sequence.
 * Never: a decision from more than the header and the first bytes of the value.
 */
#include "parse/element_header.h"
#include "parse/stream.h"

#include <string.h>

static bool are_letters(const uint8_t letters[2]) {
    return letters[0] >= 'A' && letters[0] <= 'Z' && letters[1] >= 'A' && letters[1] <= 'Z';
}

/* Two equal bytes that some writers use for an unknown VR. */
static bool is_placeholder(const uint8_t letters[2]) {
    return letters[0] == letters[1] && (letters[0] == ' ' || letters[0] == '?' || letters[0] == '-');
}

bool ts_header_is_long(const uint8_t *bytes) {
    const uint8_t letters[2] = {bytes[4], bytes[5]};
    const ts_vr vr = ts_vr_find(letters);
    return vr == TS_VR_UNKNOWN ? are_letters(letters) && bytes[6] == 0 && bytes[7] == 0 : ts_vr_is_long(vr);
}

/* Two letters A to Z are taken for a VR of another edition: with two zero bytes after them the header has the long
 * form, which new VRs have (PS3.5 7.1.2), else the short form. A placeholder has the short form. With any other bytes
 * the element is read as implicit VR. Whether the length fits is not considered: a truncated file would then be read
 * differently. */
void ts_decode_unknown_vr(const uint8_t *bytes, bool big_endian, ts_element_header *header) {
    const uint8_t letters[2] = {bytes[4], bytes[5]};
    if (!are_letters(letters) && !is_placeholder(letters)) {
        ts_decode_implicit(bytes, big_endian, header);
        header->deviation = TS_IMPLICIT_ELEMENT;
        return;
    }
    header->vr[0] = (char)letters[0];
    header->vr[1] = (char)letters[1];
    header->deviation = TS_UNKNOWN_VR;
    if (ts_header_is_long(bytes)) {
        const uint8_t length_bytes[4] = {bytes[8], bytes[9], bytes[10], bytes[11]};
        header->value_length = ts_load_u32(length_bytes, big_endian);
        header->header_bytes = TS_LONG_HEADER_BYTES;
    } else {
        const uint8_t length_bytes[2] = {bytes[6], bytes[7]};
        header->value_length = ts_load_u16(length_bytes, big_endian);
        header->header_bytes = TS_SHORT_HEADER_BYTES;
    }
}

ts_have ts_find_value_shape(ts_parser *parser, const ts_frame *frame, const ts_element_header *header,
                            ts_value_shape *shape) {
    const bool is_undefined = header->value_length == TS_UNDEFINED_LENGTH;
    const bool is_un = header->vr_index == TS_VR_UN;
    *shape = TS_SHAPE_BYTES;
    if (header->vr_index == TS_VR_SQ) {
        *shape = TS_SHAPE_SEQUENCE;
        return TS_HAVE;
    }
    if (is_undefined && is_un && !header->is_implicit) {
        *shape = TS_SHAPE_UN_SEQUENCE;
        return TS_HAVE;
    }
    if (is_undefined && (ts_vr_is_other(header->vr_index) || !header->is_implicit)) {
        *shape = ts_vr_is_other(header->vr_index) || header->vr_index == TS_VR_UNKNOWN ? TS_SHAPE_FRAGMENTS
                                                                                       : TS_SHAPE_NOT_ALLOWED;
        return TS_HAVE;
    }
    if (!is_undefined && (!is_un || header->value_length < 8)) {
        return TS_HAVE;
    }
    const uint64_t room = ts_room_in_stream(parser, frame);
    if (room < 4 + (uint64_t)header->header_bytes) {
        *shape = is_undefined ? TS_SHAPE_SEQUENCE : TS_SHAPE_BYTES; /* a sequence without its end */
        return TS_HAVE;
    }
    ts_have have = ts_stream_have(parser, header->header_bytes + 4);
    if (have == TS_HAVE_MORE) {
        return have;
    }
    if (have == TS_HAVE_END) {
        *shape = is_undefined ? TS_SHAPE_SEQUENCE : TS_SHAPE_BYTES;
        return TS_HAVE;
    }
    const uint8_t *bytes = ts_cursor_peek(&parser->cursor, header->header_bytes + 4);
    const uint8_t tag_bytes[4] = {bytes[header->header_bytes], bytes[header->header_bytes + 1],
                                  bytes[header->header_bytes + 2], bytes[header->header_bytes + 3]};
    const uint32_t little = ts_load_tag(tag_bytes, false);
    const uint32_t big = ts_load_tag(tag_bytes, true);
    const bool is_item = little == TS_TAG_ITEM || big == TS_TAG_ITEM;
    if (is_undefined) {
        const bool is_delimiter = little == TS_TAG_SEQUENCE_DELIMITATION || big == TS_TAG_SEQUENCE_DELIMITATION;
        *shape = is_item || is_delimiter ? TS_SHAPE_SEQUENCE : TS_SHAPE_NOT_ALLOWED;
        return TS_HAVE;
    }
    if (!is_item || header->value_length > room - header->header_bytes) {
        return TS_HAVE; /* bytes, or a truncated value, which its length shows later */
    }
    if (header->value_length <= TS_TRIAL_WINDOW_BYTES) {
        have = ts_stream_have(parser, header->header_bytes + (uint64_t)header->value_length);
        if (have == TS_HAVE_MORE) {
            return have;
        }
    }
    *shape = TS_SHAPE_TRIAL;
    return TS_HAVE;
}

ts_have ts_read_element_header(ts_parser *parser, const ts_frame *frame, ts_element_header *header) {
    const ts_encoding encoding = frame->encoding;
    const uint8_t *bytes = ts_cursor_peek(&parser->cursor, TS_SHORT_HEADER_BYTES);
    if (!encoding.implicit_vr && ts_header_is_long(bytes)) {
        const bool is_cut_by_parent = ts_room(parser, frame) < TS_LONG_HEADER_BYTES;
        const ts_have have = is_cut_by_parent ? TS_HAVE_END : ts_stream_have(parser, TS_LONG_HEADER_BYTES);
        if (have == TS_HAVE_END) {
            ts_fail(parser, is_cut_by_parent ? TS_LENGTH_BEYOND_PARENT : TS_TRUNCATED_ELEMENT, parser->cursor.at,
                    is_cut_by_parent ? ts_load_tag(bytes, encoding.big_endian) : TS_NO_TAG);
        }
        if (have != TS_HAVE) {
            return have;
        }
        bytes = ts_cursor_peek(&parser->cursor, TS_LONG_HEADER_BYTES);
    }
    ts_decode_header(bytes, encoding.implicit_vr, encoding.big_endian, header);
    return TS_HAVE;
}
