/* Values in fragments: the implementation of fragments.h (PS3.5 2026b, 7.5 and A.4).
 *
 * For: the fragments and their end. What writers do wrong there is read on where the next fragment, or the end, shows
 *      itself: a wrong padding byte, another delimiter, an item around them that is too short.
 * Never: the end of the file in place of the end of the fragments.
 */
#include "parse/fragments.h"

#include "dicom/samples.h"
#include "parse/capture.h"
#include "parse/sequences.h"
#include "parse/stream.h"

enum { HEADER_BYTES = 8 };

typedef struct item_header {
    uint32_t tag;
    uint32_t length;
} item_header;

static item_header read_item_header(const uint8_t *bytes, bool big_endian) {
    const uint8_t length_bytes[4] = {bytes[4], bytes[5], bytes[6], bytes[7]};
    return (item_header){.tag = ts_load_tag(bytes, big_endian), .length = ts_load_u32(length_bytes, big_endian)};
}

void ts_open_fragments(ts_parser *parser, int32_t record) {
    ts_element *element = ts_record(parser, record);
    element->flags = (uint16_t)(element->flags | TS_FLAG_FRAGMENTS);
    parser->cursor.at = element->value_offset;
    parser->fragments = (ts_fragments){.beyond_at = TS_NO_END};
    if (parser->limits.digests_long_values &&
        (parser->limits.reads_all_bytes || !ts_is_pixel_data(element->tag, ts_element_vr(element)))) {
        ts_begin_fragments_digest(parser, record);
    }
    (void)ts_push_frame(parser, TS_FRAME_FRAGMENTS, record, TS_NO_END, ts_top(parser)->encoding);
}

/* A fault of the fragments. Those that reach beyond the item around them have the fault of that. */
static void fail(ts_parser *parser, ts_status status, uint64_t offset, uint32_t tag) {
    if (parser->fragments.beyond_at != TS_NO_END) {
        ts_fail(parser, TS_LENGTH_BEYOND_PARENT, parser->fragments.beyond_at, parser->fragments.beyond_tag);
    } else {
        ts_fail(parser, status, offset, tag);
    }
}

/* Whether the fragments may reach beyond the items and sequences around them. Where one of those is tried, such a
 * length shows that it is none. */
static bool may_go_beyond(const ts_parser *parser) { return parser->trials.count == 0; }

static void go_beyond(ts_parser *parser, uint64_t offset, uint32_t tag) {
    if (parser->fragments.beyond_at == TS_NO_END) {
        parser->fragments.beyond_at = offset;
        parser->fragments.beyond_tag = tag;
    }
}

/* Closes the fragments. Containers that should have ended before now end here. */
static ts_step close_fragments(ts_parser *parser) {
    const uint64_t at = parser->cursor.at;
    if (parser->fragments.beyond_at != TS_NO_END) {
        ts_deviate(parser, TS_FRAGMENTS_BEYOND_PARENT, parser->fragments.beyond_at, parser->fragments.beyond_tag);
        parser->facts.is_unusual = true;
        ts_frame *frames = parser->frames.items;
        for (size_t i = 0; i < parser->frames.count; i++) {
            frames[i].end = frames[i].end < at ? at : frames[i].end;
            frames[i].limit = frames[i].limit < at ? at : frames[i].limit;
        }
    }
    ts_close_frame(parser);
    return TS_STEP_GO;
}

/* Whether the item and the sequence around the fragments both end at the position. */
static bool is_end_of_sequence(const ts_parser *parser) {
    const ts_frame *frames = parser->frames.items;
    const size_t count = parser->frames.count;
    return count >= 3 && frames[count - 2].end == parser->cursor.at && frames[count - 3].end == parser->cursor.at;
}

/* Whether a fragment or the delimitation item begins with these bytes. */
static bool is_fragment_header(const ts_parser *parser, const uint8_t *bytes, uint64_t offset, bool big_endian) {
    const item_header header = read_item_header(bytes, big_endian);
    if (header.tag == TS_TAG_SEQUENCE_DELIMITATION) {
        return header.length == 0;
    }
    return header.tag == TS_TAG_ITEM && header.length != TS_UNDEFINED_LENGTH &&
           (parser->size == TS_UNKNOWN_SIZE || header.length <= parser->size - offset - HEADER_BYTES);
}

/* Brings the bytes around the position into one window: from one byte before it, as many as any step here looks at, or
 * up to the end of the stream. All of them in one request: a step that lacks bytes is started again. */
