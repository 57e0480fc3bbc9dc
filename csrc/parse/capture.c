/* Values: which are captured, and what the parser does with those that it needs (PS3.10 2026b, 7.1; PS3.5 2026b,
 * 7.8.1).
 *
 * For: private creators, the Transfer Syntax UID, Pixel Representation, and every value within the length limits.
 * Never: Pixel Data, more than the start of other long samples, or memory for bytes that the file does not have.
 */
#include <string.h>

#include "base/bytes.h"
#include "dicom/samples.h"
#include "dicom/text.h"
#include "parse/capture.h"
#include "parse/element_charset.h"
#include "parse/parser_state.h"
#include "parse/stream.h"

static void note_transfer_syntax(ts_parser *parser, int32_t record, const uint8_t *uid) {
    const ts_text text = ts_text_trim_outer(uid, ts_record(parser, record)->value_length);
    parser->facts.transfer_syntax = record;
    parser->facts.is_encoding_known = text.length > 0;
    parser->facts.encoding = ts_encoding_of_uid(text.bytes, text.length, &parser->facts.is_standard_syntax);
}

/* Called when the value of the record is complete, captured or not. Acts on the values that the parser needs. */
static void act_on_value(ts_parser *parser, int32_t record) {
    const ts_element *element = ts_record(parser, record);
    ts_frame *frame = ts_top(parser);
    if (element->captured_at == TS_NOT_CAPTURED || (element->flags & TS_FLAG_DIGESTED) != 0) {
        return;
    }
    const uint8_t *captured = parser->captured.items;
    const uint8_t *value = element->value_length == 0 ? NULL : &captured[element->captured_at];
    const bool big_endian = (element->flags & TS_FLAG_BIG_ENDIAN) != 0;
    if (element->tag == TS_TAG_PIXEL_REPRESENTATION && element->value_length == 2) {
        frame->pixel_representation = ts_load_u16(value, big_endian) == 1 ? 1 : 0;
    } else if (parser->phase == TS_PHASE_META && element->tag == TS_TAG_META_LENGTH && element->value_length == 4) {
        parser->facts.is_meta_length_known = true;
        parser->facts.meta_end = element->end_offset + ts_load_u32(value, big_endian);
    } else if (parser->phase == TS_PHASE_META && element->tag == TS_TAG_TRANSFER_SYNTAX) {
        note_transfer_syntax(parser, record, value);
    }
}

/* The values that the parser needs, however low the limit is. */
static bool is_needed(uint32_t tag) {
    return ts_tag_is_private_creator(tag) || tag == TS_TAG_META_LENGTH || tag == TS_TAG_TRANSFER_SYNTAX ||
           tag == TS_TAG_PIXEL_REPRESENTATION || tag == TS_TAG_SERIES_INSTANCE_UID;
}

ts_value_choice ts_choose_value(const ts_parser *parser, uint32_t tag, ts_vr vr, uint32_t value_length) {
    const ts_limits *limits = &parser->limits;
    if (ts_is_pixel_data(tag, vr) && !limits->reads_all_bytes) {
        return TS_VALUE_STEPPED_OVER;
    }
    if (value_length <= limits->value_limit_bytes || (value_length <= TS_CREATOR_LIMIT_BYTES && is_needed(tag)) ||
        (limits->captures_long_text && ts_vr_is_text(vr))) {
        return TS_VALUE_CAPTURED;
    }
    if (ts_tag_is_of_series(tag) && limits->identifies_series) {
        return value_length <= TS_TEXT_LIMIT_BYTES ? TS_VALUE_CAPTURED : TS_VALUE_DIGESTED;
    }
    if (!limits->digests_long_values) {
        return TS_VALUE_STEPPED_OVER;
    }
    return value_length <= limits->whole_limit_bytes && parser->captured.count <= TS_WHOLE_ROOM_BYTES &&
                   !ts_is_samples_or_pixel_data(tag, vr)
               ? TS_VALUE_CAPTURED
               : TS_VALUE_DIGESTED;
}

