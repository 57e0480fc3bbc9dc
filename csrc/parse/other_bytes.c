/* Bytes that are no data element: the implementation of other_bytes.h (PS3.10 2026b, 7.1; PS3.5 2026b, 7.1).
 *
 * For: text that is not expected there, and that must be seen before a file is published.
 * Never: a value that is kept if the caller wants elements alone.
 */
#include "parse/other_bytes.h"

#include <string.h>

#include "base/bytes.h"
#include "dicom/dictionary.h"
#include "parse/capture.h"
#include "parse/stream.h"

enum { TIFF_HEADER_BYTES = 8, TEXT_CHARACTERS = 4 };

/* TIFF and BigTIFF, in both byte orders. */
static bool is_tiff(const uint8_t *bytes) {
    static const char magics[][5] = {"II*\0", "MM\0*", "II+\0", "MM\0+"};
    for (size_t i = 0; i < sizeof magics / sizeof magics[0]; i++) {
        if (memcmp(bytes, magics[i], 4) == 0) {
            return true;
        }
    }
    return false;
}

static bool has_text(const uint8_t *bytes, size_t length) {
    size_t characters = 0;
    for (size_t i = 0; i < length; i++) {
        characters = bytes[i] >= 0x20 && bytes[i] < 0x7F ? characters + 1 : 0;
        if (characters == TEXT_CHARACTERS) {
            return true;
        }
    }
    return false;
}

bool ts_preamble_is_filled(const uint8_t preamble[TS_PREAMBLE_BYTES]) {
    if (ts_bytes_are_zero(preamble, TS_PREAMBLE_BYTES)) {
        return false;
    }
    return !is_tiff(preamble) || has_text(&preamble[TIFF_HEADER_BYTES], TS_PREAMBLE_BYTES - TIFF_HEADER_BYTES);
}

void ts_keep_preamble(ts_parser *parser, const uint8_t preamble[TS_PREAMBLE_BYTES]) {
    ts_deviate(parser, TS_PREAMBLE_NOT_EMPTY, 0, TS_NO_TAG);
    memcpy(parser->preamble, preamble, TS_PREAMBLE_BYTES);
    parser->has_preamble = true;
}

/* Adds a record that is no data element, without its value. Returns NULL after a fault. */
static ts_element *add_record(ts_parser *parser, uint32_t tag, uint64_t value_offset, uint32_t value_length) {
    if (parser->elements.count >= parser->limits.element_limit) {
        ts_fail(parser, TS_TOO_MANY_ELEMENTS, value_offset, TS_NO_TAG);
        return NULL;
    }
    if (!ts_buffer_reserve(&parser->elements, 1)) {
        ts_fail(parser, TS_OUT_OF_MEMORY, value_offset, TS_NO_TAG);
        return NULL;
    }
    ts_element *element = ts_record(parser, (int32_t)parser->elements.count++);
    *element = (ts_element){.value_offset = value_offset,
                            .end_offset = value_offset + value_length,
                            .captured_at = TS_NOT_CAPTURED,
                            .tag = tag,
                            .value_length = value_length,
                            .parent = -1,
                            .creator = TS_CREATOR_NOT_PRIVATE,
                            .vr = {'U', 'N'}};
    return element;
}

void ts_add_preamble(ts_parser *parser) {
    if (!parser->has_preamble || !parser->limits.records_other_bytes) {
        return;
    }
    parser->has_preamble = false;
    if (!ts_buffer_reserve(&parser->captured, TS_PREAMBLE_BYTES)) {
        ts_fail(parser, TS_OUT_OF_MEMORY, 0, TS_NO_TAG);
        return;
    }
    ts_element *element = add_record(parser, TS_TAG_PREAMBLE, 0, TS_PREAMBLE_BYTES);
    if (element != NULL) {
        element->captured_at = parser->captured.count;
        memcpy(&((uint8_t *)parser->captured.items)[parser->captured.count], parser->preamble, TS_PREAMBLE_BYTES);
        parser->captured.count += TS_PREAMBLE_BYTES;
    }
}

static bool is_white(uint8_t byte) { return byte == ' ' || (byte >= '\t' && byte <= '\r') || byte == 0x1A; }

static bool are_all(const uint8_t *bytes, uint64_t length, bool with_text) {
    for (uint64_t i = 0; i < length; i++) {
        if (!is_white(bytes[i]) && !(with_text && bytes[i] > ' ' && bytes[i] < 0x7F)) {
            return false;
        }
    }
    return true;
}

