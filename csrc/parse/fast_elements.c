/* Plain data elements, many in one step: the short way through what nearly all elements are (PS3.5 2026b, 7.1).
 *
 * For: little endian elements whose header and value are in the window, in ascending order, with an even length and a
 *      VR that leaves nothing open; and still shorter for what stood at the same place in the item or file before.
 * Never: a decision. What is not plain is left to ts_step_element at the same position, and what is plain becomes the
 *        record that it would have become there; files fed byte by byte take that way, and a test compares the two.
 */
#include <string.h>

#include "dicom/dictionary.h"
#include "parse/capture.h"
#include "parse/fast_elements.h"
#include "parse/parser_state.h"
#include "parse/stream.h"

enum { LONGEST_HEADER_BYTES = 12, SHORT_HEADER_BYTES = 8 };

/* How many elements room is made for at once. */
enum { ROOM_ELEMENTS = 64 };

/* A value of up to so many bytes is copied by a copy of just so many, where both sides have them. */
enum { SMALL_COPY_BYTES = 16 };

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

/* Whether the value is copied or stepped over; false if it is neither. */
static bool choose_capture(const ts_parser *parser, const plain_element *element, bool *is_captured) {
    *is_captured = ts_value_is_wanted(parser, element->tag, element->value_length);
    return *is_captured || !parser->limits.digests_long_values || ts_tag_is_pixel_data(element->tag) ||
           ts_tag_is_samples(element->tag);
}

/* Whether the element is one whose private creator is to be found, or a group length; false if it is neither. */
static bool choose_private(uint32_t tag, bool *is_pending) {
    *is_pending = ts_tag_is_private_creator(tag) || ts_tag_is_in_block(tag);
    return *is_pending || ((tag & 0xFFFF) == 0 && !ts_tag_is_illegal(tag));
}

/* Room for elements, for their places among the pending ones, and for a value. */
static bool make_room(ts_parser *parser, size_t elements, uint32_t value_length) {
    return ts_buffer_reserve(&parser->elements, elements) && ts_buffer_reserve(&parser->private_pending, elements) &&
           ts_buffer_reserve(&parser->captured, (size_t)value_length + SMALL_COPY_BYTES);
}

/* There is room for SMALL_COPY_BYTES behind the value in `captured`; `room` is how many bytes may be read from it on.
 */
static inline void copy_value(uint8_t *captured, const uint8_t *value, size_t length, size_t room) {
    if (length <= SMALL_COPY_BYTES && room >= SMALL_COPY_BYTES) {
        memcpy(captured, value, SMALL_COPY_BYTES); /* what is behind the value is written over by the next one */
    } else if (length > 0) {
        memcpy(captured, value, length);
    }
}

/* What the records of a data set in little endian have in common. */
static inline uint16_t flags_of(const ts_frame *frame) { return frame->encoding.implicit_vr ? TS_FLAG_IMPLICIT_VR : 0; }

/* The eight bytes of a short header as a number, which is never 0 for an element. */
static inline uint64_t load_header(const uint8_t *bytes) { return ts_text_word_8(bytes); }

/* Whether nothing but the eight bytes decided what became of the element. */
static inline bool is_decided_by_header(const ts_parser *parser, const plain_element *element) {
    return element->header_bytes == SHORT_HEADER_BYTES && !element->is_unknown &&
           (element->value_length <= parser->limits.value_limit_bytes || !parser->limits.digests_long_values);
}

static inline bool is_full(const ts_buffer *buffer) { return buffer->count == buffer->capacity; }

/* Whether a value that is captured has room, and what copy_value may copy beyond it. */
static inline bool fits_captured(const ts_parser *parser, size_t captured_count, size_t value_length) {
    const size_t room = parser->captured.capacity - captured_count;
    return room >= SMALL_COPY_BYTES && value_length <= room - SMALL_COPY_BYTES;
}

/* How many records there is room for, with what is noted of them, as far as something is known of one that is like it.
 */
static size_t find_known_end(const ts_parser *parser, const ts_frame *frame) {
    const size_t noted = frame->like_behind == 0 ? parser->plain_headers.count : parser->plain_headers.capacity;
    const size_t room = parser->elements.capacity < noted ? parser->elements.capacity : noted;
    return parser->limits.element_limit < room ? (size_t)parser->limits.element_limit : room;
}

/* Whether the element at the front of the bytes has the header of a record that it is probably like. */
static inline bool is_known(const ts_parser *parser, const ts_frame *frame, size_t end, const uint8_t *bytes) {
    const size_t number = parser->elements.count;
    return number < end && number <= parser->plain_headers.count &&
           ((const uint64_t *)parser->plain_headers.items)[number - frame->like_behind] == load_header(bytes);
}

/* Takes the elements at the front of the bytes whose headers are those of records that are probably like them: of the
 * item or the file before. Returns how many bytes they have. All that is counted stands in variables meanwhile. */