/* Called for each text that is found in the value that is being digested: appends its head and its bytes. */
static bool capture_found(void *context, const ts_found_text *found) {
    ts_parser *parser = context;
    const size_t length = found->text.length;
    if (!ts_buffer_reserve(&parser->captured, TS_FOUND_HEAD_BYTES + length)) {
        return false;
    }
    uint8_t *bytes = &((uint8_t *)parser->captured.items)[parser->captured.count];
    ts_write_found_head(found, bytes);
    if (length > 0) {
        memcpy(&bytes[TS_FOUND_HEAD_BYTES], found->text.bytes, length);
    }
    parser->captured.count += TS_FOUND_HEAD_BYTES + length;
    return true;
}

/* The same for Pixel Data, of which most of the printable runs are chance. */
static bool capture_found_in_pixels(void *context, const ts_found_text *found) {
    return !ts_found_is_text_of_samples(found) || capture_found(context, found);
}

/* Whether text is searched in the value: bytes, and samples of any VR. */
static bool is_searched(const ts_element *element) {
    const ts_vr vr = ts_element_vr(element);
    return ts_vr_is_other(vr) || vr == TS_VR_UN || vr == TS_VR_UNKNOWN || ts_is_samples_or_pixel_data(element->tag, vr);
}

static void begin_digest(ts_parser *parser, ts_element *element) {
    if (!ts_buffer_reserve(&parser->captured, TS_LONG_VALUE_HEAD_BYTES)) {
        ts_fail(parser, TS_OUT_OF_MEMORY, element->value_offset, element->tag);
        return;
    }
    memset(&((uint8_t *)parser->captured.items)[parser->captured.count], 0, TS_LONG_VALUE_HEAD_BYTES);
    element->captured_at = parser->captured.count;
    element->flags = (uint16_t)(element->flags | TS_FLAG_DIGESTED);
    parser->captured.count += TS_LONG_VALUE_HEAD_BYTES;
    parser->is_digesting = true;
    parser->head_left = 0;
    ts_digest_begin(&parser->digest);
    if (is_searched(element)) {
        ts_text_finder_clear(&parser->finder, ts_find_charset_kind(parser, element));
        parser->finder.take =
            ts_is_pixel_data(element->tag, ts_element_vr(element)) ? capture_found_in_pixels : capture_found;
        parser->finder.context = parser;
    } else {
        parser->head_left = TS_TEXT_HEAD_BYTES;
    }
}

/* Appends the bytes to the start of the text, as many as it lacks. */
static bool capture_head(ts_parser *parser, const uint8_t *bytes, size_t length) {
    const size_t taken = length < parser->head_left ? length : parser->head_left;
    if (taken > 0) {
        if (!ts_buffer_reserve(&parser->captured, taken)) {
            return false;
        }
        memcpy(&((uint8_t *)parser->captured.items)[parser->captured.count], bytes, taken);
        parser->captured.count += taken;
        parser->head_left -= (uint32_t)taken;
    }
    return true;
}

static bool digest_piece(ts_parser *parser, const ts_element *element, const uint8_t *bytes, size_t length) {
    ts_digest_add(&parser->digest, bytes, length);
    return is_searched(element) ? ts_text_finder_add(&parser->finder, bytes, length)
                                : capture_head(parser, bytes, length);
}

static bool end_digest(ts_parser *parser, const ts_element *element, uint64_t value_bytes) {
    parser->is_digesting = false;
    if (is_searched(element) && !ts_text_finder_end(&parser->finder)) {
        return false;
    }
    uint8_t *head = &((uint8_t *)parser->captured.items)[element->captured_at];
    const uint64_t found_bytes = parser->captured.count - element->captured_at - TS_LONG_VALUE_HEAD_BYTES;
    ts_digest_end(&parser->digest, head);
    ts_store_u64(&head[TS_LONG_VALUE_DIGEST_BYTES], found_bytes);
    ts_store_u64(&head[TS_LONG_VALUE_LENGTH_AT], value_bytes);
    return true;
}

void ts_begin_fragments_digest(ts_parser *parser, int32_t record) {
    begin_digest(parser, ts_record(parser, record));
    parser->fragments.is_digested = parser->is_digesting;
}

