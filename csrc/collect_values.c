/* The collector of values: the functions behind collect_values.h.
 *
 * For: one pass over the records of a file that ts_collector has just counted.
 * Never: a result that depends on the order of the files; numbers of rows do, and nothing else.
 */
#include "collect_values.h"

#include <stdlib.h>
#include <string.h>

#include "bounded_values.h"
#include "private_block.h"

enum { EQUIPMENT_ELEMENTS = 4, NOT_ASKED = -1, KEY_HEAD_BYTES = 3 };

static const uint32_t TAG_CHARSET = UINT32_C(0x00080005);
/* Modality, Manufacturer, Manufacturer's Model Name, Software Versions; in the order of ts_equipment. */
static const uint32_t equipment_tags[EQUIPMENT_ELEMENTS] = {0x00080060, 0x00080070, 0x00081090, 0x00181020};

/* When a group or row was counted last. Serials are never used again, so pairs with series stay true. */
typedef struct count_state {
    uint64_t last_file;
    uint32_t last_series;
    uint32_t serial;
} count_state;

typedef struct group_state {
    count_state count;
    ts_bounded values;
    int32_t last_block_path; /* the answer of the last question is at hand */
    int32_t last_decision;   /* NOT_ASKED at first */
} group_state;

struct ts_value_collector {
    ts_collector *identities;
    ts_decide decide;
    void *context;
    uint32_t max_values;
    uint32_t serials;

    ts_buffer equipment;    /* ts_equipment */
    ts_buffer groups;       /* ts_group */
    ts_buffer group_states; /* group_state */
    ts_buffer rows;         /* ts_row */
    ts_buffer row_states;   /* count_state */
    ts_buffer decisions;    /* ts_decision */
    ts_buffer block_paths;  /* ts_block_path */
    ts_index equipment_index, group_index, row_index, decision_index, block_path_index, series_index;
    ts_pool texts, values, charsets, paths;
    ts_buffer charset_kinds; /* ts_charset_kind, one for each character set */

    /* Of the file that is being added. */
    const ts_parser *parser;
    const ts_element *elements;
    size_t element_count;
    ts_text path;
    int32_t path_number; /* -1 until it is an example */
    uint64_t file;
    uint32_t series;
    int32_t file_equipment;
    int32_t root_charset;
    ts_buffer charset_of_record;    /* int32_t: of the data set that the item holds */
    ts_buffer items_of_record;      /* int32_t */
    ts_buffer block_path_of_record; /* int32_t */
    ts_runs runs;
    ts_buffer swapped, key; /* uint8_t */
};

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

static ts_group *group_at(ts_value_collector *collector, int32_t number) {
    return &((ts_group *)collector->groups.items)[number];
}

static group_state *group_state_at(ts_value_collector *collector, int32_t number) {
    return &((group_state *)collector->group_states.items)[number];
}

static ts_row *row_at(ts_value_collector *collector, int32_t number) {
    return &((ts_row *)collector->rows.items)[number];
}

static uint64_t hash_pair(int32_t high, int32_t low) { return ts_mix((uint64_t)(uint32_t)high << 32 | (uint32_t)low); }

/* Counts file and series if they are new; false when memory runs out. */
static bool count(ts_value_collector *collector, count_state *state, uint64_t *occurrences, uint64_t *files,
                  uint64_t *series, bool *is_new_file) {
    (*occurrences)++;
    *is_new_file = state->last_file != collector->file;
    if (!*is_new_file) {
        return true;
    }
    state->last_file = collector->file;
    (*files)++;
    if (state->last_series == collector->series) {
        return true;
    }
    state->last_series = collector->series;
    const uint64_t pair = ts_mix((uint64_t)state->serial << 32 | collector->series);
    size_t probe = 0;
    if (ts_index_find(&collector->series_index, pair, &probe) != TS_NO_NUMBER) {
        return true;
    }
    (*series)++;
    return ts_index_add(&collector->series_index, pair, 0);
}

static count_state new_count_state(ts_value_collector *collector) {
    return (count_state){.last_file = 0, .last_series = TS_NO_NUMBER, .serial = collector->serials++};
}

