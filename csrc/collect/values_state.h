/* The value collector's own state, shared by the files that make it.
 *
 * For: value_rows.c, element_uses.c, file_context.c and values.c; everybody else sees values.h.
 * Never: a pointer into a file's values that outlives the file.
 */
#ifndef TAGSNIFF_COLLECT_VALUES_STATE_H
#define TAGSNIFF_COLLECT_VALUES_STATE_H

#include "collect/bottom_k.h"
#include "collect/charset_scope.h"
#include "collect/occurrences.h"
#include "collect/value_cache.h"
#include "collect/values.h"

#define TS_NOT_ASKED (-1)

enum { TS_FIRST_ROWS = 4 };

/* The rows that had a value first, -1 behind them. One of them may have given way since, and may be of another value.
 */
typedef struct ts_first_rows {
    int32_t rows[TS_FIRST_ROWS];
} ts_first_rows;

/* When a use or row was counted last, and in which series it was. */
typedef struct ts_count_state {
    uint64_t last_file;
    ts_series_set series;
} ts_count_state;

typedef struct ts_use_state {
    ts_count_state count;
    ts_bottom_k values;
    ts_use_cache cache;
    uint32_t evictions;      /* how often rows of the use gave way: what is remembered of them then is void */
    int32_t last_block_path; /* the answer of the last question is at hand */
    int32_t last_decision;   /* TS_NOT_ASKED at first */
    int32_t last_code_row;   /* -1 at first */
    uint32_t members;        /* records of the file that was planned for */
} ts_use_state;

/* Where a record of the file before was counted, and since when its value waits to be; see repeated_files.c. */
typedef struct ts_counted_record {
    uint64_t since;   /* is_waiting: how many of the files that repeat each other came before the value */
    int32_t use;      /* -1: an item */
    int32_t code_row; /* the row of a code that decides whatever the value is; -1 if the value has a part in it */
    bool is_first_of_use;
    bool is_first_of_row;
    bool is_alone;         /* no other record of the file is of its use, and so of its rows */
    bool is_waiting;       /* its value is that of the cache's entry, whose rows are counted later */
    uint8_t cached_number; /* of that entry */
} ts_counted_record;

/* What the profile said, and of what. */
typedef struct ts_answer {
    int32_t use;
    int32_t block_path;
    ts_decision decision;
} ts_answer;

struct ts_value_collector {
    ts_collector *identities;
    ts_decide decide;
    void *context;
    uint32_t max_values;

    ts_buffer equipment;        /* ts_equipment */
    ts_buffer uses;             /* ts_element_use */
    ts_buffer use_states;       /* ts_use_state */
    ts_buffer rows;             /* ts_row */
    ts_buffer row_states;       /* ts_count_state */
    ts_buffer first_rows;       /* ts_first_rows, of each value; the index has all other rows */
    ts_buffer decisions;        /* ts_answer */
    ts_buffer block_paths;      /* ts_block_path */
    ts_buffer free_rows;        /* int32_t: rows that gave way, and whose places were not taken yet; their use is -1 */
    ts_buffer runs;             /* ts_series_run: made for ts_value_collector_tables */
    ts_buffer use_of_identity;  /* int32_t: the use that the identity had last; -1 if none */
    ts_buffer occurrences;      /* ts_occurrence */
    ts_buffer occurrence_items; /* int32_t */
    int32_t listed_decision;    /* -1: no occurrences are listed */
    ts_index equipment_index, use_index, row_index, decision_index, block_path_index;
    ts_pool texts, values, charsets, paths;
    ts_buffer charset_kinds; /* ts_charset_kind, one for each character set */

    /* Of the file that is being added. */
    const ts_parser *parser;
    const ts_element *elements;
    size_t element_count;
    ts_text path;
    int32_t path_number; /* -1 until it is an example */
    bool is_path_last;   /* no example sorts behind it */
    ts_buffer last_path; /* uint8_t: of the files so far the one that sorts last */
    uint64_t file;
    uint32_t series;
    int32_t file_equipment;
    ts_charset_map charset_map;     /* of the numbers of `charsets` */
    ts_buffer items_of_record;      /* int32_t: of a sequence how many, of an item which one of its sequence */
    ts_buffer block_path_of_record; /* int32_t */
    ts_runs text_runs;
    ts_buffer swapped, key; /* uint8_t */
    ts_buffer counted;      /* int32_t: rows that the element at hand was counted in */

    /* Of the file before, for those that repeat it; see repeated_files.c. */
    ts_buffer counted_records; /* ts_counted_record */
    ts_buffer counted_each;    /* int32_t: the records whose values do not wait, in files that repeat each other */
    bool has_plan;
    uint64_t repeats;    /* files that are not in the uses, and in the rows of codes, yet */
    size_t recent_bytes; /* memory of what is remembered of all uses */
    uint64_t evicted;    /* rows that gave way so far */
    ts_component_cache component_cache;
};

static inline ts_element_use *ts_use_at(ts_value_collector *collector, int32_t number) {
    return &((ts_element_use *)collector->uses.items)[number];
}

static inline ts_use_state *ts_use_state_at(ts_value_collector *collector, int32_t number) {
    return &((ts_use_state *)collector->use_states.items)[number];
}

static inline ts_row *ts_row_at(ts_value_collector *collector, int32_t number) {
    return &((ts_row *)collector->rows.items)[number];
}

static inline ts_count_state *ts_row_state_at(ts_value_collector *collector, int32_t number) {
    return &((ts_count_state *)collector->row_states.items)[number];
}

/* Number of a text of `texts`, new or known; -1 when memory runs out. */
static inline int32_t ts_intern_text(ts_value_collector *collector, const uint8_t *bytes, uint32_t length) {
    const uint32_t number = ts_pool_intern(&collector->texts, bytes, length);
    return number > INT32_MAX ? -1 : (int32_t)number;
}

static inline uint64_t ts_hash_pair(int32_t high, int32_t low) {
    return ts_mix((uint64_t)(uint32_t)high << 32 | (uint32_t)low);
}

/* Counts an occurrence, and file and series if they are new; false when memory runs out. */
static inline bool ts_count(const ts_value_collector *collector, ts_count_state *state, uint64_t *occurrences,
                            uint64_t *files, uint64_t *series, bool *is_new_file) {
    (*occurrences)++;
    *is_new_file = state->last_file != collector->file;
    if (!*is_new_file) {
        return true;
    }
    state->last_file = collector->file;
    (*files)++;
    return ts_series_set_add(&state->series, collector->series, series);
}

#endif
