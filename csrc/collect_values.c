/* The collector of values: the functions behind collect_values.h.
 *
 * For: one pass over the records of a file that ts_collector has just counted.
 * Never: a result that depends on the order of the files; numbers of rows do, and nothing else.
 */
#include <stdlib.h>
#include <string.h>

#include "value_collector_state.h"

/* What is known of the element that is being counted. */
typedef struct counted_element {
    ts_value_collector *collector;
    const ts_decision *decision;
    int32_t group;
    int32_t run_group; /* -1 until it has a run */
    int32_t charset;
    ts_vr vr;
    bool has_kept; /* a part that the code decides */
    bool has_broken;
} counted_element;

#define TS_VALUES_FIELD(record, type, name, dimension, format) {#name, format, (uint32_t)offsetof(record, name)},
#define TS_EQUIPMENT_FIELD(...) TS_VALUES_FIELD(ts_equipment, __VA_ARGS__)
#define TS_GROUP_FIELD(...) TS_VALUES_FIELD(ts_group, __VA_ARGS__)
#define TS_ROW_FIELD(...) TS_VALUES_FIELD(ts_row, __VA_ARGS__)
static const ts_field equipment_fields[] = {TS_EQUIPMENT_FIELDS(TS_EQUIPMENT_FIELD)};
static const ts_field group_fields[] = {TS_GROUP_FIELDS(TS_GROUP_FIELD)};
static const ts_field row_fields[] = {TS_ROW_FIELDS(TS_ROW_FIELD)};

const ts_field *ts_equipment_fields(uint32_t *count) {
    *count = (uint32_t)(sizeof equipment_fields / sizeof equipment_fields[0]);
    return equipment_fields;
}

const ts_field *ts_group_fields(uint32_t *count) {
    *count = (uint32_t)(sizeof group_fields / sizeof group_fields[0]);
    return group_fields;
}

const ts_field *ts_row_fields(uint32_t *count) {
    *count = (uint32_t)(sizeof row_fields / sizeof row_fields[0]);
    return row_fields;
}

static bool is_collapsed(const ts_value_collector *collector, const counted_element *counted,
                         const ts_value_part *part) {
    uint32_t length;
    switch ((ts_collapse)counted->decision->collapse) {
    case TS_COLLAPSE_DATE:
        return part->form == 'T' && part->fits &&
               (counted->vr == TS_VR_DA || counted->vr == TS_VR_TM || counted->vr == TS_VR_DT);
    case TS_COLLAPSE_NUMBER:
        return (part->form == 'N' && counted->vr != TS_VR_AT) ||
               (part->form == 'T' && part->fits && (counted->vr == TS_VR_DS || counted->vr == TS_VR_IS));
    case TS_COLLAPSE_UID: {
        const uint8_t *root = ts_pool_get(&collector->texts, (uint32_t)counted->decision->uid_root, &length);
        return part->form == 'T' && ts_text_is_uid(part->payload) && part->payload.length > length &&
               (length == 0 || memcmp(part->payload.bytes, root, length) == 0) && part->payload.bytes[length] == '.';
    }
    case TS_COLLAPSE_NONE:
        break;
    }
    return false;
}

/* Why a part is none of its VR, as a flag; 0 if it is, or if the VR demands nothing. */
static unsigned find_break(ts_vr vr, const ts_value_part *part) {
    if ((part->flags & TS_VALUE_BAD_LENGTH) != 0) {
        return TS_VALUE_BAD_LENGTH;
    }
    if (part->form == 'T' ? part->fits : part->form != 'L') {
        return 0;
    }
    switch ((unsigned)vr) {
    case TS_VR_DS:
    case TS_VR_IS:
        return TS_VALUE_NOT_A_NUMBER;
    case TS_VR_CS:
        return TS_VALUE_NOT_A_CODE;
    case TS_VR_AS:
    case TS_VR_DA:
    case TS_VR_DT:
    case TS_VR_TM:
    case TS_VR_UI:
        return TS_VALUE_NOT_OF_VR;
    default:
        return 0; /* a long text of a VR that may be long */
    }
}