/* The path of the file becomes the row's example if it sorts first. */
static bool note_example(ts_value_collector *collector, ts_row *row) {
    if (row->example >= 0) {
        uint32_t length;
        const uint8_t *example = ts_pool_get(&collector->paths, (uint32_t)row->example, &length);
        const size_t common = length < collector->path.length ? length : collector->path.length;
        const int order = common == 0 ? 0 : memcmp(collector->path.bytes, example, common);
        if (order > 0 || (order == 0 && collector->path.length >= length)) {
            return true;
        }
    }
    if (collector->path_number < 0) {
        const uint32_t number =
            ts_pool_intern(&collector->paths, collector->path.bytes, (uint32_t)collector->path.length);
        if (number == TS_NO_NUMBER || number > INT32_MAX) {
            return false;
        }
        collector->path_number = (int32_t)number;
    }
    row->example = collector->path_number;
    return true;
}

static bool count_row(ts_value_collector *collector, int32_t number) {
    ts_row *row = row_at(collector, number);
    count_state *state = &((count_state *)collector->row_states.items)[number];
    bool is_new_file;
    return count(collector, state, &row->occurrences, &row->files, &row->series, &is_new_file) &&
           (!is_new_file || note_example(collector, row));
}

static uint64_t hash_row(const ts_row *row) {
    return ts_mix(hash_pair(row->group, row->value) ^ hash_pair(row->decision, row->flags));
}

static int32_t find_row(const ts_value_collector *collector, const ts_row *wanted) {
    const ts_row *rows = collector->rows.items;
    const uint64_t hash = hash_row(wanted);
    size_t probe = 0;
    uint32_t number;
    while ((number = ts_index_find(&collector->row_index, hash, &probe)) != TS_NO_NUMBER) {
        const ts_row *row = &rows[number];
        if (row->group == wanted->group && row->value == wanted->value && row->decision == wanted->decision &&
            row->flags == wanted->flags) {
            return (int32_t)number;
        }
    }
    return -1;
}

/* Puts a new row at the end, or in the place of one that gave way to it; -1 when memory runs out. */
static int32_t place_row(ts_value_collector *collector, const ts_row *row, int32_t place) {
    if (place < 0) {
        if (collector->rows.count >= INT32_MAX || !ts_buffer_reserve(&collector->rows, 1) ||
            !ts_buffer_reserve(&collector->row_states, 1)) {
            return -1;
        }
        place = (int32_t)collector->rows.count++;
        collector->row_states.count++;
    }
    *row_at(collector, place) = *row;
    ((count_state *)collector->row_states.items)[place] = new_count_state(collector);
    return ts_index_add(&collector->row_index, hash_row(row), (uint32_t)place) ? place : -1;
}

/* Counts what no bound holds for: codes, and the row that stands for collapsed values. */
static bool count_unbounded(ts_value_collector *collector, int32_t group, int32_t decision, int32_t value) {
    const ts_row wanted = {.group = group, .value = value, .decision = decision, .example = -1};
    int32_t number = find_row(collector, &wanted);
    if (number < 0) {
        number = place_row(collector, &wanted, -1);
    }
    return number >= 0 && count_row(collector, number);
}

/* The key of a value: form, character set and payload. */
static bool make_key(ts_value_collector *collector, char form, int32_t charset, ts_text payload) {
    collector->key.count = 0;
    if (payload.length > UINT32_MAX - KEY_HEAD_BYTES ||
        !ts_buffer_reserve(&collector->key, KEY_HEAD_BYTES + payload.length)) {
        return false;
    }
    uint8_t *key = collector->key.items;
    key[0] = (uint8_t)form;
    key[1] = (uint8_t)charset;
    key[2] = (uint8_t)(charset >> 8);
    if (payload.length > 0) {
        memcpy(&key[KEY_HEAD_BYTES], payload.bytes, payload.length);
    }
    collector->key.count = KEY_HEAD_BYTES + payload.length;
    return true;
}

/* A hash that is the same in every run: of the character set the text counts, not its number. */
static uint64_t hash_key(const ts_value_collector *collector, int32_t charset) {
    const uint8_t *key = collector->key.items;
    uint32_t length;
    const uint8_t *charset_text = ts_pool_get(&collector->charsets, (uint32_t)charset, &length);
    const uint64_t payload = ts_hash_bytes(&key[KEY_HEAD_BYTES], (uint32_t)(collector->key.count - KEY_HEAD_BYTES));
    return ts_mix(payload ^ ts_mix(key[0] ^ ts_hash_bytes(charset_text, length)));
}

