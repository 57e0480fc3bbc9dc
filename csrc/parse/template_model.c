/* The model: what is kept of a file for the next one, and what the next one takes from it (PS3.5 2026b, 7.1).
 *
 * For: a file that is like the one before. What is the same has the same records, and those of the file before are
 *      still there; what differs is put in its place, and what stands behind it is moved.
 * Never: a result that a parser which has read nothing before would not have.
 */
#include <string.h>

#include "parse/parser_state.h"
#include "parse/template.h"
#include "parse/template_model.h"

enum {
    MOST_BYTES = 65536 /* longer headers are not read in one window */
};

_Static_assert(4 * (int)MOST_BYTES <= (int)TS_WHOLE_ROOM_BYTES, "what is captured never uses up the room for values");

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
    const bool has_model = model->is_set && parser->size != TS_UNKNOWN_SIZE;
    model->is_set = false; /* from here on its records are written over */
    if (!has_model) {
        return false;
    }
    const ts_facts facts = parser->facts;
    uint64_t end;
    parser->facts = model->facts;
    if (!ts_find_changes(parser, &end) ||
        !take_changes(parser, ts_cursor_peek(&parser->cursor, ts_cursor_available(&parser->cursor)))) {
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
    parser->cursor.at = end;
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