/* One part of the element's value; see ts_value. */
static bool take_part(void *context, const ts_value_part *part) {
    counted_element *counted = context;
    ts_value_collector *collector = counted->collector;
    const int32_t decision = counted->decision->number;
    const int32_t charset = part->form == 'T' && !ts_text_is_ascii(part->payload) ? counted->charset : 0;
    if (!counted->decision->records_values) {
        const unsigned reason = counted->decision->shows_broken ? find_break(counted->vr, part) : 0;
        if (reason == 0) {
            counted->has_kept = true;
            return true;
        }
        counted->has_broken = true;
        return ts_count_value(collector, counted->group, decision, charset, part, (uint16_t)(part->flags | reason));
    }
    if (part->is_run) {
        if (counted->run_group < 0) {
            const ts_group group = *ts_group_at(collector, counted->group);
            counted->run_group = ts_find_group(collector, group.identity, counted->vr, 1);
            if (counted->run_group < 0) {
                return false;
            }
        }
        const bool is_utf8 = !ts_text_is_ascii(part->payload);
        return ts_count_value(collector, counted->run_group, decision, is_utf8 ? 1 : 0, part, 0);
    }
    if (is_collapsed(collector, counted, part)) {
        return ts_count_value(collector, counted->group, decision, charset, part,
                              (uint16_t)(part->flags | TS_VALUE_COLLAPSED)) &&
               ts_count_collapsed(collector, counted->group, counted->decision);
    }
    return ts_count_value(collector, counted->group, decision, charset, part, part->flags);
}

static bool count_element(ts_value_collector *collector, size_t record, int32_t identity) {
    const ts_element *element = &collector->elements[record];
    int32_t *block_path_of = collector->block_path_of_record.items;
    const int32_t around = element->parent < 0 ? -1 : block_path_of[element->parent];
    const bool is_private = element->creator != TS_CREATOR_NOT_PRIVATE;
    const int32_t block_path =
        ts_find_block_path(collector, around, is_private ? (int16_t)(element->tag >> 8 & 0xFF) : (int16_t)-1);
    const ts_vr vr = ts_element_vr(element);
    const int32_t group = ts_find_group(collector, identity, vr, 0);
    if (block_path < -1 || group < 0) {
        return false;
    }
    block_path_of[record] = block_path;
    const ts_decision *decision = ts_find_decision(collector, group, block_path, vr);
    if (decision == NULL || !ts_count_group(collector, group, element)) {
        return false;
    }
    if (!decision->records_values && !decision->shows_broken) {
        return ts_count_code(collector, group, decision->number);
    }
    const ts_decision answer = *decision;
    const int32_t charset = element->parent < 0
                                ? collector->root_charset
                                : ((const int32_t *)collector->charset_of_record.items)[element->parent];
    counted_element counted = {
        .collector = collector, .decision = &answer, .group = group, .run_group = -1, .charset = charset, .vr = vr};
    size_t captured_length;
    const ts_value value = {.element = element,
                            .captured = ts_parser_captured(collector->parser, &captured_length),
                            .item_count = (uint64_t)((const int32_t *)collector->items_of_record.items)[record],
                            .charset_kind = ((const ts_charset_kind *)collector->charset_kinds.items)[charset],
                            .take = take_part,
                            .context = &counted};
    if (!ts_value_split(&value, &collector->runs, &collector->swapped)) {
        return false;
    }
    if (counted.run_group >= 0 && !ts_count_group(collector, counted.run_group, element)) {
        return false;
    }
    if (answer.records_values || (counted.has_broken && !counted.has_kept)) {
        return true;
    }
    return ts_count_code(collector, group, answer.number);
}

bool ts_value_collector_add(ts_value_collector *collector, const ts_parser *parser, const uint8_t *path,
                            uint32_t path_length, bool is_partial) {
    const uint64_t files_before = ts_collector_files(collector->identities);
    if (!ts_collector_add(collector->identities, parser, is_partial)) {
        return false;
    }
    if (ts_collector_files(collector->identities) == files_before) {
        return true;
    }
    collector->parser = parser;
    collector->elements = ts_parser_elements(parser, &collector->element_count);
    collector->path = (ts_text){.bytes = path, .length = path_length};
    collector->path_number = -1;
    collector->file = ts_collector_files(collector->identities);
    collector->series = ts_collector_last_series(collector->identities);
    if (!ts_look_around(collector) || !ts_find_equipment(collector)) {
        return false;
    }
    const int32_t *row_of_record = ts_collector_row_of_record(collector->identities);
    int32_t *block_path_of = collector->block_path_of_record.items;
    for (size_t i = 0; i < collector->element_count; i++) {
        if (collector->elements[i].tag == TS_TAG_ITEM) {
            block_path_of[i] = block_path_of[collector->elements[i].parent];
        } else if (!count_element(collector, i, row_of_record[i])) {
            return false;
        }
    }
    return true;
}

