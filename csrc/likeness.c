/* Files like the one before: the same bytes, but for the values of some elements (PS3.5 2026b, 7.1).
 *
 * For: series, whose files differ in a few elements of hundreds. The bytes of both are compared where they stand; what
 *      is the same has the same records, and those of the file before are still there.
 * Never: a decision that the bytes compared do not settle. Where a difference could change more than the element that
 *        it stands in, nothing is taken and the file is read from its start; a parser that has read nothing before says
 *        the same of it.
 */
#include <string.h>

#include "parser_state.h"

enum {
    PREAMBLE_BYTES = 128, /* of which nobody looks at a byte (PS3.10 2026b, 7.1) */
    MOST_BYTES = 65536,   /* longer headers are not read in one window */
    MOST_CHANGES = 256,   /* files that differ in more are not worth the comparison */
    BLOCK_BYTES = 32,
    ITEM_TAG_BYTES = 4
};

_Static_assert(4 * (int)MOST_BYTES <= (int)TS_WHOLE_ROOM_BYTES, "what is captured never uses up the room for values");

/* How many bytes of both are the same, from their start on. */
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

/* Elements whose values the parser acts upon. */
static bool is_acted_upon(uint32_t tag) {
    return tag == TS_TAG_META_LENGTH || tag == TS_TAG_TRANSFER_SYNTAX || tag == TS_TAG_PIXEL_REPRESENTATION ||
           ts_tag_is_private_creator(tag);
}

/* Whether another value is nothing but another value. */
static bool may_have_another_value(const ts_element *element) {
    return !is_container(element) && (element->flags & TS_FLAG_DIGESTED) == 0 && !is_acted_upon(element->tag);
}

/* The value length in a header that is, but for it, the same as that of the element; false if it is another header. */
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

/* Of an element with VR UN the value may then be a sequence. */
static bool begins_with_item(const uint8_t *value, uint32_t value_length) {
    if (value_length < 2 * ITEM_TAG_BYTES) {
        return false;
    }
    const uint8_t tag_bytes[4] = {value[0], value[1], value[2], value[3]};
    return ts_load_tag(tag_bytes, false) == TS_TAG_ITEM || ts_load_tag(tag_bytes, true) == TS_TAG_ITEM;
}

