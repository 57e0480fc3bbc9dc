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

/* What the first four bytes of a value are, in either byte order. */
typedef struct item_tags {
    bool is_item;
    bool is_sequence_end;
    bool is_item_end;
} item_tags;

bool ts_header_is_long(const uint8_t *bytes) {
    const uint8_t letters[2] = {bytes[4], bytes[5]};
    const ts_vr vr = ts_vr_find(letters);
    return vr == TS_VR_UNKNOWN ? are_letters(letters) && bytes[6] == 0 && bytes[7] == 0 : ts_vr_is_long(vr);
}

static void read_length_after_vr(const uint8_t *bytes, bool big_endian, bool is_long, ts_element_header *header) {
    if (is_long) {
        const uint8_t length_bytes[4] = {bytes[8], bytes[9], bytes[10], bytes[11]};
        header->value_length = ts_load_u32(length_bytes, big_endian);
        header->header_bytes = TS_LONG_HEADER_BYTES;
    } else {
        const uint8_t length_bytes[2] = {bytes[6], bytes[7]};
        header->value_length = ts_load_u16(length_bytes, big_endian);
        header->header_bytes = TS_SHORT_HEADER_BYTES;
    }
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
    read_length_after_vr(bytes, big_endian, ts_header_is_long(bytes), header);
}

static item_tags read_item_tags(const uint8_t *bytes) {
    const uint32_t little = ts_load_tag(bytes, false);
    const uint32_t big = ts_load_tag(bytes, true);
    return (item_tags){
        .is_item = little == TS_TAG_ITEM || big == TS_TAG_ITEM,
        .is_sequence_end = little == TS_TAG_SEQUENCE_DELIMITATION || big == TS_TAG_SEQUENCE_DELIMITATION,
        .is_item_end = little == TS_TAG_ITEM_DELIMITATION || big == TS_TAG_ITEM_DELIMITATION,
    };
}

/* VR SQ of a defined length: items, or something else that was written under this VR. */
static ts_have find_sequence_shape(ts_parser *parser, const ts_element_header *header, ts_value_shape *shape) {
    *shape = TS_SHAPE_SEQUENCE;
    if (header->value_length == TS_UNDEFINED_LENGTH || header->value_length == 0) {
        return TS_HAVE;
    }
    if (header->value_length < 4) {
        *shape = TS_SHAPE_NOT_ITEMS;
        return TS_HAVE;
    }
    const ts_have have = ts_stream_have(parser, header->header_bytes + 4);
    if (have == TS_HAVE) {
        const item_tags tags =
            read_item_tags(ts_cursor_peek(&parser->cursor, header->header_bytes + 4) + header->header_bytes);
        *shape = tags.is_item || tags.is_sequence_end || tags.is_item_end ? TS_SHAPE_SEQUENCE : TS_SHAPE_NOT_ITEMS;
    }
    return have == TS_HAVE_MORE ? have : TS_HAVE; /* a sequence that ends with the stream is one without its end */
}

/* Whether a fragment of `length` bytes can begin with an element in this encoding. `bytes` are its first eight. */
static bool may_begin_with_element(ts_encoding encoding, const uint8_t *bytes, uint32_t length) {
    ts_element_header header;
    if (!ts_encoding_can_have(encoding, bytes) || ts_load_tag(bytes, encoding.big_endian) >> 16 == 0) {
        return false;
    }
    if (!encoding.implicit_vr && ts_header_is_long(bytes)) {
        return length >= TS_LONG_HEADER_BYTES;
    }
    ts_decode_header(bytes, encoding.implicit_vr, encoding.big_endian, &header);
    return header.value_length == TS_UNDEFINED_LENGTH || header.value_length <= length - TS_SHORT_HEADER_BYTES;
}

/* A value of undefined length in fragments that is not Pixel Data: its first fragment that is not empty decides whether
 * it is tried as a sequence. Items of undefined length are no fragments. */
