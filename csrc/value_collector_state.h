/* The value collector's own state, shared by the files that make it.
 *
 * For: value_rows.c, value_groups.c, value_scope.c and collect_values.c; everybody else sees collect_values.h.
 * Never: a pointer into a file's values that outlives the file.
 */
#ifndef TAGSNIFF_VALUE_COLLECTOR_STATE_H
#define TAGSNIFF_VALUE_COLLECTOR_STATE_H

#include "bounded_values.h"
#include "collect_values.h"

#define TS_NOT_ASKED (-1)

/* When a group or row was counted last. Serials are never used again, so pairs with series stay true. */
typedef struct ts_count_state {
    uint64_t last_file;
    uint32_t last_series;
    uint32_t serial;
} ts_count_state;

typedef struct ts_group_state {
    ts_count_state count;
    ts_bounded values;
    int32_t last_block_path; /* the answer of the last question is at hand */
    int32_t last_decision;   /* TS_NOT_ASKED at first */
} ts_group_state;

struct ts_value_collector {
    ts_collector *identities;
    ts_decide decide;
    void *context;
    uint32_t max_values;
    uint32_t serials;

    ts_buffer equipment;    /* ts_equipment */
    ts_buffer groups;       /* ts_group */
    ts_buffer group_states; /* ts_group_state */
    ts_buffer rows;         /* ts_row */
    ts_buffer row_states;   /* ts_count_state */
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

static inline ts_group *ts_group_at(ts_value_collector *collector, int32_t number) {
    return &((ts_group *)collector->groups.items)[number];
}

static inline ts_group_state *ts_group_state_at(ts_value_collector *collector, int32_t number) {
    return &((ts_group_state *)collector->group_states.items)[number];
}

static inline ts_row *ts_row_at(ts_value_collector *collector, int32_t number) {
    return &((ts_row *)collector->rows.items)[number];
}

static inline uint64_t ts_hash_pair(int32_t high, int32_t low) {
    return ts_mix((uint64_t)(uint32_t)high << 32 | (uint32_t)low);
}

/* The functions of each file call those of the files above it only. All but numbers are false when memory runs out. */

/* value_rows.c */
ts_count_state ts_new_count_state(ts_value_collector *collector);
/* One more occurrence, and file and series if they are new. */
bool ts_count(ts_value_collector *collector, ts_count_state *state, uint64_t *occurrences, uint64_t *files,
              uint64_t *series, bool *is_new_file);
/* A code, for which no bound holds. */
bool ts_count_code(ts_value_collector *collector, int32_t group, int32_t decision);
/* A value, or nothing if the group is full of values with smaller hashes. */
bool ts_count_value(ts_value_collector *collector, int32_t group, int32_t decision, int32_t charset,
                    const ts_value_part *part, uint16_t flags);
/* The row that all collapsed values of the group share. */
bool ts_count_collapsed(ts_value_collector *collector, int32_t group, const ts_decision *decision);

/* value_groups.c */
/* Negative when memory runs out. */
int32_t ts_find_group(ts_value_collector *collector, int32_t identity, ts_vr vr, uint8_t kind);
bool ts_count_group(ts_value_collector *collector, int32_t number, const ts_element *element);
/* The profile's answer for the group and the blocks, asked once; NULL when it fails. */
const ts_decision *ts_find_decision(ts_value_collector *collector, int32_t group, int32_t block_path, ts_vr vr);
/* Interns one step of the blocks along a path; less than -1 when memory runs out. */
int32_t ts_find_block_path(ts_value_collector *collector, int32_t parent, int16_t block);

/* value_scope.c */
int32_t ts_intern_charset(ts_value_collector *collector, ts_text text);
bool ts_find_equipment(ts_value_collector *collector);
/* What every record's data set says of its character set, and how many items each sequence has. */
bool ts_look_around(ts_value_collector *collector);

#endif