/* Whether another length moves what stands behind the element, and nothing else. */
static bool may_have_length(ts_parser *parser, int32_t record, uint32_t value_length) {
    const ts_element *element = ts_record(parser, record);
    const bool is_implicit = (element->flags & TS_FLAG_IMPLICIT_VR) != 0;
    if (record < parser->facts.data_set_from || ((value_length | element->value_length) & 1) != 0) {
        return false; /* the undefined length is odd, too */
    }
    /* Without a VR, the length of the first element has a part in finding the encoding, and in explicit VR that of any
     * other in finding out that there is no VR. */
    if (is_implicit && (record == parser->facts.data_set_from || record - 1 == element->parent ||
                        !parser->facts.encoding.implicit_vr)) {
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
    return ts_value_is_wanted(parser, element->tag, value_length) == (element->captured_at != TS_NOT_CAPTURED);
}

/* Two places that are compared: in the file before and in the file at hand. */
typedef struct ts_places {
    const uint8_t *before;
    const uint8_t *bytes;
    size_t before_at, before_end;
    size_t at, end;
} ts_places;

/* Notes an element in whose value, or value length, the two differ, if that can be seen in the results. */
static bool note_change(ts_parser *parser, const ts_change *change) {
    const ts_element *element = ts_record(parser, change->record);
    if (change->value_length == element->value_length && element->captured_at == TS_NOT_CAPTURED) {
        return true;
    }
    ts_buffer *changes = &parser->changes;
    if (changes->count == MOST_CHANGES || !ts_buffer_reserve(changes, 1)) {
        return false;
    }
    ((ts_change *)changes->items)[changes->count++] = *change;
    return true;
}

/* Passes over the element in which the two differ; false if more than its value may be another. */
static bool pass_difference(ts_parser *parser, ts_places *places, int32_t record) {
    const ts_element *element = ts_record(parser, record);
    const size_t value_at_before = (size_t)element->value_offset;
    /* What is the same in front of the difference has the same place, so the header begins where it did. */
    const size_t header_at = places->at - (places->before_at - (value_at_before - element->header_bytes));
    const size_t value_at = header_at + element->header_bytes;
    const uint8_t *value_before = &places->before[value_at_before];
    uint32_t value_length;
    if (!may_have_another_value(element) || places->before_at >= element->end_offset || places->end < value_at ||
        !read_value_length(element, value_before - element->header_bytes, &places->bytes[header_at], &value_length) ||
        value_length > places->end - value_at ||
        (value_length != element->value_length && !may_have_length(parser, record, value_length)) ||
        (memcmp(element->vr, "UN", 2) == 0 && (begins_with_item(value_before, element->value_length) ||
                                               begins_with_item(&places->bytes[value_at], value_length)))) {
        return false;
    }
    const ts_change change = {.value_at = value_at, .record = record, .value_length = value_length};
    places->before_at = (size_t)element->end_offset;
    places->at = value_at + value_length;
    return note_change(parser, &change);
}

/* The last of the records that begin in front of the place or at it; -1 if there is none. No one does before `record`.
 */
static int32_t find_record(const ts_parser *parser, int32_t record, uint64_t place) {
    const ts_element *elements = parser->elements.items;
    const int32_t last = (int32_t)parser->model.element_count - 1;
    while (record < last && elements[record + 1].value_offset - elements[record + 1].header_bytes <= place) {
        record++;
    }
    return record;
}

/* Notes the elements that differ; false if the file is not like the one before as far as the model reaches. */
static bool find_changes(ts_parser *parser, ts_places *places) {
    int32_t record = -1;
    for (;;) {
        const size_t left = places->end - places->at;
        const size_t left_before = places->before_end - places->before_at;
        const size_t same = count_same(&places->before[places->before_at], &places->bytes[places->at],
                                       left < left_before ? left : left_before);
        places->before_at += same;
        places->at += same;
        if (places->before_at == places->before_end) {
            return true;
        }
        record = find_record(parser, record, places->before_at);
        if (places->at == places->end || record < 0 || !pass_difference(parser, places, record)) {
            return false;
        }
    }
}

/* The captured bytes with the new values in the place of the old ones. */
static bool change_captured(ts_parser *parser, const uint8_t *bytes) {
    const ts_model *model = &parser->model;
    const ts_change *changes = parser->changes.items;
    const uint8_t *captured = parser->captured.items;
    ts_buffer *changed = &parser->changed_captured;
    size_t at = 0;
    changed->count = 0;
    for (size_t i = 0; i <= parser->changes.count; i++) {
        const ts_element *element = i < parser->changes.count ? ts_record(parser, changes[i].record) : NULL;
        if (element != NULL && element->captured_at == TS_NOT_CAPTURED) {
            continue;
        }
        const size_t end = element != NULL ? (size_t)element->captured_at : model->captured_count;
        const size_t value_length = element != NULL ? changes[i].value_length : 0;
        if (!ts_buffer_reserve(changed, end - at + value_length)) {
            return false;
        }
        uint8_t *items = changed->items;
        if (end > at) {
            memcpy(&items[changed->count], &captured[at], end - at);
        }
        changed->count += end - at;
        if (value_length > 0) {
            memcpy(&items[changed->count], &bytes[changes[i].value_at], value_length);
        }
        changed->count += value_length;
        at = end + (element != NULL ? element->value_length : 0);
    }
    const ts_buffer before = parser->captured;
    parser->captured = *changed;
    *changed = before;
    return true;
}

/* The containers around a change end elsewhere. */
static void move_ends_around(ts_parser *parser, const ts_element *element, uint64_t distance) {
    for (int32_t around = element->parent; around >= 0; around = ts_record(parser, around)->parent) {
        ts_record(parser, around)->end_offset += distance;
    }
}

/* What the header of a record that was made the short way is now; see plain_headers. */
static void note_other_header(ts_parser *parser, size_t record, const uint8_t *header) {
    uint64_t *known = parser->plain_headers.items;
    if (record < parser->plain_headers.count && known[record] != 0) {
        known[record] = ts_text_word_8(header);
    }
}

/* By how much records are moved, and what was captured of them: modulo 2^64, so that it can be backwards. */
typedef struct ts_distance {
    uint64_t bytes;
    uint64_t captured;
} ts_distance;

static void move_unchanged(ts_element *elements, size_t count, ts_distance distance) {
    if (distance.bytes == 0 && distance.captured == 0) {
        return;
    }
    for (size_t i = 0; i < count; i++) {
        elements[i].value_offset += distance.bytes;
        elements[i].end_offset += distance.bytes;
        elements[i].captured_at += elements[i].captured_at != TS_NOT_CAPTURED ? distance.captured : 0;
    }
}

/* Moves the records from the first change on, and what was noted of them. */
static void move_records(ts_parser *parser, const uint8_t *bytes) {
    const ts_change *changes = parser->changes.items;
    const size_t count = parser->changes.count;
    ts_distance distance = {.bytes = 0, .captured = 0};
    for (size_t i = 0; i < count; i++) {
        ts_element *element = ts_record(parser, changes[i].record);
        const int32_t next = i + 1 < count ? changes[i + 1].record : (int32_t)parser->model.element_count;
        const uint64_t longer = (uint64_t)changes[i].value_length - element->value_length;
        move_unchanged(element, 1, distance);
        if (longer != 0) {
            note_other_header(parser, (size_t)changes[i].record, &bytes[changes[i].value_at - element->header_bytes]);
            move_ends_around(parser, element, longer);
            element->value_length = changes[i].value_length;
            element->end_offset += longer;
            distance.bytes += longer;
            distance.captured += element->captured_at != TS_NOT_CAPTURED ? longer : 0;
        }
        move_unchanged(element + 1, (size_t)(next - changes[i].record - 1), distance);
    }
}

static bool is_any_moved(ts_parser *parser) {
    const ts_change *changes = parser->changes.items;
    for (size_t i = 0; i < parser->changes.count; i++) {
        if (changes[i].value_length != ts_record(parser, changes[i].record)->value_length) {
            return true;
        }
    }
    return false;
}

/* What was noted of the bytes in front of a change that moves what is behind it. */
static void move_deviations(ts_parser *parser) {
    const ts_change *changes = parser->changes.items;
    for (size_t i = 0; i < TS_DEVIATION_COUNT; i++) {
        ts_deviation *deviation = &parser->model.deviations[i];
        uint64_t distance = 0;
        for (size_t k = 0; deviation->count > 0 && k < parser->changes.count; k++) {
            const ts_element *element = ts_record(parser, changes[k].record);
            if (deviation->offset >= element->end_offset) {
                distance += (uint64_t)changes[k].value_length - element->value_length;
            }
        }
        deviation->offset += distance;
    }
}

/* Where no value has another length, only the captured bytes are others. */
static void write_captured(ts_parser *parser, const uint8_t *bytes) {
    const ts_change *changes = parser->changes.items;
    uint8_t *captured = parser->captured.items;
    for (size_t i = 0; i < parser->changes.count; i++) {
        const ts_element *element = ts_record(parser, changes[i].record);
        memcpy(&captured[element->captured_at], &bytes[changes[i].value_at], element->value_length);
    }
}

static bool copy_records(ts_buffer *records, const ts_buffer *other) {
    if (!ts_buffer_resize(records, other->count)) {
        return false;
    }
    if (other->count > 0) {
        memcpy(records->items, other->items, other->count * sizeof(int32_t));
    }
    return true;
}

/* Everything but the records and the captured bytes, as it was when the model was noted. */
static void take_model(ts_parser *parser) {
    const ts_model *model = &parser->model;
    parser->phase = TS_PHASE_DATA;
    parser->elements.count = model->element_count;
    memcpy(parser->deviations, model->deviations, sizeof parser->deviations);
    ((ts_frame *)parser->frames.items)[0] = model->root;
    parser->frames.count = 1;
    const int32_t *ambiguous = parser->ambiguous_pending.items;
    for (size_t i = 0; i < parser->ambiguous_pending.count; i++) { /* what decided it may have stood further behind */
        ts_record(parser, ambiguous[i])->vr[0] = 'U';
    }
}

/* Records and captured bytes become those of the file at hand; false when memory runs out, and then nothing has. */
static bool take_changes(ts_parser *parser, const uint8_t *bytes) {
    ts_model *model = &parser->model;
    if (!ts_buffer_reserve(&parser->frames, 1) || !copy_records(&parser->private_pending, &model->private_pending) ||
        !copy_records(&parser->ambiguous_pending, &model->ambiguous_pending)) {
        return false;
    }
    if (!is_any_moved(parser)) {
        parser->captured.count = model->captured_count;
        write_captured(parser, bytes);
        return true;
    }
    if (!change_captured(parser, bytes)) {
        return false;
    }
    move_deviations(parser);
    move_records(parser, bytes);
    return true;
}

bool ts_take_like_before(ts_parser *parser) {
    ts_model *model = &parser->model;
    const uint64_t available = ts_cursor_available(&parser->cursor);
    if (!model->is_set || parser->size == TS_UNKNOWN_SIZE || available <= PREAMBLE_BYTES) {
        return false;
    }
    ts_places places = {.before = model->bytes.items,
                        .bytes = ts_cursor_peek(&parser->cursor, available),
                        .before_at = PREAMBLE_BYTES,
                        .before_end = model->bytes.count,
                        .at = PREAMBLE_BYTES,
                        .end = (size_t)available};
    const ts_facts facts = parser->facts;
    parser->facts = model->facts;
    if (!find_changes(parser, &places) || !take_changes(parser, places.bytes)) {
        parser->changes.count = 0;
        parser->private_pending.count = parser->ambiguous_pending.count = 0;
        parser->facts = facts;
        return false;
    }
    take_model(parser);
    parser->like_file = model->file;
    parser->like_count = model->element_count;
    parser->like_private = model->private_pending.count;
    parser->is_like_resolved = model->is_resolved;
    parser->cursor.at = places.at;
    return true;
}

void ts_note_model(ts_parser *parser) {
    ts_model *model = &parser->model;
    const size_t count = parser->elements.count;
    const uint64_t at = parser->cursor.at;
    if (model->is_set || parser->phase != TS_PHASE_DATA || parser->facts.depends_on_size ||
        parser->deflated_from != TS_UNKNOWN_SIZE || parser->size == TS_UNKNOWN_SIZE ||
        count <= (size_t)parser->facts.data_set_from || parser->cursor.window_offset != 0 ||
        at > parser->cursor.window_length || at > MOST_BYTES ||
        parser->deviations[TS_TRAILING_PADDING - TS_DEVIATION_FIRST].count > 0 ||
        !ts_buffer_resize(&model->bytes, (size_t)at) ||
        !copy_records(&model->private_pending, &parser->private_pending) ||
        !copy_records(&model->ambiguous_pending, &parser->ambiguous_pending)) {
        return;
    }
    memcpy(model->bytes.items, parser->cursor.window, (size_t)at);
    model->is_set = true;
    model->is_resolved = false;
    model->file = parser->file_number;
    model->element_count = count;
    model->captured_count = parser->captured.count;
    model->root = *ts_top(parser);
    model->facts = parser->facts;
    memcpy(model->deviations, parser->deviations, sizeof model->deviations);
}