static ts_have find_fragments_shape(ts_parser *parser, const ts_frame *frame, const ts_element_header *header,
                                    ts_value_shape *shape) {
    enum { HEADERS_BYTES = 16 }; /* of an item and of its first element */
    const ts_encoding implicit = {.big_endian = frame->encoding.big_endian, .implicit_vr = true};
    uint64_t at = header->header_bytes;
    *shape = TS_SHAPE_FRAGMENTS;
    if (parser->deflated_from != TS_UNKNOWN_SIZE) {
        return TS_HAVE; /* a trial may have to go back, which an inflated stream cannot */
    }
    for (; at <= TS_TRIAL_WINDOW_BYTES; at += TS_SHORT_HEADER_BYTES) {
        const ts_have have = ts_stream_have(parser, at + HEADERS_BYTES);
        if (have != TS_HAVE) {
            return have == TS_HAVE_MORE ? have : TS_HAVE;
        }
        const uint8_t *bytes = ts_cursor_peek(&parser->cursor, at + HEADERS_BYTES) + at;
        const uint8_t length_bytes[4] = {bytes[4], bytes[5], bytes[6], bytes[7]};
        const uint32_t length = ts_load_u32(length_bytes, frame->encoding.big_endian);
        if (ts_load_tag(bytes, frame->encoding.big_endian) != TS_TAG_ITEM) {
            return TS_HAVE;
        }
        if (length == 0) {
            continue;
        }
        const uint8_t *content = &bytes[TS_SHORT_HEADER_BYTES];
        const bool has_implicit = length >= TS_SHORT_HEADER_BYTES && may_begin_with_element(implicit, content, length);
        const bool has_other =
            length >= TS_SHORT_HEADER_BYTES && may_begin_with_element(frame->encoding, content, length);
        /* The length of an item is a bound for that of its first element: without it, the letters of a VR decide. */
        if (has_implicit && !(length == TS_UNDEFINED_LENGTH && has_other)) {
            *shape = TS_SHAPE_FRAGMENTS_IMPLICIT;
        } else if (has_other || length == TS_UNDEFINED_LENGTH) {
            *shape = TS_SHAPE_FRAGMENTS_AS_DATA_SET;
        }
        return TS_HAVE;
    }
    return TS_HAVE;
}