static ts_have bring_bytes_before(ts_parser *parser) {
    const uint64_t at = parser->cursor.at;
    parser->cursor.at = at - 1;
    ts_have have = ts_stream_have(parser, 1 + 2 * HEADER_BYTES);
    if (have == TS_HAVE_END && parser->status == TS_OK) {
        have = ts_stream_have(parser, ts_left(parser));
    }
    parser->cursor.at = at;
    return have;
}

/* No fragment begins at the position, which is after a fragment: looks one byte before, where it begins if a padding
 * byte was counted that is absent, and one byte after. TS_HAVE: the position is changed. TS_HAVE_END: there is none. */
static ts_have find_fragment_near(ts_parser *parser, bool big_endian) {
    const uint64_t at = parser->cursor.at;
    const uint32_t last_length = parser->fragments.last_length;
    /* How much of an inflated stream is still there depends on how it was fed. */
    const bool can_go_back = parser->deflated_from == TS_UNKNOWN_SIZE;
    if (last_length == 0 || !can_go_back) {
        return TS_HAVE_END;
    }
    const ts_have have = bring_bytes_before(parser);
    if (have != TS_HAVE) {
        return have;
    }
    const uint64_t places[] = {at - 1, at + 1};
    for (size_t i = (last_length & 1) == 0 ? 0 : 1; i < 2; i++) { /* no padding byte is counted in an odd length */
        parser->cursor.at = places[i];
        const uint8_t *bytes = ts_cursor_peek(&parser->cursor, HEADER_BYTES);
        if (bytes != NULL && is_fragment_header(parser, bytes, places[i], big_endian)) {
            ts_deviate(parser, TS_FRAGMENT_PADDING, at, ts_record(parser, ts_top(parser)->record)->tag);
            return TS_HAVE;
        }
    }
    parser->cursor.at = at;
    return TS_HAVE_END;
}

/* Eight zero bytes in place of the delimitation item count if the file ends after them, or if an element with a greater
 * tag, or the end of an item or sequence, follows. More zeros may be the end of a file that was not copied whole. */
static ts_have check_zeros(ts_parser *parser, const ts_frame *frame) {
    const ts_frame *around = frame - 1;
    const ts_have have = ts_stream_have(parser, 2 * HEADER_BYTES);
    if (have == TS_HAVE_END) {
        return frame->limit == TS_NO_END && parser->status == TS_OK && ts_left(parser) == HEADER_BYTES ? TS_HAVE
                                                                                                       : TS_HAVE_END;
    }
    if (have == TS_HAVE_MORE) {
        return have;
    }
    const uint8_t *next = ts_cursor_peek(&parser->cursor, 2 * HEADER_BYTES) + HEADER_BYTES;
    const uint32_t tag = ts_load_tag(next, frame->encoding.big_endian);
    const bool is_delimiter =
        around->kind == TS_FRAME_ITEM && (tag == TS_TAG_ITEM_DELIMITATION || tag == TS_TAG_SEQUENCE_DELIMITATION);
    const bool is_element = tag > ts_record(parser, frame->record)->tag && ts_encoding_can_have(around->encoding, next);
    return is_delimiter || is_element ? TS_HAVE : TS_HAVE_END;
}

/* Neither a fragment nor a delimitation item is at the position. */
static ts_step step_unusual(ts_parser *parser, const ts_frame *frame, const uint8_t *bytes) {
    const uint64_t start = parser->cursor.at;
    const uint32_t element_tag = ts_record(parser, frame->record)->tag;
    static const uint8_t zeros[HEADER_BYTES] = {0};
    parser->facts.is_unusual = true;
    if (memcmp(bytes, zeros, HEADER_BYTES) == 0) {
        const ts_have have = check_zeros(parser, frame);
        if (have == TS_HAVE_MORE) {
            return TS_STEP_MORE;
        }
        if (have == TS_HAVE) {
            ts_deviate(parser, TS_FRAGMENTS_DELIMITER, start, element_tag);
            parser->cursor.at += HEADER_BYTES;
            return close_fragments(parser);
        }
    }
    const ts_have have = find_fragment_near(parser, frame->encoding.big_endian);
    if (have == TS_HAVE_END) {
        fail(parser, TS_NOT_A_FRAGMENT, start, element_tag);
    }
    return have == TS_HAVE_MORE ? TS_STEP_MORE : TS_STEP_GO;
}

/* The stream has fewer than eight bytes from the position on. If a padding byte was counted that is absent, the
 * delimitation item begins one byte before. */
