/* The comparison of two headers: the implementation of template_bytes.h (PS3.5 2026b, 7.1).
 *
 * For: series, whose files differ in a few of some hundred elements.
 * Never: a decision that needs more than the compared bytes. If a difference could change more than its own element,
 *        the header is not that of the template.
 */
#include <string.h>

#include "parse/capture.h"
#include "parse/parser_state.h"
#include "parse/template_bytes.h"

enum {
    MOST_CHANGES = 256, /* files that differ in more values are parsed, which is faster then */
    BLOCK_BYTES = 32
};

/* Length in bytes of the common prefix. */
static size_t count_same(const uint8_t *bytes, const uint8_t *other, size_t length) {
    size_t at = 0;
    while (length - at >= BLOCK_BYTES) {
        uint64_t difference = 0;
        for (size_t i = 0; i < BLOCK_BYTES; i += 8) {
            difference |= ts_text_word_8(&bytes[at + i]) ^ ts_text_word_8(&other[at + i]);
        }
        if (difference != 0) {
            break;
        }
        at += BLOCK_BYTES;
    }
    while (length - at >= 8 && ts_text_word_8(&bytes[at]) == ts_text_word_8(&other[at])) {
        at += 8;
    }
    while (at < length && bytes[at] == other[at]) {
        at++;
    }
    return at;
}

static bool is_container(const ts_element *element) {
    return element->tag == TS_TAG_ITEM || (element->flags & (TS_FLAG_SEQUENCE | TS_FLAG_FRAGMENTS)) != 0;
}

/* Whether the parser acts on the value of the element. (0002,0000) is checked in has_right_meta_length. */
static bool is_acted_upon(uint32_t tag) {
    return tag == TS_TAG_TRANSFER_SYNTAX || tag == TS_TAG_PIXEL_REPRESENTATION || ts_tag_is_private_creator(tag);
}

/* Whether a different value of this element changes nothing else. */
static bool may_have_another_value(const ts_element *element) {
    return !is_container(element) && (element->flags & TS_FLAG_DIGESTED) == 0 && !is_acted_upon(element->tag);
}

/* Reads the value length from a header. False if another part of the header differs from that of the element. */
static bool read_value_length(const ts_element *element, const uint8_t *before, const uint8_t *header,
                              uint32_t *value_length) {
    const bool big_endian = (element->flags & TS_FLAG_BIG_ENDIAN) != 0;
    const size_t length_bytes = (element->flags & TS_FLAG_IMPLICIT_VR) != 0 || element->header_bytes > 8 ? 4 : 2;
    const size_t at = element->header_bytes - length_bytes;
    if (memcmp(before, header, at) != 0) {
        return false;
    }
    const uint8_t bytes[4] = {header[at], header[at + 1], header[element->header_bytes - 2],
                              header[element->header_bytes - 1]};
    *value_length = length_bytes == 4 ? ts_load_u32(bytes, big_endian) : ts_load_u16(bytes, big_endian);
    return true;
}

/* Whether a different value length moves only what follows the element, and changes nothing else. */
static bool may_have_length(ts_parser *parser, int32_t record, uint32_t value_length) {
    const ts_element *element = ts_record(parser, record);
    const bool is_implicit = (element->flags & TS_FLAG_IMPLICIT_VR) != 0;
    if (((value_length | element->value_length) & 1) != 0 || element->tag == TS_TAG_META_LENGTH ||
        (is_implicit && record < parser->facts.data_set_from)) {
        return false; /* undefined length is an odd number, too */
    }
    /* The length of the first element of a data set or item helps to find the encoding if it has no VR or is a group
     * length. In an explicit VR data set, the length bytes of an element without VR show that the VR is missing. */
    const bool is_first = record == parser->facts.data_set_from || record - 1 == element->parent;
    if ((is_first && (is_implicit || (element->tag & 0xFFFF) == 0)) ||
        (is_implicit && !parser->facts.encoding.implicit_vr)) {
        return false;
    }
    for (int32_t around = element->parent; around >= 0; around = ts_record(parser, around)->parent) {
        if (ts_record(parser, around)->value_length != TS_UNDEFINED_LENGTH) {
            return false;
        }
    }
    const uint64_t limit = parser->limits.value_limit_bytes;
    if (parser->limits.digests_long_values && (value_length > limit || element->value_length > limit)) {
        return false;
    }
    return (ts_choose_value(parser, element->tag, ts_element_vr(element), value_length) == TS_VALUE_CAPTURED) ==
           (element->captured_at != TS_NOT_CAPTURED);
}

/* The positions of the comparison, in the template (before) and in the file. */
typedef struct ts_positions {
    const uint8_t *before;
    const uint8_t *bytes;
    size_t before_at, before_end;
    size_t at, end;
} ts_positions;

/* Notes a changed element. A value that is not captured counts only if its length differs. False if there are too many
 * changes, or if memory runs out. */
