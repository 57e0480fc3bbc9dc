/* The rows of a value report: one for each value of an element use.
 *
 * For: counting a value or a code; the bound on distinct values.
 * Never: a decision whether a value is recorded. count_element.c makes it.
 * Functions that return bool return false when memory runs out.
 */
#ifndef TAGSNIFF_COLLECT_VALUE_ROWS_H
#define TAGSNIFF_COLLECT_VALUE_ROWS_H

#include "collect/values_state.h"

/* The key of a row: a value, or a code without a value. */
typedef struct ts_row_key {
    int32_t use;
    int32_t decision;
    int32_t charset; /* of the payload */
    uint16_t flags;
    char form;       /* of ts_value_part; 0 for a code */
    bool is_bounded; /* the bound on distinct values applies: a full use keeps the smallest hashes */
    ts_text payload;
} ts_row_key;

enum { TS_ROW_REFUSED = -1, TS_ROW_NO_MEMORY = -2 };

/* Returns the row of the key, new or known; TS_ROW_REFUSED if the use is full of values with smaller hashes,
 * TS_ROW_NO_MEMORY when memory runs out. */
int32_t ts_find_row(ts_value_collector *collector, const ts_row_key *key);
/* Returns the row of a code; TS_ROW_REFUSED if there is none. */
int32_t ts_known_row(const ts_value_collector *collector, const ts_row_key *code);
/* Sets path_number of the file if it is not set yet. */
bool ts_number_path(ts_value_collector *collector);
/* Makes the file's path the row's example if the row has none or a path that sorts after it. */
bool ts_note_example(ts_value_collector *collector, ts_row *row);
/* Counts one occurrence in an existing row. */
static inline bool ts_count_row(ts_value_collector *collector, int32_t number) {
    ts_row *row = ts_row_at(collector, number);
    bool is_new_file;
    return ts_count(collector, ts_row_state_at(collector, number), &row->occurrences, &row->files, &is_new_file) &&
           (!is_new_file || ts_note_example(collector, row));
}
/* Makes the heap of a use's values, which a reached bound needs; see ts_bottom_k_sort. */
void ts_order_values(ts_value_collector *collector, int32_t use);
/* Counts an occurrence in a row returned by ts_find_row, and appends the row to `counted`. Does nothing for
 * TS_ROW_REFUSED; false for TS_ROW_NO_MEMORY. */
bool ts_count_found(ts_value_collector *collector, int32_t number);
/* Finds the row and counts an occurrence in it. */
bool ts_count_value(ts_value_collector *collector, const ts_row_key *key);

#endif
