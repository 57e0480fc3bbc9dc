/* The rows of a value report: one for each value of an element use.
 *
 * For: counting a value or a code; the bound on distinct values.
 * Never: a value of a code that records none.
 * All functions but those that return numbers return false when memory runs out.
 */
#ifndef TAGSNIFF_COLLECT_VALUE_ROWS_H
#define TAGSNIFF_COLLECT_VALUE_ROWS_H

#include "collect/values_state.h"

/* A value, or a code without one. */
typedef struct ts_row_key {
    int32_t use;
    int32_t decision;
    int32_t charset; /* of the payload */
    uint16_t flags;
    char form;       /* of ts_value_part; 0 for a code */
    bool is_bounded; /* the use keeps those with the smallest hashes only */
    ts_text payload;
} ts_row_key;

enum { TS_ROW_REFUSED = -1, TS_ROW_NO_MEMORY = -2 };

/* The row of the key, new or known, or TS_ROW_REFUSED if the use is full of values with smaller hashes. */
int32_t ts_find_row(ts_value_collector *collector, const ts_row_key *key);
/* The row of a code; TS_ROW_REFUSED if there is none. */
int32_t ts_known_row(const ts_value_collector *collector, const ts_row_key *code);
/* The path of the file gets a number, if it has none yet. */
bool ts_number_path(ts_value_collector *collector);
/* The path becomes the row's example if it sorts first. */
bool ts_note_example(ts_value_collector *collector, ts_row *row);
/* One more occurrence in a row that is there. */
static inline bool ts_count_row(ts_value_collector *collector, int32_t number) {
    ts_row *row = ts_row_at(collector, number);
    bool is_new_file;
    return ts_count(collector, ts_row_state_at(collector, number), &row->occurrences, &row->files, &row->series,
                    &is_new_file) &&
           (!is_new_file || ts_note_example(collector, row));
}
/* Puts the values of a use in the order of their hashes, as a bound that was hit needs them. */
void ts_order_values(ts_value_collector *collector, int32_t use);
/* Counts a row that ts_find_row has found, and notes it in `counted`; nothing for one that it refused. */
bool ts_count_found(ts_value_collector *collector, int32_t number);
/* Finds the row and counts it. */
bool ts_count_value(ts_value_collector *collector, const ts_row_key *key);

#endif
