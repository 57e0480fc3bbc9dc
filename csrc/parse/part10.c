/* The parts of a file: preamble, file meta information, command set, data set, and what may follow it (PS3.10 2026b,
 * 7.1; PS3.7 2026b, 6.3.1; PS3.5 2026b, annex A).
 *
 * For: moving from one part to the next, and the end of the file.
 * Never: a truncated file taken for a complete one because nothing follows.
 */
#include <string.h>

#include "base/bytes.h"
#include "dicom/text.h"
#include "parse/compressed_files.h"
#include "parse/element_header.h"
#include "parse/other_bytes.h"
#include "parse/parser_state.h"
#include "parse/part10.h"
#include "parse/sequences.h"
#include "parse/stream.h"
#include "parse/template.h"

enum { PREFIX_BYTES = 4, LAST_GROUP_OF_IMAGES = 0x0028, MOST_CREATOR_BYTES = 64 };

/* Number of zero bytes before the first nonzero byte. */
static uint64_t count_zeros(const uint8_t *bytes, uint64_t length) {
    uint64_t zeros = 0;
    while (zeros < length && bytes[zeros] == 0) {
        zeros++;
    }
    return zeros;
}

/* Begins a data set that the Transfer Syntax UID calls deflated. Some are not: then an element is there that no deflate
 * stream begins with, or an explicit VR element of PS3.6. `bytes` are the first eight, NULL if there are fewer. */
static void begin_deflated(ts_parser *parser, const uint8_t *bytes) {
    const uint64_t at = parser->cursor.at;
    ts_inflate_form form = TS_INFLATE_RAW;
    ts_encoding plain;
    if (bytes != NULL && ts_encoding_guess(bytes, parser->size - at, &plain) &&
        (!plain.implicit_vr || ts_inflate_is_impossible(bytes))) {
        parser->facts.encoding.deflated = false;
        parser->facts.is_unusual = true;
        if (ts_encoding_equal(plain, parser->facts.encoding)) { /* otherwise check_encoding notes it */
            ts_deviate(parser, TS_TRANSFER_SYNTAX_WRONG, at, ts_load_tag(bytes, false));
        }
        return;
    }
    if (bytes != NULL) {
        form = ts_inflate_find_form(bytes);
    }
    if (form != TS_INFLATE_RAW) {
        ts_deviate(parser, TS_DEFLATE_HEADER, at, TS_NO_TAG);
    }
    if (!ts_stream_inflate_from_here(parser, form)) {
        ts_fail(parser, TS_OUT_OF_MEMORY, at, TS_NO_TAG);
    }
}

/* After the file meta information: sets the encoding from the Transfer Syntax UID, and checks the group length. */
static void begin_data_set(ts_parser *parser) {
    ts_frame *frame = ts_top(parser);
    const uint64_t at = parser->cursor.at;
    if (parser->elements.count == 0) {
        ts_deviate(parser, TS_NO_FILE_META, at, TS_NO_TAG);
    } else if (!parser->facts.is_meta_length_known || parser->facts.meta_end != at) {
        ts_deviate(parser, TS_META_LENGTH_WRONG, at, TS_TAG_META_LENGTH);
    }
    parser->phase = TS_PHASE_COMMAND;
    frame->is_first = true;
    frame->is_checked = false;
    if (!parser->facts.is_encoding_known) {
        ts_deviate(parser, TS_NO_TRANSFER_SYNTAX, at, TS_TAG_TRANSFER_SYNTAX);
        return;
    }
    if (!parser->facts.is_standard_syntax) {
        ts_deviate(parser, TS_UNKNOWN_TRANSFER_SYNTAX, ts_record(parser, parser->facts.transfer_syntax)->value_offset,
                   TS_TAG_TRANSFER_SYNTAX);
    }
    if (parser->facts.encoding.deflated) {
        begin_deflated(parser, ts_cursor_peek(&parser->cursor, 8));
    }
    frame->encoding = parser->facts.encoding;
}

/* Whether the deflated data set begins here. Deflated bytes can look like an element, so only the group length can
 * tell. */
static bool is_deflate_next(const ts_parser *parser) {
    return parser->facts.encoding.deflated && parser->facts.is_meta_length_known &&
           parser->cursor.at == parser->facts.meta_end;
}

/* Closes the root. Its private creators are already resolved if all its private elements were taken over from the
 * template, resolved, and none was added. */