static size_t take_known(ts_parser *parser, ts_frame *frame, size_t end, const uint8_t *bytes, size_t length,
                         uint64_t offset) {
    const uint16_t flags = flags_of(frame);
    const size_t behind = frame->like_behind;
    uint64_t *headers = parser->plain_headers.items;
    ts_element *records = parser->elements.items;
    uint8_t *captured = parser->captured.items;
    int32_t *pending = parser->private_pending.items;
    size_t number = parser->elements.count;
    size_t captured_count = parser->captured.count;
    size_t pending_count = parser->private_pending.count;
    uint64_t stepped_over = 0;
    int64_t last_tag = frame->is_first ? -1 : (int64_t)frame->last_tag;
    size_t at = 0;
    while (number < end && length - at >= LONGEST_HEADER_BYTES) {
        const ts_element *like = &records[number - behind];
        ts_element *record = &records[number];
        const uint64_t header = load_header(&bytes[at]);
        const size_t room = length - at - SHORT_HEADER_BYTES;
        const size_t value_length = like->value_length; /* wider than in the file, for sums */
        const uint32_t tag = like->tag;
        const bool is_captured = like->captured_at != TS_NOT_CAPTURED;
        if (headers[number - behind] != header || header == 0 || like->flags != flags || (int64_t)tag <= last_tag ||
            tag > frame->stop_after_tag || value_length > room) {
            break;
        }
        /* As choose_private says: it had nothing against the tag. */
        const bool is_pending = ts_tag_is_odd(tag) && (tag & 0xFFFF) != 0;
        if ((is_pending && pending_count == parser->private_pending.capacity) ||
            (is_captured && !fits_captured(parser, captured_count, value_length))) {
            break;
        }
        if (is_pending) {
            pending[pending_count++] = (int32_t)number;
        }
        if (behind > 0) {
            memcpy(record, like, sizeof *record);
            headers[number] = header;
        }
        if (is_captured) {
            copy_value(&captured[captured_count], &bytes[at + SHORT_HEADER_BYTES], value_length, room);
            record->captured_at = captured_count;
            captured_count += value_length;
        } else {
            stepped_over += value_length;
        }
        last_tag = tag;
        record->parent = frame->record;
        record->creator = TS_CREATOR_NOT_PRIVATE;
        record->depth = frame->depth;
        record->value_offset = offset + at + SHORT_HEADER_BYTES;
        record->end_offset = record->value_offset + value_length;
        at += SHORT_HEADER_BYTES + value_length;
        number++;
    }
    if (at > 0) {
        parser->elements.count = number;
        parser->captured.count = captured_count;
        parser->private_pending.count = pending_count;
        parser->plain_headers.count = number > parser->plain_headers.count ? number : parser->plain_headers.count;
        parser->stepped_over += stepped_over;
        frame->last_tag = (uint32_t)last_tag;
        frame->is_first = false;
    }
    return at;
}

/* Takes the element at the front of the bytes; returns how many it has, 0 if it is not plain. */
static inline size_t take_element(ts_parser *parser, ts_frame *frame, const uint8_t *bytes, size_t length,
                                  uint64_t offset) {
    const uint8_t tag_bytes[4] = {bytes[0], bytes[1], bytes[2], bytes[3]};
    plain_element element = {.tag = ts_load_tag(tag_bytes, false)};
    if ((element.tag <= frame->last_tag && !frame->is_first) || element.tag > frame->stop_after_tag ||
        element.tag == 0 || element.tag >> 16 == 0xFFFE || element.tag == TS_TAG_PIXEL_REPRESENTATION ||
        !(frame->encoding.implicit_vr ? read_implicit(bytes, &element) : read_explicit(bytes, &element))) {
        return 0;
    }
    const size_t value_room = length - element.header_bytes;
    const uint8_t *value = &bytes[element.header_bytes];
    if (element.value_length > value_room || (element.value_length & 1) != 0 ||
        (element.is_unknown && ts_begins_with_item(value, element.value_length))) {
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
    ts_note_plain_header(parser, parser->elements.count,
                         is_decided_by_header(parser, &element) ? load_header(bytes) : 0);
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
                     .flags = flags_of(frame),
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
    if (parser->phase != TS_PHASE_DATA || frame->encoding.big_endian) {
        return false;
    }
    const uint64_t start = parser->cursor.at;
    const uint64_t room = ts_room(parser, frame);
    const uint64_t available = ts_stream_available(parser);
    const size_t length = (size_t)(room < available ? room : available);
    if (length < LONGEST_HEADER_BYTES) {
        return false;
    }
    const uint8_t *bytes = ts_cursor_peek(&parser->cursor, length);
    size_t at = 0;
    const size_t known_end = find_known_end(parser, frame); /* there may be more room later */
    while (length - at >= LONGEST_HEADER_BYTES) {
        if (is_known(parser, frame, known_end, &bytes[at])) {
            const size_t taken = take_known(parser, frame, known_end, &bytes[at], length - at, start + at);
            at += taken;
            if (taken > 0) {
                continue;
            }
        }
        const size_t taken = take_element(parser, frame, &bytes[at], length - at, start + at);
        if (taken == 0) {
            break;
        }
        at += taken;
    }
    parser->cursor.at = start + at;
    return at > 0;
}