static bool note_change(ts_parser *parser, const ts_change *change) {
    const ts_element *element = ts_record(parser, change->record);
    if (change->value_length == element->value_length && element->captured_at == TS_NOT_CAPTURED) {
        return true;
    }
    ts_buffer *changes = &parser->previous.changes;
    if (changes->count == MOST_CHANGES || !ts_buffer_reserve(changes, 1)) {
        return false;
    }
    ((ts_change *)changes->items)[changes->count++] = *change;
    return true;
}

/* Moves both positions after the element in which they differ, and notes the change. False if more than its value may
 * differ. */
static bool pass_difference(ts_parser *parser, ts_positions *positions, int32_t record) {
    const ts_element *element = ts_record(parser, record);
    const size_t value_at_before = (size_t)element->value_offset;
    /* The bytes of the element before the difference are equal, so the header has the same distance from it in both. */
    const size_t header_at = positions->at - (positions->before_at - (value_at_before - element->header_bytes));
    const size_t value_at = header_at + element->header_bytes;
    const uint8_t *value_before = &positions->before[value_at_before];
    uint32_t value_length;
    if (!may_have_another_value(element) || positions->before_at >= element->end_offset || positions->end < value_at ||
        !read_value_length(element, value_before - element->header_bytes, &positions->bytes[header_at],
                           &value_length) ||
        value_length > positions->end - value_at ||
        (value_length != element->value_length && !may_have_length(parser, record, value_length)) ||
        (memcmp(element->vr, "UN", 2) == 0 && (ts_begins_with_item(value_before, element->value_length) ||
                                               ts_begins_with_item(&positions->bytes[value_at], value_length)))) {
        return false;
    }
    const ts_change change = {.value_at = value_at, .record = record, .value_length = value_length};
    positions->before_at = (size_t)element->end_offset;
    positions->at = value_at + value_length;
    return note_change(parser, &change);
}

/* The last record, from `record` on, that begins at the offset or before it; `record` itself if there is none. `record`
 * may be -1. */
static int32_t find_record(const ts_parser *parser, int32_t record, uint64_t offset) {
    const ts_element *elements = parser->elements.items;
    const int32_t last = (int32_t)parser->previous.header_records - 1;
    while (record < last && elements[record + 1].value_offset - elements[record + 1].header_bytes <= offset) {
        record++;
    }
    return record;
}

/* Notes the elements that differ, up to the end of the header of the template. False if the file is not like it. */
static bool find_differences(ts_parser *parser, ts_positions *positions) {
    int32_t record = -1;
    for (;;) {
        const size_t left = positions->end - positions->at;
        const size_t left_before = positions->before_end - positions->before_at;
        const size_t same = count_same(&positions->before[positions->before_at], &positions->bytes[positions->at],
                                       left < left_before ? left : left_before);
        positions->before_at += same;
        positions->at += same;
        if (positions->before_at == positions->before_end) {
            return true;
        }
        record = find_record(parser, record, positions->before_at);
        if (positions->at == positions->end || record < 0 || !pass_difference(parser, positions, record)) {
            return false;
        }
    }
}

/* Whether the group length is right, or wrong by as much as in the template: it changed as much as the length of the
 * file meta information. */
static bool has_right_meta_length(ts_parser *parser, const ts_positions *positions) {
    const ts_change *changes = parser->previous.changes.items;
    const size_t count = parser->previous.changes.count;
    uint32_t longer = 0; /* modulo 2^32, because both may be negative */
    uint32_t should_be_longer = 0;
    if (count == 0 || changes[0].record >= parser->facts.data_set_from) {
        return true;
    }
    for (int32_t i = 1; i < parser->facts.data_set_from; i++) {
        if (ts_record(parser, i)->tag == TS_TAG_META_LENGTH) {
            return false; /* not the first element, and perhaps one of several */
        }
    }
    for (size_t i = 0; i < count && changes[i].record < parser->facts.data_set_from; i++) {
        const ts_element *element = ts_record(parser, changes[i].record);
        longer += changes[i].value_length - element->value_length;
        if (element->tag == TS_TAG_META_LENGTH && element->value_length == 4) {
            const bool big_endian = (element->flags & TS_FLAG_BIG_ENDIAN) != 0;
            should_be_longer = ts_load_u32(&positions->bytes[changes[i].value_at], big_endian) -
                               ts_load_u32(&positions->before[element->value_offset], big_endian);
        }
    }
    return longer == should_be_longer;
}

bool ts_find_changes(ts_parser *parser, uint64_t *end) {
    const ts_template *previous = &parser->previous;
    const uint64_t available = ts_cursor_available(&parser->cursor);
    if (available <= TS_PREAMBLE_BYTES) {
        return false;
    }
    ts_positions positions = {.before = previous->bytes.items,
                              .bytes = ts_cursor_peek(&parser->cursor, available),
                              .before_at = TS_PREAMBLE_BYTES,
                              .before_end = previous->bytes.count,
                              .at = TS_PREAMBLE_BYTES,
                              .end = (size_t)available};
    const bool is_like = find_differences(parser, &positions) && has_right_meta_length(parser, &positions);
    *end = positions.at;
    return is_like;
}