static void close_root(ts_parser *parser) {
    ts_template *previous = &parser->previous;
    const size_t private_count = parser->private_pending.count;
    ts_deviation before[TS_DEVIATION_COUNT];
    memcpy(before, parser->deviations, sizeof before);
    bool is_resolved = previous->is_taken_resolved && private_count == previous->taken_private;
    if (is_resolved) {
        parser->private_pending.count = 0;
    }
    ts_close_frame(parser);
    ts_add_preamble(parser);
    is_resolved = is_resolved || memcmp(before, parser->deviations, sizeof before) == 0;
    previous->is_resolved = is_resolved && previous->has_header && private_count == previous->private_pending.count;
}

static void finish_root(ts_parser *parser) {
    const int32_t count = (int32_t)parser->elements.count;
    const bool is_empty = parser->phase != TS_PHASE_DATA || count == parser->facts.data_set_from;
    if (is_empty && !parser->facts.has_command_set) {
        ts_fail(parser, TS_NO_DATA_SET, parser->cursor.at, TS_NO_TAG);
        return;
    }
    close_root(parser);
    parser->phase = parser->deflated_from == TS_UNKNOWN_SIZE ? TS_PHASE_DONE : TS_PHASE_TAIL;
}

bool ts_stop_after(ts_parser *parser) {
    if (parser->phase != TS_PHASE_DATA) {
        return false;
    }
    ts_template_note_header(parser);
    close_root(parser);
    parser->is_stopped = true;
    parser->phase = TS_PHASE_DONE;
    return true;
}

/* Whether the bytes can be the start of a tag of group 0002. At least one byte is there. */
static bool is_group_2(const uint8_t *bytes, uint64_t length, bool big_endian) {
    const uint8_t first = big_endian ? 0 : 2;
    return bytes[0] == first && (length < 2 || bytes[1] == 2 - first);
}

ts_step ts_end_of_data_set(ts_parser *parser, const ts_frame *frame) {
    const uint64_t start = parser->cursor.at;
    if (ts_stream_is_passed(parser)) {
        ts_fail_passed(parser);
        return TS_STEP_GO;
    }
    if (parser->status != TS_OK) {
        return TS_STEP_GO; /* inflation failed */
    }
    const uint64_t left = ts_left(parser);
    if (ts_stream_have(parser, left) == TS_HAVE_MORE) {
        return TS_STEP_MORE;
    }
    if (frame->kind == TS_FRAME_ITEM) {
        const int32_t sequence = ts_record(parser, frame->record)->parent;
        if (left == 0) {
            ts_fail(parser, TS_TRUNCATED_SEQUENCE, start, ts_record(parser, sequence)->tag);
        } else {
            ts_fail(parser, TS_TRUNCATED_ELEMENT, start, TS_NO_TAG);
        }
    } else if (left == 0) {
        ts_template_note_header(parser);
        finish_root(parser);
    } else if (parser->phase == TS_PHASE_META && parser->facts.encoding.deflated &&
               (is_deflate_next(parser) ||
                !is_group_2(ts_cursor_peek(&parser->cursor, left), left, frame->encoding.big_endian))) {
        begin_data_set(parser);
    } else if (parser->phase == TS_PHASE_DATA && ts_bytes_are_zero(ts_cursor_peek(&parser->cursor, left), left) &&
               (left >= 4 || ts_is_after_data_set(parser, frame, ts_cursor_peek(&parser->cursor, left), left))) {
        /* Four zero bytes are the tag (0000,0000), which only the first element can have. */
        ts_deviate(parser, TS_TRAILING_PADDING, start, TS_NO_TAG);
        parser->cursor.at += left;
    } else if (ts_is_after_data_set(parser, frame, ts_cursor_peek(&parser->cursor, left), left)) {
        return ts_take_trailing_bytes(parser);
    } else {
        ts_fail(parser, TS_TRUNCATED_ELEMENT, start, TS_NO_TAG);
    }
    return TS_STEP_GO;
}

ts_step ts_step_padding(ts_parser *parser) {
    switch (ts_stream_have(parser, 1)) {
    case TS_HAVE:
        break;
    case TS_HAVE_MORE:
        return TS_STEP_MORE;
    case TS_HAVE_END:
        parser->phase = TS_PHASE_DATA;
        return ts_end_of_data_set(parser, ts_top(parser));
    }
    const uint64_t length = ts_stream_available(parser);
    const uint64_t zeros = count_zeros(ts_cursor_peek(&parser->cursor, length), length);
    parser->cursor.at += zeros;
    if (zeros < length && ts_top(parser)->last_tag >= TS_FIRST_PIXEL_DATA) {
        parser->phase = TS_PHASE_DATA;
        const ts_step step = ts_take_trailing_bytes(parser);
        if (step == TS_STEP_MORE) {
            parser->phase = TS_PHASE_PADDING; /* without zeros the next time */
        }
        return step;
    }
    if (zeros < length) {
        ts_fail(parser, TS_UNREADABLE_ELEMENT, parser->cursor.at, TS_NO_TAG);
    }
    return TS_STEP_GO;
}