/* Counts a value, or leaves it out if the group is full of values with smaller hashes. */
static bool count_value(ts_value_collector *collector, int32_t group, int32_t decision, int32_t charset,
                        const ts_value_part *part, uint16_t flags) {
    if (!make_key(collector, part->form, charset, part->payload)) {
        return false;
    }
    ts_bounded *values = &group_state_at(collector, group)->values;
    const uint64_t hash = ts_mix(hash_key(collector, charset) ^ flags);
    if (ts_bounded_refuses(values, collector->max_values, hash)) {
        group_at(collector, group)->is_bounded = 1;
        return true;
    }
    const uint32_t value = ts_pool_intern(&collector->values, collector->key.items, (uint32_t)collector->key.count);
    if (value == TS_NO_NUMBER || value > INT32_MAX) {
        return false;
    }
    const ts_row wanted = {
        .group = group, .value = (int32_t)value, .decision = decision, .example = -1, .flags = flags};
    int32_t number = find_row(collector, &wanted);
    if (number < 0) {
        int32_t place = -1;
        if (ts_bounded_is_full(values, collector->max_values)) {
            group_at(collector, group)->is_bounded = 1;
            place = ts_bounded_give_way(values);
        }
        number = place_row(collector, &wanted, place);
        if (number < 0 || !ts_bounded_add(values, hash, number)) {
            return false;
        }
    }
    return count_row(collector, number);
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
        return part->form == 'T' && part->payload.length > length &&
               (length == 0 || memcmp(part->payload.bytes, root, length) == 0) && part->payload.bytes[length] == '.';
    }
    case TS_COLLAPSE_NONE:
        break;
    }
    return false;
}

/* The row that all collapsed values of the group share. */
static bool count_collapsed(ts_value_collector *collector, const counted_element *counted, int32_t group) {
    uint8_t payload[1 + 64] = {counted->decision->collapse};
    size_t length = 1;
    if (counted->decision->collapse == TS_COLLAPSE_UID) {
        uint32_t root_length;
        const uint8_t *root = ts_pool_get(&collector->texts, (uint32_t)counted->decision->uid_root, &root_length);
        const size_t taken = root_length < sizeof payload - 1 ? root_length : sizeof payload - 1;
        memcpy(&payload[1], root, taken);
        length += taken;
    }
    if (!make_key(collector, 'C', 0, (ts_text){.bytes = payload, .length = length})) {
        return false;
    }
    const uint32_t value = ts_pool_intern(&collector->values, collector->key.items, (uint32_t)collector->key.count);
    return value != TS_NO_NUMBER && count_unbounded(collector, group, counted->decision->number, (int32_t)value);
}

static int32_t find_group(ts_value_collector *collector, int32_t identity, ts_vr vr, uint8_t kind);

static bool count_group(ts_value_collector *collector, int32_t number, const ts_element *element) {
    ts_group *group = group_at(collector, number);
    bool is_new_file;
    if (element->creator != TS_CREATOR_NOT_PRIVATE) {
        const uint32_t block = element->tag >> 8 & 0xFF;
        group->blocks[block / 64] |= UINT64_C(1) << block % 64;
    }
    return count(collector, &group_state_at(collector, number)->count, &group->occurrences, &group->files,
                 &group->series, &is_new_file);
}