static ts_step step_at_end(ts_parser *parser, const ts_frame *frame) {
    const uint32_t element_tag = ts_record(parser, frame->record)->tag;
    if (parser->status == TS_OK && !ts_stream_is_passed(parser) && ts_left(parser) == HEADER_BYTES - 1) {
        const ts_have have = find_fragment_near(parser, frame->encoding.big_endian);
        if (have != TS_HAVE_END) {
            parser->facts.is_unusual = true;
            return have == TS_HAVE_MORE ? TS_STEP_MORE : TS_STEP_GO;
        }
    }
    fail(parser, TS_TRUNCATED_FRAGMENTS, parser->size, element_tag);
    return TS_STEP_GO;
}

static ts_step step_fragment(ts_parser *parser, const ts_frame *frame, uint32_t length, uint64_t room) {
    const uint64_t start = parser->cursor.at;
    const uint32_t element_tag = ts_record(parser, frame->record)->tag;
    if (room != TS_NO_END && (room < HEADER_BYTES || length > room - HEADER_BYTES)) {
        if (!may_go_beyond(parser)) {
            fail(parser, TS_LENGTH_BEYOND_PARENT, start + HEADER_BYTES, TS_TAG_ITEM);
            return TS_STEP_GO;
        }
        go_beyond(parser, start + HEADER_BYTES, TS_TAG_ITEM);
    }
    if ((length & 1) != 0) {
        ts_deviate(parser, TS_ODD_LENGTH, start + HEADER_BYTES, element_tag);
    }
    parser->cursor.at += HEADER_BYTES;
    if (ts_is_cut_short(parser, length)) {
        fail(parser, TS_TRUNCATED_FRAGMENTS, parser->size, element_tag);
        return TS_STEP_GO;
    }
    parser->fragments.last_length = length;
    parser->fragments.bytes += length;
    if (parser->fragments.is_digested) {
        parser->capture_left = length;
    } else {
        ts_step_over(parser, length);
    }
    return TS_STEP_GO;
}

ts_step ts_step_fragments(ts_parser *parser) {
    const ts_frame *frame = ts_top(parser);
    const uint64_t start = parser->cursor.at;
    const uint32_t element_tag = ts_record(parser, frame->record)->tag;
    const bool is_beyond = frame->limit != TS_NO_END && start > frame->limit;
    const bool is_last = frame->limit == start && may_go_beyond(parser) && is_end_of_sequence(parser);
    if (!is_beyond && !is_last && ts_close_with_parent(parser)) {
        return TS_STEP_GO;
    }
    const uint64_t room = is_beyond ? 0 : ts_room(parser, frame);
    if (room < HEADER_BYTES && !may_go_beyond(parser)) {
        return ts_fail_at_end(parser, TS_NOT_A_FRAGMENT, element_tag);
    }
    switch (ts_stream_have(parser, HEADER_BYTES)) {
    case TS_HAVE:
        break;
    case TS_HAVE_MORE:
        return TS_STEP_MORE;
    case TS_HAVE_END:
        if (is_last && ts_close_with_parent(parser)) {
            return TS_STEP_GO;
        }
        return room < HEADER_BYTES && !is_beyond ? ts_fail_at_end(parser, TS_NOT_A_FRAGMENT, element_tag)
                                                 : step_at_end(parser, frame);
    }
    const uint8_t *bytes = ts_cursor_peek(&parser->cursor, HEADER_BYTES);
    const item_header header = read_item_header(bytes, frame->encoding.big_endian);
    const bool is_known = header.tag == TS_TAG_ITEM || header.tag == TS_TAG_SEQUENCE_DELIMITATION;
    if (is_last && !is_known && ts_close_with_parent(parser)) {
        return TS_STEP_GO;
    }
    if (room < HEADER_BYTES && !is_known) {
        fail(parser, TS_NOT_A_FRAGMENT, start, element_tag);
        return TS_STEP_GO;
    }
    if (header.tag == TS_TAG_SEQUENCE_DELIMITATION || header.tag == TS_TAG_ITEM_DELIMITATION) {
        if (room < HEADER_BYTES) {
            go_beyond(parser, start, header.tag);
        }
        if (header.tag == TS_TAG_ITEM_DELIMITATION) {
            ts_deviate(parser, TS_FRAGMENTS_DELIMITER, start, element_tag);
        }
        if (header.length != 0) {
            ts_deviate(parser, TS_DELIMITER_LENGTH, start, header.tag);
        }
        parser->cursor.at += HEADER_BYTES;
        return close_fragments(parser);
    }
    if (header.tag != TS_TAG_ITEM || header.length == TS_UNDEFINED_LENGTH) {
        return step_unusual(parser, frame, bytes);
    }
    return step_fragment(parser, frame, header.length, room);
}