ts_step ts_step_trailing_bytes(ts_parser *parser) {
    switch (ts_stream_have(parser, 1)) {
    case TS_HAVE:
        parser->cursor.at += ts_stream_available(parser);
        return TS_STEP_GO;
    case TS_HAVE_MORE:
        return TS_STEP_MORE;
    case TS_HAVE_END:
        break;
    }
    if (parser->status == TS_OK) {
        ts_end_trailing_bytes(parser);
    }
    parser->phase = TS_PHASE_DATA;
    return ts_end_of_data_set(parser, ts_top(parser));
}

bool ts_change_phase(ts_parser *parser, ts_frame *frame, const uint8_t *bytes) {
    if (parser->phase == TS_PHASE_META) {
        if (is_group_2(bytes, 2, frame->encoding.big_endian) && !is_deflate_next(parser)) {
            return false;
        }
        begin_data_set(parser);
        return true;
    }
    if (parser->phase == TS_PHASE_COMMAND) {
        if (ts_load_u16(bytes, false) == 0 && !ts_bytes_are_zero(bytes, 8)) {
            if (!parser->facts.has_command_set) {
                parser->facts.has_command_set = true;
                frame->encoding = (ts_encoding){.implicit_vr = true};
                ts_deviate(parser, TS_COMMAND_SET, parser->cursor.at, ts_load_tag(bytes, false));
                frame->is_checked = true;
            }
            return false;
        }
        parser->phase = TS_PHASE_DATA;
        parser->facts.data_set_from = (int32_t)parser->elements.count;
        frame->is_first = true;
        frame->is_checked = false;
        return true;
    }
    if (parser->phase == TS_PHASE_DATA && ts_bytes_are_zero(bytes, 8)) {
        ts_deviate(parser, TS_TRAILING_PADDING, parser->cursor.at, TS_NO_TAG);
        parser->phase = TS_PHASE_PADDING;
        return true;
    }
    if (ts_tag_is_pixel_data(ts_load_tag(bytes, frame->encoding.big_endian))) {
        ts_template_note_header(parser); /* the files of a series have fewer bytes in common after this element */
    }
    return false;
}

/* Opens the root at the start of the file meta information, which is little endian (PS3.10 7.1). Some writers use big
 * endian all the same: then its first two bytes are 00 02, which no other data set begins with. */
static void begin_meta(ts_parser *parser) {
    const uint64_t at = parser->cursor.at;
    const uint8_t *group = ts_cursor_peek(&parser->cursor, 2);
    const bool big_endian = group != NULL && is_group_2(group, 2, true);
    if (big_endian) {
        parser->facts.is_unusual = true;
        ts_deviate(parser, TS_META_BIG_ENDIAN, at, ts_load_tag((const uint8_t[4]){0, 2, 0, 0}, true));
    }
    ts_template_replace(parser);
    parser->phase = TS_PHASE_META;
    (void)ts_push_frame(parser, TS_FRAME_ROOT, -1, TS_NO_END, (ts_encoding){.big_endian = big_endian});
}

/* Whether a data set begins here with an element that PS3.6 does not have with this VR: a private element, or another
 * VR. It does if its tag and VR are possible, and if a second element with a greater tag follows where it ends.
 * TS_HAVE_END: it does not. *is_alike becomes true if only the second element is missing. */
static ts_have find_two_elements(ts_parser *parser, bool *is_alike) {
    const uint8_t *first = ts_cursor_peek(&parser->cursor, TS_LONG_HEADER_BYTES);
    *is_alike = false;
    if (first == NULL) {
        return TS_HAVE_END;
    }
    const ts_encoding encoding = ts_encoding_of_shape(first);
    ts_element_header header;
    ts_decode_header(first, encoding.implicit_vr, encoding.big_endian, &header);
    if (!ts_encoding_can_have(encoding, first) ||
        (encoding.implicit_vr &&
         !(ts_tag_is_private_creator(header.tag) && header.value_length <= MOST_CREATOR_BYTES))) {
        return TS_HAVE_END;
    }
    const bool is_undefined = header.value_length == TS_UNDEFINED_LENGTH;
    const uint64_t second_at = header.header_bytes + (is_undefined ? 0 : (uint64_t)header.value_length);
    /* Other files begin with such bytes by chance, but hardly with a VR. */
    *is_alike = !encoding.implicit_vr && header.tag >> 16 <= LAST_GROUP_OF_IMAGES && second_at <= parser->size;
    if (second_at > TS_TRIAL_WINDOW_BYTES) {
        return TS_HAVE_END;
    }
    const ts_have have = ts_stream_have(parser, second_at + TS_SHORT_HEADER_BYTES);
    if (have != TS_HAVE) {
        return have;
    }
    first = ts_cursor_peek(&parser->cursor, second_at + TS_SHORT_HEADER_BYTES);
    const uint8_t *second = &first[second_at];
    const uint32_t tag = ts_load_tag(second, encoding.big_endian);
    if (is_undefined) {
        return tag == TS_TAG_ITEM || tag == TS_TAG_SEQUENCE_DELIMITATION ? TS_HAVE : TS_HAVE_END;
    }
    if (encoding.implicit_vr &&
        !ts_text_is_ascii((ts_text){.bytes = &first[header.header_bytes], .length = header.value_length})) {
        return TS_HAVE_END;
    }
    return tag > header.tag && ts_encoding_can_have(encoding, second) ? TS_HAVE : TS_HAVE_END;
}

