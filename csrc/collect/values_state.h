/* The state of the collector of values, shared by its source files.
 *
 * For: the source files of the collector; all other files include values.h only.
 * Never: a pointer into a file's values that outlives the file.
 */
#ifndef TAGSNIFF_COLLECT_VALUES_STATE_H
#define TAGSNIFF_COLLECT_VALUES_STATE_H

#include "collect/bottom_k.h"
#include "collect/charset_scope.h"
#include "collect/collapsed_rows.h"
#include "collect/occurrences.h"
#include "collect/value_cache.h"
#include "collect/values.h"

#define TS_NOT_ASKED (-1)

enum { TS_FIRST_ROWS = 4 };

/* Numbers of character sets that every collector has, after TS_NO_CHARSET: of text found in bytes in UTF-8, and with
 * escape sequences where (0008,0005) is absent. */
enum { TS_CHARSET_OF_UTF_8 = 1, TS_CHARSET_OF_ESCAPES = 2 };

/* The first TS_FIRST_ROWS rows of a value, -1 for unused. A row may have been evicted since and reused for another
 * value. */
typedef struct ts_first_rows {
    int32_t rows[TS_FIRST_ROWS];
} ts_first_rows;

/* The file in which a use or row was last counted, and the series (with their patients) in which it was counted. */
typedef struct ts_count_state {
    uint64_t last_file;
    ts_series_set series;
} ts_count_state;

typedef struct ts_use_state {
    ts_count_state count;
    ts_bottom_k values;
    ts_use_cache cache;
    uint32_t evictions;      /* number of evicted rows of the use; a change invalidates older cache entries */
    int32_t last_block_path; /* block path of last_decision */
    int32_t last_decision;   /* index in `decisions`; TS_NOT_ASKED at first */
    int32_t last_code_row;   /* the row of a code that was found last; -1 at first */
    int32_t last_drawn_row;  /* the row of form C that was found last; -1 at first. It may have been evicted since */
    uint32_t members;        /* number of records of the use in the file that a run repeats */
} ts_use_state;

/* Where a record of the previous file was counted, and whether the count of its value is deferred; see
 * repeated_files.c. */
typedef struct ts_counted_record {
    uint64_t since;   /* if is_waiting: number of repeated files before the first whose count is deferred */
    int32_t use;      /* -1 for an item */
    int32_t code_row; /* the row, if it is that of a code for every value; -1 if it depends on the value */
    bool is_first_of_use;
    bool is_first_of_row;
    bool is_alone;         /* no other record of the file has this use, nor therefore its rows */
    bool is_waiting;       /* the count is deferred: the rows are those of the cache entry */
    uint8_t cached_number; /* index of that entry */
} ts_counted_record;

/* A decision of the profile and the query it answers. */
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
    ts_buffer first_rows;       /* ts_first_rows of each value; row_index has all other rows */
    ts_buffer collapsed;        /* ts_collapsed_values: see `collapsed` of ts_row; unused ones have no hash */
    ts_buffer free_collapsed;   /* int32_t: the unused ones */
    ts_collapsed_tables listed; /* see ts_value_collector_list_collapsed */
    ts_buffer varying;          /* ts_varying_values: see ts_value_collector_find_varying */
    ts_buffer decisions;        /* ts_answer */
    ts_buffer block_paths;      /* ts_block_path */
    ts_buffer free_rows;        /* int32_t: rows that were evicted and not yet reused; their use is -1 */
    ts_buffer runs;             /* ts_series_run: see ts_value_collector_list_series */
    ts_buffer use_of_identity;  /* int32_t: the last use of each identity; -1 if none */
    ts_buffer occurrences;      /* ts_occurrence */
    ts_buffer occurrence_items; /* int32_t */
    int32_t listed_decision;    /* -1: no occurrences are listed */
    ts_index equipment_index, use_index, row_index, decision_index, block_path_index;
    ts_pool texts, values, charsets, paths;
    ts_buffer charset_kinds; /* ts_charset_kind, one for each character set */

    /* The file that is being added. */
    const ts_parser *parser;
    const ts_element *elements;
    size_t element_count;
    ts_text path;
    int32_t path_number; /* -1 until the path is an example */
    bool is_path_last;   /* no existing example sorts after the path */
    ts_buffer last_path; /* uint8_t: the path that sorts last of all files added and examples merged */
    uint64_t file;
    uint32_t series;  /* its row in known_series.h */
    uint64_t patient; /* the word of its patient */
    int32_t file_equipment;
    ts_charset_map charset_map;     /* with numbers of `charsets` */
    ts_buffer items_of_record;      /* int32_t: number of items of a sequence; index of an item in its sequence */
    ts_buffer block_path_of_record; /* int32_t */
    ts_text_finder finder;
    ts_buffer swapped, key; /* uint8_t */
    ts_collapse_key drawn;
    ts_buffer counted; /* int32_t: rows that the current element was counted in */

    /* The previous file, for files that repeat it; see repeated_files.c. */
    ts_buffer counted_records; /* ts_counted_record */
    ts_buffer counted_each;    /* int32_t: records with values that are counted in each repeated file */
    bool has_plan;
    uint64_t repeats;    /* number of files whose counts of uses and codes are deferred */
    size_t recent_bytes; /* memory of the caches of all uses */
    uint64_t evicted;    /* number of rows evicted so far */
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

/* Returns the number of a text in `texts`, new or known; -1 when memory runs out. */
static inline int32_t ts_intern_text(ts_value_collector *collector, const uint8_t *bytes, uint32_t length) {
    const uint32_t number = ts_pool_intern(&collector->texts, bytes, length);
    return number > INT32_MAX ? -1 : (int32_t)number;
}

static inline ts_collapsed_values *ts_collapsed_at(ts_value_collector *collector, int32_t number) {
    return &((ts_collapsed_values *)collector->collapsed.items)[number];
}

static inline uint64_t ts_hash_pair(int32_t high, int32_t low) {
    return ts_mix((uint64_t)(uint32_t)high << 32 | (uint32_t)low);
}

/* Counts an occurrence; if it is the first of the current file (*is_new_file), also the file, and adds its series.
 * False when memory runs out. */
static inline bool ts_count(const ts_value_collector *collector, ts_count_state *state, uint64_t *occurrences,
                            uint64_t *files, bool *is_new_file) {
    (*occurrences)++;
    *is_new_file = state->last_file != collector->file;
    if (!*is_new_file) {
        return true;
    }
    state->last_file = collector->file;
    (*files)++;
    return ts_series_set_add(&state->series, collector->series);
}

#endif