/* One part of the element's value; see ts_value. */
static bool take_part(void *context, const ts_value_part *part) {
    counted_element *counted = context;
    ts_value_collector *collector = counted->collector;
    const int32_t decision = counted->decision->number;
    const int32_t charset = part->form == 'T' && !ts_text_is_ascii(part->payload) ? counted->charset : 0;
    if (!counted->decision->records_values) {
        const bool is_number = counted->vr == TS_VR_DS || counted->vr == TS_VR_IS;
        const bool is_checked = (is_number && (counted->decision->checks & TS_CHECK_NUMBER) != 0) ||
                                (counted->vr == TS_VR_CS && (counted->decision->checks & TS_CHECK_CODE) != 0);
        const bool is_broken = is_checked && ((part->form == 'T' && !part->fits) || part->form == 'L');
        if (!is_broken) {
            counted->has_kept = true;
            return true;
        }
        counted->has_broken = true;
        const unsigned reason = is_number ? TS_VALUE_NOT_A_NUMBER : TS_VALUE_NOT_A_CODE;
        return count_value(collector, counted->group, decision, charset, part, (uint16_t)(part->flags | reason));
    }
    if (part->is_run) {
        if (counted->run_group < 0) {
            const ts_group group = *group_at(collector, counted->group);
            counted->run_group = find_group(collector, group.identity, counted->vr, 1);
            if (counted->run_group < 0) {
                return false;
            }
        }
        const bool is_utf8 = !ts_text_is_ascii(part->payload);
        return count_value(collector, counted->run_group, decision, is_utf8 ? 1 : 0, part, 0);
    }
    if (is_collapsed(collector, counted, part)) {
        return count_value(collector, counted->group, decision, charset, part,
                           (uint16_t)(part->flags | TS_VALUE_COLLAPSED)) &&
               count_collapsed(collector, counted, counted->group);
    }
    return count_value(collector, counted->group, decision, charset, part, part->flags);
}

static int32_t find_group(ts_value_collector *collector, int32_t identity, ts_vr vr, uint8_t kind) {
    const int32_t equipment = collector->file_equipment;
    const uint64_t hash = ts_mix(hash_pair(equipment, identity) ^ ((uint64_t)vr << 8 | kind));
    const ts_group *groups = collector->groups.items;
    size_t probe = 0;
    uint32_t number;
    while ((number = ts_index_find(&collector->group_index, hash, &probe)) != TS_NO_NUMBER) {
        const ts_group *group = &groups[number];
        if (group->equipment == equipment && group->identity == identity && group->vr == vr && group->kind == kind) {
            return (int32_t)number;
        }
    }
    number = (uint32_t)collector->groups.count;
    if (number >= INT32_MAX || !ts_buffer_reserve(&collector->groups, 1) ||
        !ts_buffer_reserve(&collector->group_states, 1) || !ts_index_add(&collector->group_index, hash, number)) {
        return -1;
    }
    ((ts_group *)collector->groups.items)[collector->groups.count++] =
        (ts_group){.equipment = equipment, .identity = identity, .vr = (uint8_t)vr, .kind = kind};
    group_state *state = &((group_state *)collector->group_states.items)[collector->group_states.count++];
    *state = (group_state){.count = new_count_state(collector), .last_decision = NOT_ASKED};
    ts_bounded_begin(&state->values);
    return (int32_t)number;
}

/* The profile's answer for the group and the blocks, asked once; NULL when it fails. */
static const ts_decision *find_decision(ts_value_collector *collector, int32_t group, int32_t block_path, ts_vr vr) {
    group_state *state = group_state_at(collector, group);
    ts_decision *decisions = collector->decisions.items;
    if (state->last_decision != NOT_ASKED && state->last_block_path == block_path) {
        return &decisions[state->last_decision];
    }
    const uint64_t hash = hash_pair(group, block_path);
    size_t probe = 0;
    uint32_t number = ts_index_find(&collector->decision_index, hash, &probe); /* the hash is the pair */
    if (number == TS_NO_NUMBER) {
        const ts_question question = {.equipment = collector->file_equipment,
                                      .identity = group_at(collector, group)->identity,
                                      .block_path = block_path,
                                      .vr = vr};
        ts_decision decision = {.number = -1};
        if (!collector->decide(collector->context, &question, &decision)) {
            return NULL;
        }
        number = (uint32_t)collector->decisions.count;
        if (!ts_buffer_reserve(&collector->decisions, 1) || !ts_index_add(&collector->decision_index, hash, number)) {
            return NULL;
        }
        ((ts_decision *)collector->decisions.items)[collector->decisions.count++] = decision;
    }
    state = group_state_at(collector, group);
    state->last_block_path = block_path;
    state->last_decision = (int32_t)number;
    return &((ts_decision *)collector->decisions.items)[number];
}