/* A file without prefix whose first element PS3.6 does not have: it is read if two elements begin it. It is no DICOM
 * file otherwise, or one that cannot be read. */
static ts_step step_doubtful_start(ts_parser *parser) {
    const uint64_t head_bytes =
        parser->size < TS_COMPRESSED_HEAD_BYTES ? parser->size : (uint64_t)TS_COMPRESSED_HEAD_BYTES;
    if (ts_stream_have(parser, head_bytes) == TS_HAVE_MORE) {
        return TS_STEP_MORE;
    }
    const uint64_t available = ts_cursor_available(&parser->cursor);
    const uint64_t seen = available < TS_COMPRESSED_HEAD_BYTES ? available : (uint64_t)TS_COMPRESSED_HEAD_BYTES;
    if (ts_is_compressed_file(ts_cursor_peek(&parser->cursor, seen), seen)) {
        ts_fail(parser, TS_COMPRESSED, 0, TS_NO_TAG);
        return TS_STEP_GO;
    }
    bool is_alike;
    switch (find_two_elements(parser, &is_alike)) {
    case TS_HAVE:
        ts_deviate(parser, TS_NO_PREAMBLE, 0, TS_NO_TAG);
        begin_meta(parser);
        break;
    case TS_HAVE_MORE:
        return TS_STEP_MORE;
    case TS_HAVE_END:
        ts_fail(parser, is_alike ? TS_UNREADABLE_ELEMENT : TS_NOT_DICOM, 0, TS_NO_TAG);
        break;
    }
    return TS_STEP_GO;
}

/* Preamble and prefix (PS3.10 7.1). In a file without a preamble, the four bytes of the prefix can be part of a value.
 * They count as the prefix if file meta information follows, or if the file cannot begin with a data element. */
ts_step ts_step_start(ts_parser *parser) {
    const uint64_t prefix_end = TS_PREAMBLE_BYTES + PREFIX_BYTES;
    ts_have have = ts_stream_have(parser, prefix_end + 2);
    if (have == TS_HAVE_END) { /* a shorter file: all of it is needed */
        have = ts_stream_have(parser, parser->size);
    }
    if (have == TS_HAVE_MORE) {
        return TS_STEP_MORE;
    }
    const uint8_t *preamble = ts_cursor_peek(&parser->cursor, prefix_end);
    const bool has_prefix = preamble != NULL && memcmp(&preamble[TS_PREAMBLE_BYTES], "DICM", PREFIX_BYTES) == 0;
    const bool is_filled = has_prefix && ts_preamble_is_filled(preamble);
    if (!is_filled && ts_template_take(parser)) { /* a template has no record of a preamble */
        return TS_STEP_GO;
    }
    if (parser->size == 0) {
        ts_fail(parser, TS_EMPTY_FILE, 0, TS_NO_TAG);
        return TS_STEP_GO;
    }
    const uint8_t *start = ts_cursor_peek(&parser->cursor, 8);
    const uint8_t *group = ts_cursor_peek(&parser->cursor, prefix_end + 2);
    const bool has_meta = has_prefix && group != NULL && is_group_2(&group[prefix_end], 2, false);
    ts_encoding encoding;
    parser->facts.depends_on_size = !has_meta;
    parser->facts.is_unusual = is_filled;
    if (!has_meta && start != NULL && ts_encoding_guess(start, parser->size, &encoding)) {
        ts_deviate(parser, TS_NO_PREAMBLE, 0, TS_NO_TAG);
    } else if (has_prefix) {
        parser->cursor.at += prefix_end;
        if (is_filled) {
            ts_keep_preamble(parser, preamble);
        }
    } else {
        return step_doubtful_start(parser);
    }
    begin_meta(parser);
    return TS_STEP_GO;
}
