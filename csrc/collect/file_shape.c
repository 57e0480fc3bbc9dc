/* The shape of a file: the implementation of file_shape.h.
 *
 * For: one comparison for each record.
 * Never: memory for the shape of a file with more than MOST_RECORDS records.
 */
#include "collect/file_shape.h"

#include <stddef.h>
#include <string.h>

#include "base/bytes.h"
#include "dicom/text.h"

enum { MOST_RECORDS = 65536 };

_Static_assert(offsetof(ts_shape_record, creator) == offsetof(ts_shape_record, parent) + sizeof(int32_t) &&
                   offsetof(ts_element, creator) == offsetof(ts_element, parent) + sizeof(int32_t),
               "parent and creator stand side by side");

void ts_file_shape_begin(ts_file_shape *shape) {
    ts_buffer_begin(&shape->records, sizeof(ts_shape_record));
    ts_buffer_begin(&shape->creators, sizeof(ts_shape_creator));
    shape->is_set = false;
}

void ts_file_shape_free(ts_file_shape *shape) {
    ts_buffer_free(&shape->records);
    ts_buffer_free(&shape->creators);
    shape->is_set = false;
}

bool ts_file_shape_note(ts_file_shape *shape, const ts_parser *parser, const int32_t *creator_of_record) {
    size_t count;
    const ts_element *elements = ts_parser_elements(parser, &count);
    shape->is_set = false;
    shape->records.count = shape->creators.count = 0;
    if (count > MOST_RECORDS) {
        return true;
    }
    if (!ts_buffer_reserve(&shape->records, count)) {
        return false;
    }
    ts_shape_record *records = shape->records.items;
    for (size_t i = 0; i < count; i++) {
        const ts_element *element = &elements[i];
        records[i] = (ts_shape_record){.tag = element->tag,
                                       .parent = element->parent,
                                       .creator = element->creator,
                                       .flags = element->flags,
                                       .vr = {element->vr[0], element->vr[1]}};
        if (creator_of_record[i] >= 0) {
            if (!ts_buffer_reserve(&shape->creators, 1)) {
                return false;
            }
            ((ts_shape_creator *)shape->creators.items)[shape->creators.count++] =
                (ts_shape_creator){.record = (int32_t)i, .number = creator_of_record[i]};
        }
    }
    shape->records.count = count;
    shape->is_set = true;
    return true;
}

static bool is_creator(const ts_shape_creator *creator, const ts_parser *parser, const ts_pool *creators) {
    size_t length_captured;
    size_t count;
    const ts_element *element = &ts_parser_elements(parser, &count)[creator->record];
    const uint8_t *captured = ts_parser_captured(parser, &length_captured);
    if (element->value_length == 0 || element->captured_at == TS_NOT_CAPTURED ||
        (element->flags & TS_FLAG_DIGESTED) != 0) {
        return false;
    }
    const ts_text text = ts_text_trim_outer(&captured[element->captured_at], element->value_length);
    uint32_t length;
    const uint8_t *known = ts_pool_get(creators, (uint32_t)creator->number, &length);
    return text.length == length && (length == 0 || memcmp(text.bytes, known, length) == 0);
}

/* Loads parent and private creator as one number; the two members are adjacent. */
static uint64_t load_place(const void *record, size_t offset_bytes) {
    return ts_text_word_8((const uint8_t *)record + offset_bytes);
}

static bool is_record(const ts_shape_record *record, const ts_element *element) {
    return record->tag == element->tag &&
           load_place(record, offsetof(ts_shape_record, parent)) == load_place(element, offsetof(ts_element, parent)) &&
           record->flags == element->flags && memcmp(record->vr, element->vr, sizeof record->vr) == 0;
}

/* Whether a record from `first` on may decide blocks or VRs of elements before it, which is possible if elements are
 * not in order. */
static bool reaches_back(const ts_element *elements, size_t first, size_t count) {
    for (size_t i = first; i < count; i++) {
        if (ts_tag_is_odd(elements[i].tag) || elements[i].tag == TS_TAG_PIXEL_REPRESENTATION) {
            return true;
        }
    }
    return false;
}

bool ts_file_shape_is(const ts_file_shape *shape, const ts_parser *parser, const ts_pool *creators, size_t like_count) {
    size_t count;
    const ts_element *elements = ts_parser_elements(parser, &count);
    if (!shape->is_set || count != shape->records.count) {
        return false;
    }
    const bool is_like = like_count > 0 && !reaches_back(elements, like_count, count);
    const ts_shape_record *records = shape->records.items;
    for (size_t i = is_like ? like_count : 0; i < count; i++) {
        if (!is_record(&records[i], &elements[i])) {
            return false;
        }
    }
    if (is_like) {
        return true; /* no private creator has a different value */
    }
    const ts_shape_creator *named = shape->creators.items;
    for (size_t i = 0; i < shape->creators.count; i++) {
        if (!is_creator(&named[i], parser, creators)) {
            return false;
        }
    }
    return true;
}