ts_have ts_find_value_shape(ts_parser *parser, const ts_frame *frame, const ts_element_header *header,
                            ts_value_shape *shape) {
    const bool is_undefined = header->value_length == TS_UNDEFINED_LENGTH;
    const bool is_un = header->vr_index == TS_VR_UN;
    *shape = TS_SHAPE_BYTES;
    if (header->vr_index == TS_VR_SQ) {
        return find_sequence_shape(parser, header, shape);
    }
    if (is_undefined && is_un && !header->is_implicit) {
        *shape = TS_SHAPE_UN_SEQUENCE;
        return TS_HAVE;
    }
    if (is_undefined && (ts_vr_is_other(header->vr_index) || !header->is_implicit)) {
        if (!ts_vr_is_other(header->vr_index) && header->vr_index != TS_VR_UNKNOWN) {
            *shape = TS_SHAPE_NOT_ALLOWED;
            return TS_HAVE;
        }
        *shape = TS_SHAPE_FRAGMENTS;
        return ts_tag_is_pixel_data(header->tag) ? TS_HAVE : find_fragments_shape(parser, frame, header, shape);
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
    const item_tags tags = read_item_tags(&bytes[header->header_bytes]);
    if (is_undefined) {
        *shape = tags.is_item || tags.is_sequence_end ? TS_SHAPE_SEQUENCE : TS_SHAPE_NOT_ALLOWED;
        return TS_HAVE;
    }
    if (!tags.is_item || header->value_length > room - header->header_bytes) {
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

static bool is_letter(uint8_t byte) { return (byte | 0x20) >= 'a' && (byte | 0x20) <= 'z'; }

/* The VR that two letters name in upper case; TS_VR_UNKNOWN if they do not. */
static ts_vr find_upper_vr(const uint8_t *letters) {
    const uint8_t upper[2] = {letters[0] & 0xDF, letters[1] & 0xDF};
    return ts_vr_find(upper);
}

/* What begins after an element. */
typedef enum ts_next { TS_NEXT_NOTHING, TS_NEXT_ELEMENT, TS_NEXT_END, TS_NEXT_MORE } ts_next;

/* Whether an element, a delimitation item, or the end of the container or stream is `distance` bytes after the start of
 * the element at the position, whose tag is `tag`. */
static ts_next find_next(ts_parser *parser, const ts_frame *frame, uint32_t tag, uint64_t distance) {
    const uint64_t room = ts_room(parser, frame);
    if (distance > TS_TRIAL_WINDOW_BYTES || distance > room) {
        return TS_NEXT_NOTHING;
    }
    if (distance == room) {
        return TS_NEXT_ELEMENT; /* its length fills the item */
    }
    const ts_have have = ts_stream_have(parser, distance + TS_SHORT_HEADER_BYTES);
    if (have == TS_HAVE_MORE) {
        return TS_NEXT_MORE;
    }
    if (have == TS_HAVE_END) {
        return parser->status == TS_OK && ts_left(parser) == distance ? TS_NEXT_END : TS_NEXT_NOTHING;
    }
    const uint8_t *next = ts_cursor_peek(&parser->cursor, distance + TS_SHORT_HEADER_BYTES) + distance;
    const uint32_t next_tag = ts_load_tag(next, frame->encoding.big_endian);
    if (next_tag >> 16 == 0xFFFE) {
        return TS_NEXT_ELEMENT;
    }
    ts_encoding without_vr = frame->encoding;
    without_vr.implicit_vr = true; /* its own letters may be in lower case, too */
    const bool has_letters = find_upper_vr(&next[4]) != TS_VR_UNKNOWN && is_letter(next[4]) && is_letter(next[5]);
    return next_tag > tag && has_letters && ts_encoding_can_have(without_vr, next) ? TS_NEXT_ELEMENT : TS_NEXT_NOTHING;
}

/* An explicit VR element with a letter in lower case where its VR should be: an unknown VR, or the low half of the
 * value length of an element without VR. What begins after the value decides. At the end of the stream, and where the
 * value is too long to look after it, the letters are a VR if PS3.6 has that VR, in upper case, for the tag. */
static ts_have choose_letters(ts_parser *parser, const ts_frame *frame, ts_element_header *header) {
    const uint8_t *bytes = ts_cursor_peek(&parser->cursor, TS_SHORT_HEADER_BYTES);
    const bool big_endian = frame->encoding.big_endian;
    const ts_vr upper = find_upper_vr(&bytes[4]);
    const bool is_long = bytes[6] == 0 && bytes[7] == 0 && (upper == TS_VR_UNKNOWN || ts_vr_is_long(upper));
    parser->facts.is_unusual = true;
    if (is_long) {
        const ts_have have = ts_stream_have(parser, TS_LONG_HEADER_BYTES);
        if (have != TS_HAVE) {
            return have == TS_HAVE_MORE ? have : TS_HAVE;
        }
        bytes = ts_cursor_peek(&parser->cursor, TS_LONG_HEADER_BYTES);
    }
    ts_element_header with_vr = {.tag = header->tag, .vr_index = TS_VR_UNKNOWN, .deviation = TS_UNKNOWN_VR};
    memcpy(with_vr.vr, &bytes[4], 2);
    read_length_after_vr(bytes, big_endian, is_long, &with_vr);
    const ts_next after_vr =
        find_next(parser, frame, header->tag, with_vr.header_bytes + (uint64_t)with_vr.value_length);
    const ts_next after_length =
        after_vr == TS_NEXT_ELEMENT
            ? TS_NEXT_NOTHING
            : find_next(parser, frame, header->tag, TS_SHORT_HEADER_BYTES + (uint64_t)header->value_length);
    if (after_vr == TS_NEXT_MORE || after_length == TS_NEXT_MORE) {
        return TS_HAVE_MORE;
    }
    const ts_dictionary_entry *entry = ts_dictionary_find(header->tag);
    const char *letters = ts_vr_letters(upper);
    /* "ox" and "xs" are how some dictionaries write a choice of VRs. */
    const bool is_of_tag = entry != NULL && (entry->ambiguity != TS_VR_FIXED ||
                                             (entry->vr[0] == letters[0] && entry->vr[1] == letters[1]));
    /* An empty value at the end may also be a value without VR that was cut. */
    const bool is_unseen = (after_vr == TS_NEXT_END && with_vr.value_length > 0) ||
                           with_vr.value_length > TS_TRIAL_WINDOW_BYTES - TS_LONG_HEADER_BYTES;
    if (after_vr == TS_NEXT_ELEMENT || (after_length != TS_NEXT_ELEMENT && is_unseen && is_of_tag)) {
        *header = with_vr;
    }
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
    if (header->deviation == TS_IMPLICIT_ELEMENT && is_letter(bytes[4]) && is_letter(bytes[5])) {
        return choose_letters(parser, frame, header);
    }
    return TS_HAVE;
}