/* Whether some element of PS3.6, or a private one, begins with these bytes; `length` is 2 to 7. */
static bool may_begin_element(const uint8_t *bytes, uint64_t length, bool big_endian) {
    const uint16_t group = ts_load_u16(bytes, big_endian);
    if (length < 4) {
        return (group & 1) != 0 || ts_dictionary_has_group(group);
    }
    const uint32_t tag = ts_load_tag(bytes, big_endian);
    return ts_tag_is_odd(tag) || (tag & 0xFFFF) == 0 || ts_dictionary_find(tag) != NULL;
}

/* Whether the VR of an explicit VR element is among the bytes. */
static bool has_vr(ts_encoding encoding, const uint8_t *bytes, uint64_t length) {
    if (encoding.implicit_vr || length < 6) {
        return false;
    }
    const uint8_t letters[2] = {bytes[4], bytes[5]};
    return ts_vr_find(letters) != TS_VR_UNKNOWN;
}

bool ts_is_after_data_set(const ts_parser *parser, const ts_frame *root, const uint8_t *bytes, uint64_t length) {
    if (parser->phase != TS_PHASE_DATA || root->is_first || root->last_tag < TS_FIRST_PIXEL_DATA) {
        return false;
    }
    const bool big_endian = root->encoding.big_endian;
    const bool is_text = length >= 6 && are_all(bytes, length, true);
    const bool shows_element = !is_text && has_vr(root->encoding, bytes, length);
    if (length < 8) {
        /* After Pixel Data, no tag in ascending order begins with a zero byte, whatever the byte order. */
        return ts_bytes_are_zero(bytes, length) ||
               (length > 1 && !shows_element &&
                (are_all(bytes, length, false) || !may_begin_element(bytes, length, big_endian)));
    }
    /* A tag out of order, because such files exist: only where nothing of it can be an element. A VR shows an element
     * whatever its tag is. Eight characters of text are none: as a value length in implicit VR, the last four are half
     * a gigabyte at least. */
    if (ts_load_tag(bytes, big_endian) > root->last_tag || shows_element) {
        return false;
    }
    ts_encoding without_vr = root->encoding;
    without_vr.implicit_vr = true;
    const bool can_have_vr = !root->encoding.implicit_vr && ts_encoding_can_have(root->encoding, bytes);
    return !can_have_vr && (is_text || !ts_encoding_can_have(without_vr, bytes));
}

ts_step ts_take_trailing_bytes(ts_parser *parser) {
    const uint64_t start = parser->cursor.at;
    const bool has_record = parser->limits.records_other_bytes;
    /* Whether the size of an inflated stream is known depends on the windows. Whether the value is longer than a text
     * does not, and decides how it is taken. */
    if (has_record && parser->size == TS_UNKNOWN_SIZE) {
        if (ts_stream_have(parser, TS_TEXT_LIMIT_BYTES + 1) == TS_HAVE_MORE) {
            return TS_STEP_MORE;
        }
        if (parser->status != TS_OK) {
            return TS_STEP_GO; /* inflation failed */
        }
    }
    const uint64_t left = parser->size == TS_UNKNOWN_SIZE ? TS_UNDEFINED_LENGTH : ts_left(parser);
    const bool is_short = left <= TS_TEXT_LIMIT_BYTES;
    parser->facts.is_unusual = true;
    ts_deviate(parser, TS_TRAILING_BYTES, start, TS_NO_TAG);
    /* A longer value gets its length at the end of the stream. */
    const uint32_t length = is_short ? (uint32_t)left : TS_UNDEFINED_LENGTH - 1;
    if (has_record && add_record(parser, TS_TAG_TRAILING_BYTES, start, length) == NULL) {
        return TS_STEP_GO;
    }
    if (has_record && (is_short || parser->limits.digests_long_values)) {
        ts_take_value(parser, (int32_t)(parser->elements.count - 1));
    } else if (parser->deflated_from == TS_UNKNOWN_SIZE && parser->size != TS_UNKNOWN_SIZE) {
        ts_step_over(parser, left);
        ts_end_trailing_bytes(parser);
    } else {
        parser->phase = TS_PHASE_TRAILING;
    }
    return TS_STEP_GO;
}

void ts_end_trailing_bytes(ts_parser *parser) {
    if (!parser->limits.records_other_bytes) {
        return;
    }
    ts_element *element = ts_record(parser, (int32_t)(parser->elements.count - 1));
    const uint64_t length = parser->cursor.at - element->value_offset;
    element->value_length = length < TS_UNDEFINED_LENGTH ? (uint32_t)length : TS_UNDEFINED_LENGTH - 1;
    element->end_offset = parser->cursor.at;
}