ts_value_collector *ts_value_collector_new(uint32_t max_values, ts_decide decide, void *context) {
    ts_value_collector *collector = calloc(1, sizeof *collector);
    if (collector == NULL) {
        return NULL;
    }
    collector->max_values = max_values < 1 ? 1 : max_values;
    collector->decide = decide;
    collector->context = context;
    ts_buffer_begin(&collector->equipment, sizeof(ts_equipment));
    ts_buffer_begin(&collector->groups, sizeof(ts_group));
    ts_buffer_begin(&collector->group_states, sizeof(ts_group_state));
    ts_buffer_begin(&collector->rows, sizeof(ts_row));
    ts_buffer_begin(&collector->row_states, sizeof(ts_count_state));
    ts_buffer_begin(&collector->decisions, sizeof(ts_decision));
    ts_buffer_begin(&collector->block_paths, sizeof(ts_block_path));
    ts_buffer_begin(&collector->charset_kinds, sizeof(ts_charset_kind));
    ts_buffer_begin(&collector->charset_of_record, sizeof(int32_t));
    ts_buffer_begin(&collector->items_of_record, sizeof(int32_t));
    ts_buffer_begin(&collector->block_path_of_record, sizeof(int32_t));
    ts_buffer_begin(&collector->swapped, sizeof(uint8_t));
    ts_buffer_begin(&collector->key, sizeof(uint8_t));
    ts_pool_begin(&collector->texts);
    ts_pool_begin(&collector->values);
    ts_pool_begin(&collector->charsets);
    ts_pool_begin(&collector->paths);
    ts_runs_begin(&collector->runs);
    collector->identities = ts_collector_new();
    static const uint8_t utf8[] = "ISO_IR 192"; /* of runs that are not ASCII */
    if (collector->identities == NULL || ts_intern_charset(collector, (ts_text){.bytes = NULL, .length = 0}) != 0 ||
        ts_intern_charset(collector, (ts_text){.bytes = utf8, .length = sizeof utf8 - 1}) != 1) {
        ts_value_collector_free(collector);
        return NULL;
    }
    return collector;
}

void ts_value_collector_free(ts_value_collector *collector) {
    if (collector == NULL) {
        return;
    }
    for (size_t i = 0; i < collector->group_states.count; i++) {
        ts_bounded_free(&ts_group_state_at(collector, (int32_t)i)->values);
    }
    ts_buffer *buffers[] = {&collector->equipment,
                            &collector->groups,
                            &collector->group_states,
                            &collector->rows,
                            &collector->row_states,
                            &collector->decisions,
                            &collector->block_paths,
                            &collector->charset_kinds,
                            &collector->charset_of_record,
                            &collector->items_of_record,
                            &collector->block_path_of_record,
                            &collector->swapped,
                            &collector->key};
    for (size_t i = 0; i < sizeof buffers / sizeof buffers[0]; i++) {
        ts_buffer_free(buffers[i]);
    }
    ts_index *indexes[] = {&collector->equipment_index, &collector->group_index,      &collector->row_index,
                           &collector->decision_index,  &collector->block_path_index, &collector->series_index};
    for (size_t i = 0; i < sizeof indexes / sizeof indexes[0]; i++) {
        ts_index_free(indexes[i]);
    }
    ts_pool *pools[] = {&collector->texts, &collector->values, &collector->charsets, &collector->paths};
    for (size_t i = 0; i < sizeof pools / sizeof pools[0]; i++) {
        ts_pool_free(pools[i]);
    }
    ts_runs_free(&collector->runs);
    ts_collector_free(collector->identities);
    free(collector);
}

const ts_collector *ts_value_collector_identities(const ts_value_collector *collector) { return collector->identities; }

const ts_equipment *ts_value_collector_equipment(const ts_value_collector *collector, size_t *count) {
    *count = collector->equipment.count;
    return collector->equipment.items;
}

const ts_group *ts_value_collector_groups(ts_value_collector *collector, size_t *count) {
    for (size_t i = 0; i < collector->groups.count; i++) {
        ts_group *group = ts_group_at(collector, (int32_t)i);
        const ts_bounded *values = &ts_group_state_at(collector, (int32_t)i)->values;
        group->distinct_estimate = group->is_bounded != 0 ? ts_bounded_estimate(values) : (uint64_t)values->kept.count;
    }
    *count = collector->groups.count;
    return collector->groups.items;
}

const ts_row *ts_value_collector_rows(const ts_value_collector *collector, size_t *count) {
    *count = collector->rows.count;
    return collector->rows.items;
}

const ts_block_path *ts_value_collector_block_path(const ts_value_collector *collector, int32_t number) {
    return &((const ts_block_path *)collector->block_paths.items)[number];
}

const ts_pool *ts_value_collector_values(const ts_value_collector *collector) { return &collector->values; }

const ts_pool *ts_value_collector_charsets(const ts_value_collector *collector) { return &collector->charsets; }

const ts_pool *ts_value_collector_paths(const ts_value_collector *collector) { return &collector->paths; }

const ts_pool *ts_value_collector_texts(const ts_value_collector *collector) { return &collector->texts; }