/* Interns one step of the blocks along a path; -2 when memory runs out. */
static int32_t find_block_path(ts_value_collector *collector, int32_t parent, int16_t block) {
    if (parent < 0 && block < 0) {
        return -1;
    }
    const uint64_t hash = hash_pair(parent, block);
    size_t probe = 0;
    uint32_t number = ts_index_find(&collector->block_path_index, hash, &probe); /* the hash is the pair */
    if (number != TS_NO_NUMBER) {
        return (int32_t)number;
    }
    number = (uint32_t)collector->block_paths.count;
    if (number >= INT32_MAX || !ts_buffer_reserve(&collector->block_paths, 1) ||
        !ts_index_add(&collector->block_path_index, hash, number)) {
        return -2;
    }
    ts_block_path *paths = collector->block_paths.items;
    const uint16_t depth = parent < 0 ? 0 : paths[parent].depth;
    paths[collector->block_paths.count++] =
        (ts_block_path){.parent = parent, .block = block, .depth = (uint16_t)(depth + 1)};
    return (int32_t)number;
}

static bool is_root(const ts_element *element, uint32_t tag) {
    return element->depth == 0 && element->tag == tag && (element->flags & TS_FLAG_DIGESTED) == 0 &&
           (element->value_length == 0 || element->captured_at != TS_NOT_CAPTURED);
}

static ts_text captured_text(const ts_value_collector *collector, const ts_element *element) {
    size_t captured_length;
    const uint8_t *captured = ts_parser_captured(collector->parser, &captured_length);
    if (element->value_length == 0) {
        return (ts_text){.bytes = NULL, .length = 0};
    }
    return ts_text_trim((ts_text){.bytes = &captured[element->captured_at], .length = element->value_length}, false);
}

int32_t ts_value_collector_intern_text(ts_value_collector *collector, const uint8_t *bytes, uint32_t length) {
    const uint32_t number = ts_pool_intern(&collector->texts, bytes, length);
    return number > INT32_MAX ? -1 : (int32_t)number;
}

/* The equipment of the file (design, section 4); false when memory runs out. */
static bool find_equipment(ts_value_collector *collector) {
    int32_t texts[EQUIPMENT_ELEMENTS] = {-1, -1, -1, -1};
    for (size_t i = 0; i < collector->element_count; i++) {
        for (size_t which = 0; which < EQUIPMENT_ELEMENTS; which++) {
            if (texts[which] < 0 && is_root(&collector->elements[i], equipment_tags[which])) {
                const ts_text text = captured_text(collector, &collector->elements[i]);
                texts[which] = ts_value_collector_intern_text(collector, text.bytes, (uint32_t)text.length);
                if (texts[which] < 0) {
                    return false;
                }
            }
        }
    }
    const ts_equipment wanted = {texts[0], texts[1], texts[2], texts[3]};
    const uint64_t hash = ts_mix(hash_pair(texts[0], texts[1]) ^ hash_pair(texts[2], texts[3]));
    const ts_equipment *known = collector->equipment.items;
    size_t probe = 0;
    uint32_t number;
    while ((number = ts_index_find(&collector->equipment_index, hash, &probe)) != TS_NO_NUMBER) {
        if (memcmp(&known[number], &wanted, sizeof wanted) == 0) {
            collector->file_equipment = (int32_t)number;
            return true;
        }
    }
    number = (uint32_t)collector->equipment.count;
    if (!ts_buffer_reserve(&collector->equipment, 1) || !ts_index_add(&collector->equipment_index, hash, number)) {
        return false;
    }
    ((ts_equipment *)collector->equipment.items)[collector->equipment.count++] = wanted;
    collector->file_equipment = (int32_t)number;
    return true;
}

static bool make_scratch(ts_buffer *buffer, size_t size, int fill) {
    buffer->count = 0;
    if (!ts_buffer_reserve(buffer, size)) {
        return false;
    }
    buffer->count = size;
    if (size > 0) {
        memset(buffer->items, fill, size * sizeof(int32_t));
    }
    return true;
}

static int32_t intern_charset(ts_value_collector *collector, ts_text text) {
    const uint32_t number = ts_pool_intern(&collector->charsets, text.bytes, (uint32_t)text.length);
    if (number > UINT16_MAX) {
        return -1;
    }
    if (number >= collector->charset_kinds.count) {
        if (!ts_buffer_reserve(&collector->charset_kinds, 1)) {
            return -1;
        }
        ((ts_charset_kind *)collector->charset_kinds.items)[collector->charset_kinds.count++] =
            ts_charset_find_kind(text);
    }
    return (int32_t)number;
}

