/* The template: the implementation of template.h (PS3.5 2026b, 7.1).
 *
 * For: a file whose header equals that of the previous file except for some values. The records of that file are still
 *      in memory, so only values are replaced and records after them are moved. Also the comparison of records.
 * Never: a template from a file that was not read to its end.
 */
#include <stddef.h>
#include <string.h>

#include "base/bytes.h"
#include "parse/parser_state.h"
#include "parse/template.h"
#include "parse/template_bytes.h"

enum {
    MOST_BYTES = 65536, /* longer headers are not used: they may not be in one window */
    MOST_CAPTURED_BYTES = 4194304
};

_Static_assert(4 * (int)MOST_BYTES <= (int)TS_WHOLE_ROOM_BYTES, "what is captured never uses up the room for values");

void ts_template_begin(ts_template *previous) {
    ts_buffer_begin(&previous->bytes, sizeof(uint8_t));
    ts_buffer_begin(&previous->private_pending, sizeof(int32_t));
    ts_buffer_begin(&previous->ambiguous_pending, sizeof(int32_t));
    ts_buffer_begin(&previous->changes, sizeof(ts_change));
    ts_buffer_begin(&previous->scratch, sizeof(uint8_t));
    ts_buffer_begin(&previous->records, sizeof(ts_element));
    ts_buffer_begin(&previous->captured, sizeof(uint8_t));
    ts_buffer_begin(&previous->changed, sizeof(int32_t));
}

void ts_template_free(ts_template *previous) {
    ts_buffer_free(&previous->bytes);
    ts_buffer_free(&previous->private_pending);
    ts_buffer_free(&previous->ambiguous_pending);
    ts_buffer_free(&previous->changes);
    ts_buffer_free(&previous->scratch);
    ts_buffer_free(&previous->records);
    ts_buffer_free(&previous->captured);
    ts_buffer_free(&previous->changed);
}

/* Rebuilds the captured bytes with the new values in place of the old ones. False when memory runs out; they are
 * unchanged then. */