void ts_end_fragments_digest(ts_parser *parser, int32_t record) {
    const ts_element *element = ts_record(parser, record);
    parser->fragments.is_digested = false;
    if (!end_digest(parser, element, parser->fragments.bytes)) {
        ts_fail(parser, TS_OUT_OF_MEMORY, parser->cursor.at, element->tag);
    }
}

void ts_take_value(ts_parser *parser, int32_t record) {
    ts_element *element = ts_record(parser, record);
    parser->cursor.at = element->value_offset;
    element->end_offset = element->value_offset + element->value_length;
    parser->capture_more = 0;
    switch (ts_choose_value(parser, element->tag, ts_element_vr(element), element->value_length)) {
    case TS_VALUE_CAPTURED:
        element->captured_at = parser->captured.count;
        parser->capture_left = element->value_length;
        break;
    case TS_VALUE_DIGESTED:
        begin_digest(parser, element);
        parser->capture_left = parser->is_digesting ? element->value_length : 0;
        if (!parser->limits.reads_all_bytes && parser->capture_left > TS_SAMPLES_SEARCHED_BYTES &&
            ts_is_samples(element->tag, ts_element_vr(element))) {
            parser->capture_left = TS_SAMPLES_SEARCHED_BYTES;
            parser->capture_more = element->value_length - TS_SAMPLES_SEARCHED_BYTES;
        }
        break;
    case TS_VALUE_STEPPED_OVER:
        ts_step_over(parser, element->value_length);
        break;
    }
    if (parser->capture_left == 0) {
        act_on_value(parser, record);
    }
}

/* Ends the value of bytes after the data set at the end of a stream whose size was not known. */
static void end_with_stream(ts_parser *parser, int32_t record) {
    ts_element *element = ts_record(parser, record);
    element->value_length -= (uint32_t)parser->capture_left;
    element->end_offset -= parser->capture_left;
    parser->capture_left = 0;
    if (parser->status == TS_OK && parser->is_digesting && !end_digest(parser, element, element->value_length)) {
        ts_fail(parser, TS_OUT_OF_MEMORY, parser->cursor.at, element->tag);
    }
}

/* Copies or digests the part of the value that is in the window. Memory grows with the bytes read, not with the value
 * length. */
ts_step ts_step_capture(ts_parser *parser) {
    const int32_t record = (int32_t)(parser->elements.count - 1);
    const ts_element *element = ts_record(parser, record);
    switch (ts_stream_have(parser, 1)) {
    case TS_HAVE:
        break;
    case TS_HAVE_MORE:
        return TS_STEP_MORE;
    case TS_HAVE_END:
        if (element->tag == TS_TAG_TRAILING_BYTES) {
            end_with_stream(parser, record);
        } else if (parser->fragments.is_digested) {
            ts_fail(parser, TS_TRUNCATED_FRAGMENTS, parser->size, element->tag);
        } else {
            ts_fail(parser, TS_TRUNCATED_VALUE, element->value_offset, element->tag);
        }
        return TS_STEP_GO;
    }
    const uint64_t available = ts_stream_available(parser);
    const size_t length = (size_t)(available < parser->capture_left ? available : parser->capture_left);
    const uint8_t *bytes = ts_cursor_peek(&parser->cursor, length);
    /* Fragments are one value: their end ends it. */
    const bool is_last = length == parser->capture_left && !parser->fragments.is_digested;
    bool is_done;
    if (parser->is_digesting) {
        is_done = digest_piece(parser, element, bytes, length) &&
                  (!is_last || end_digest(parser, element, element->value_length));
    } else {
        is_done = ts_buffer_reserve(&parser->captured, length);
        if (is_done) {
            memcpy(&((uint8_t *)parser->captured.items)[parser->captured.count], bytes, length);
            parser->captured.count += length;
        }
    }
    if (!is_done) { /* capture_left is still above 0, which marks the value as incomplete */
        ts_fail(parser, TS_OUT_OF_MEMORY, parser->cursor.at, element->tag);
        return TS_STEP_GO;
    }
    parser->cursor.at += length;
    parser->capture_left -= length;
    if (is_last) {
        ts_step_over(parser, parser->capture_more);
        act_on_value(parser, record);
    }
    return TS_STEP_GO;
}