/* What every record's data set says of its character set, and how many items each sequence has. */
static bool look_around(ts_value_collector *collector) {
    if (!make_scratch(&collector->charset_of_record, collector->element_count, 0xFF) ||
        !make_scratch(&collector->items_of_record, collector->element_count, 0) ||
        !make_scratch(&collector->block_path_of_record, collector->element_count, 0xFF)) {
        return false;
    }
    int32_t *charset_of = collector->charset_of_record.items;
    int32_t *items_of = collector->items_of_record.items;
    collector->root_charset = 0;
    for (size_t i = 0; i < collector->element_count; i++) {
        const ts_element *element = &collector->elements[i];
        if (element->tag == TS_TAG_ITEM) {
            items_of[element->parent]++;
        } else if (element->tag == TAG_CHARSET && (element->flags & (TS_FLAG_DIGESTED | TS_FLAG_SEQUENCE)) == 0 &&
                   (element->value_length == 0 || element->captured_at != TS_NOT_CAPTURED)) {
            const int32_t charset = intern_charset(collector, captured_text(collector, element));
            if (charset < 0) {
                return false;
            }
            if (element->parent < 0) {
                collector->root_charset = charset;
            } else {
                charset_of[element->parent] = charset;
            }
        }
    }
    for (size_t i = 0; i < collector->element_count; i++) { /* an item without its own has that around it */
        const ts_element *element = &collector->elements[i];
        if (element->tag == TS_TAG_ITEM && charset_of[i] < 0) {
            const int32_t around = collector->elements[element->parent].parent;
            charset_of[i] = around < 0 ? collector->root_charset : charset_of[around];
        }
    }
    return true;
}

static bool count_element(ts_value_collector *collector, size_t record, int32_t identity) {
    const ts_element *element = &collector->elements[record];
    int32_t *block_path_of = collector->block_path_of_record.items;
    const int32_t around = element->parent < 0 ? -1 : block_path_of[element->parent];
    const bool is_private = element->creator != TS_CREATOR_NOT_PRIVATE;
    const int32_t block_path =
        find_block_path(collector, around, is_private ? (int16_t)(element->tag >> 8 & 0xFF) : (int16_t)-1);
    const uint8_t letters[2] = {(uint8_t)element->vr[0], (uint8_t)element->vr[1]};
    const ts_vr vr = ts_vr_find(letters);
    const int32_t group = find_group(collector, identity, vr, 0);
    if (block_path < -1 || group < 0) {
        return false;
    }
    block_path_of[record] = block_path;
    const ts_decision *decision = find_decision(collector, group, block_path, vr);
    if (decision == NULL || !count_group(collector, group, element)) {
        return false;
    }
    if (!decision->records_values && decision->checks == 0) {
        return count_unbounded(collector, group, decision->number, -1);
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
    if (counted.run_group >= 0 && !count_group(collector, counted.run_group, element)) {
        return false;
    }
    if (answer.records_values || (counted.has_broken && !counted.has_kept)) {
        return true;
    }
    return count_unbounded(collector, group, answer.number, -1);
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
    if (!find_equipment(collector) || !look_around(collector)) {
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
    collector->max_values = max_values < 2 ? 2 : max_values;
    collector->decide = decide;
    collector->context = context;
    ts_buffer_begin(&collector->equipment, sizeof(ts_equipment));
    ts_buffer_begin(&collector->groups, sizeof(ts_group));
    ts_buffer_begin(&collector->group_states, sizeof(group_state));
    ts_buffer_begin(&collector->rows, sizeof(ts_row));
    ts_buffer_begin(&collector->row_states, sizeof(count_state));
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
    if (collector->identities == NULL || intern_charset(collector, (ts_text){.bytes = NULL, .length = 0}) != 0 ||
        intern_charset(collector, (ts_text){.bytes = utf8, .length = sizeof utf8 - 1}) != 1) {
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
        ts_bounded_free(&group_state_at(collector, (int32_t)i)->values);
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
        ts_group *group = group_at(collector, (int32_t)i);
        const ts_bounded *values = &group_state_at(collector, (int32_t)i)->values;
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