static bool change_captured(ts_parser *parser, const uint8_t *bytes) {
    const ts_template *previous = &parser->previous;
    const ts_change *changes = parser->previous.changes.items;
    const uint8_t *captured = parser->captured.items;
    ts_buffer *changed = &parser->previous.scratch;
    size_t at = 0;
    changed->count = 0;
    for (size_t i = 0; i <= parser->previous.changes.count; i++) {
        const ts_element *element = i < parser->previous.changes.count ? ts_record(parser, changes[i].record) : NULL;
        if (element != NULL && element->captured_at == TS_NOT_CAPTURED) {
            continue;
        }
        const size_t end = element != NULL ? (size_t)element->captured_at : previous->header_captured;
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

/* Moves the ends of the containers around a changed element by `distance` bytes. */
static void move_ends_around(ts_parser *parser, const ts_element *element, uint64_t distance) {
    for (int32_t around = element->parent; around >= 0; around = ts_record(parser, around)->parent) {
        ts_record(parser, around)->end_offset += distance;
    }
}

/* The distance by which records and their captured bytes move: modulo 2^64, so that it can be negative. */
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

/* Moves the records from the first change on, and the end of each container around a change. */
static void move_records(ts_parser *parser) {
    const ts_change *changes = parser->previous.changes.items;
    const size_t count = parser->previous.changes.count;
    ts_distance distance = {.bytes = 0, .captured = 0};
    for (size_t i = 0; i < count; i++) {
        ts_element *element = ts_record(parser, changes[i].record);
        const int32_t next = i + 1 < count ? changes[i + 1].record : (int32_t)parser->previous.header_records;
        const uint64_t longer = (uint64_t)changes[i].value_length - element->value_length;
        move_unchanged(element, 1, distance);
        if (longer != 0) {
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
    const ts_change *changes = parser->previous.changes.items;
    for (size_t i = 0; i < parser->previous.changes.count; i++) {
        if (changes[i].value_length != ts_record(parser, changes[i].record)->value_length) {
            return true;
        }
    }
    return false;
}

/* Moves the offset of each deviation by the differences in length of the changed values before it. */
static void move_deviations(ts_parser *parser) {
    const ts_change *changes = parser->previous.changes.items;
    for (size_t i = 0; i < TS_DEVIATION_COUNT; i++) {
        ts_deviation *deviation = &parser->previous.deviations[i];
        uint64_t distance = 0;
        for (size_t k = 0; deviation->count > 0 && k < parser->previous.changes.count; k++) {
            const ts_element *element = ts_record(parser, changes[k].record);
            if (deviation->offset >= element->end_offset) {
                distance += (uint64_t)changes[k].value_length - element->value_length;
            }
        }
        deviation->offset += distance;
    }
}

/* Replaces the changed values in the captured bytes, if all of them have the same length as before. */
static void write_captured(ts_parser *parser, const uint8_t *bytes) {
    const ts_change *changes = parser->previous.changes.items;
    uint8_t *captured = parser->captured.items;
    for (size_t i = 0; i < parser->previous.changes.count; i++) {
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

/* Restores the state of the parser at the end of the header, except captured bytes and pending records. */
static void take_state(ts_parser *parser) {
    const ts_template *previous = &parser->previous;
    parser->phase = TS_PHASE_DATA;
    parser->elements.count = previous->header_records;
    memcpy(parser->deviations, previous->deviations, sizeof parser->deviations);
    ((ts_frame *)parser->frames.items)[0] = previous->root;
    parser->frames.count = 1;
    const int32_t *ambiguous = parser->ambiguous_pending.items;
    for (size_t i = 0; i < parser->ambiguous_pending.count; i++) { /* its decision may come after the header */
        ts_record(parser, ambiguous[i])->vr[0] = 'U';
    }
}

/* Changes records and captured bytes into those of the current file. False when memory runs out; the records and
 * captured bytes are unchanged then. */
static bool take_changes(ts_parser *parser, const uint8_t *bytes) {
    ts_template *previous = &parser->previous;
    if (!ts_buffer_reserve(&parser->frames, 1) || !copy_records(&parser->private_pending, &previous->private_pending) ||
        !copy_records(&parser->ambiguous_pending, &previous->ambiguous_pending)) {
        return false;
    }
    if (!is_any_moved(parser)) {
        parser->captured.count = previous->header_captured;
        write_captured(parser, bytes);
        return true;
    }
    if (!change_captured(parser, bytes)) {
        return false;
    }
    move_deviations(parser);
    move_records(parser);
    return true;
}

/* Keeps `count` items from index `from` on for the comparison, because the parser overwrites its own. If all are kept,
 * the two arrays are swapped, unless the capacity of `items` is above capacity_limit. False when memory runs out. */
static bool keep_items(ts_buffer *kept, ts_buffer *items, size_t from, size_t count, size_t capacity_limit) {
    if (from == 0 && items->capacity <= capacity_limit) {
        const ts_buffer other = *kept;
        *kept = *items;
        kept->count = count;
        *items = other;
        items->count = 0;
        return true;
    }
    if (!ts_buffer_resize(kept, count)) {
        return false;
    }
    if (count > 0) {
        memcpy(kept->items, (const uint8_t *)items->items + from * items->item_bytes, count * items->item_bytes);
    }
    return true;
}

/* Keeps the records of the template from index `from` on, and their captured bytes, if they are within the bounds. The
 * template has no file and no header afterwards. */
static void keep_records(ts_parser *parser, size_t from, size_t captured_from) {
    ts_template *previous = &parser->previous;
    const size_t count = previous->record_count - from;
    const size_t captured_bytes = previous->captured_count - captured_from;
    const bool is_kept =
        previous->file != 0 && previous->record_count <= TS_REPEAT_RECORDS && captured_bytes <= MOST_CAPTURED_BYTES &&
        keep_items(&previous->records, &parser->elements, from, count, 2 * (size_t)TS_REPEAT_RECORDS) &&
        keep_items(&previous->captured, &parser->captured, captured_from, captured_bytes, 2 * MOST_CAPTURED_BYTES);
    previous->kept_from = from;
    previous->kept_captured_from = captured_from;
    previous->compared_file = is_kept ? previous->file : 0;
    previous->file = 0;
    previous->has_header = false;
}

/* Whether the file has the header of the template except for values. The values that differ are in `changes` then. */
static bool is_like_template(ts_parser *parser, uint64_t *end) {
    const ts_facts facts = parser->facts;
    parser->previous.changes.count = 0;
    if (!parser->previous.has_header || parser->size == TS_UNKNOWN_SIZE) {
        return false;
    }
    parser->facts = parser->previous.facts;
    if (ts_find_changes(parser, end)) {
        return true;
    }
    parser->facts = facts;
    parser->previous.changes.count = 0;
    return false;
}

bool ts_template_take(ts_parser *parser) {
    ts_template *previous = &parser->previous;
    uint64_t end;
    if (previous->file == 0 || !is_like_template(parser, &end)) {
        return false;
    }
    keep_records(parser, previous->header_records, previous->header_captured);
    if (!take_changes(parser, ts_cursor_peek(&parser->cursor, ts_cursor_available(&parser->cursor)))) {
        parser->private_pending.count = parser->ambiguous_pending.count = 0;
        parser->facts = (ts_facts){.transfer_syntax = -1};
        previous->changes.count = 0;
        return false;
    }
    take_state(parser);
    previous->taken_records = previous->header_records;
    previous->taken_private = previous->private_pending.count;
    previous->is_taken_resolved = previous->is_resolved;
    parser->cursor.at = end;
    return true;
}

void ts_template_replace(ts_parser *parser) { keep_records(parser, 0, 0); }

void ts_template_note_header(ts_parser *parser) {
    ts_template *previous = &parser->previous;
    const size_t count = parser->elements.count;
    const uint64_t at = parser->cursor.at;
    if (previous->has_header || parser->phase != TS_PHASE_DATA || parser->facts.depends_on_size ||
        parser->facts.is_unusual || parser->deflated_from != TS_UNKNOWN_SIZE || parser->size == TS_UNKNOWN_SIZE ||
        count <= (size_t)parser->facts.data_set_from || parser->cursor.window_offset != 0 ||
        at > parser->cursor.window_length || at > MOST_BYTES ||
        parser->deviations[TS_TRAILING_PADDING - TS_DEVIATION_FIRST].count > 0 ||
        !ts_buffer_resize(&previous->bytes, (size_t)at) ||
        !copy_records(&previous->private_pending, &parser->private_pending) ||
        !copy_records(&previous->ambiguous_pending, &parser->ambiguous_pending)) {
        return;
    }
    memcpy(previous->bytes.items, parser->cursor.window, (size_t)at);
    previous->has_header = true;
    previous->is_resolved = false;
    previous->header_records = count;
    previous->header_captured = parser->captured.count;
    previous->root = *ts_top(parser);
    previous->facts = parser->facts;
    memcpy(previous->deviations, parser->deviations, sizeof previous->deviations);
}

/* Whether both records are of the same element: equal tag, parent, creator, VR, depth, flags and header length. */
static bool is_same_element(const ts_element *record, const ts_element *other) {
    enum { FROM_PARENT_BYTES = sizeof(ts_element) - offsetof(ts_element, parent) };
    return record->tag == other->tag && memcmp(&record->parent, &other->parent, FROM_PARENT_BYTES) == 0;
}

/* Whether the value of an element differs, as far as the records show it: by its captured bytes, otherwise by its
 * length. */
static inline bool is_changed(const ts_template *previous, const ts_element *kept, const uint8_t *captured,
                              const ts_element *element) {
    if (element->tag == TS_TAG_ITEM || (element->flags & TS_FLAG_SEQUENCE) != 0) {
        return false;
    }
    if ((element->flags & TS_FLAG_FRAGMENTS) != 0 &&
        kept->end_offset - kept->value_offset != element->end_offset - element->value_offset) {
        return true;
    }
    const bool is_captured = element->captured_at != TS_NOT_CAPTURED;
    if (kept->value_length != element->value_length || (kept->captured_at != TS_NOT_CAPTURED) != is_captured) {
        return true;
    }
    if (!is_captured || element->value_length == 0) {
        return false;
    }
    const size_t length = (element->flags & TS_FLAG_DIGESTED) != 0 ? TS_LONG_VALUE_DIGEST_BYTES : element->value_length;
    const uint8_t *kept_captured = previous->captured.items;
    return !ts_text_is_same(&kept_captured[kept->captured_at - previous->kept_captured_from],
                            &captured[element->captured_at], length);
}

/* Notes in `changed` the records whose values differ. False if the file does not have the same records, or if memory
 * runs out. */
static bool find_changed(ts_parser *parser) {
    ts_template *previous = &parser->previous;
    const ts_element *kept = previous->records.items;
    const ts_element *elements = parser->elements.items;
    const uint8_t *captured = parser->captured.items;
    const ts_change *changes = previous->changes.items;
    const size_t from = previous->kept_from;
    const size_t count = parser->elements.count;
    if (previous->compared_file == 0 || count != previous->record_count ||
        /* Elements out of order could change VRs and private creators of the records that were taken over. */
        (from > 0 && from < count && !previous->is_ordered) ||
        !ts_buffer_reserve(&previous->changed, previous->changes.count + count - from)) {
        return false;
    }
    int32_t *changed = previous->changed.items;
    size_t changed_count = 0;
    for (size_t i = 0; i < previous->changes.count; i++) {
        changed[changed_count++] = changes[i].record;
    }
    for (size_t i = from; i < count; i++) {
        if (!is_same_element(&kept[i - from], &elements[i])) {
            return false;
        }
        if (is_changed(previous, &kept[i - from], captured, &elements[i])) {
            if (ts_tag_is_private_creator(elements[i].tag)) {
                return false;
            }
            changed[changed_count++] = (int32_t)i;
        }
    }
    previous->changed.count = changed_count;
    return true;
}

void ts_template_finish(ts_parser *parser) {
    ts_template *previous = &parser->previous;
    previous->same_as = find_changed(parser) ? previous->compared_file : 0;
    previous->file = parser->file_number;
    previous->record_count = parser->elements.count;
    previous->captured_count = parser->captured.count;
    previous->is_ordered = parser->deviations[TS_UNORDERED - TS_DEVIATION_FIRST].count == 0;
}
