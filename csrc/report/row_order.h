/* Sorts the rows of values, after the tables that they refer to were sorted and have new indexes.
 *
 * For: scans whose tables are sorted; there may be millions of rows.
 * Never: an index that is out of range, or a count that changes.
 */
#ifndef TAGSNIFF_REPORT_ROW_ORDER_H
#define TAGSNIFF_REPORT_ROW_ORDER_H

#include "collect/values.h"

/* The new index for each old index of a table; any number for entries that nothing refers to. Borrowed. */
typedef struct ts_new_numbers {
    const int32_t *numbers;
    size_t count;
} ts_new_numbers;

typedef struct ts_row_moves {
    ts_new_numbers uses, values, decisions, paths;
} ts_row_moves;

typedef enum ts_row_order {
    TS_ROWS_ORDERED,
    TS_ROWS_NO_MEMORY,
    TS_ROWS_BAD_INDEX /* an index in a row is out of range */
} ts_row_order;

/* Writes the rows that have an element use to `ordered`, which has room for all rows. They have their new indexes and
 * are sorted by element use, value, decision and flags, which together identify a row of a collector; a row without a
 * value goes before rows with one. new_rows[i] becomes the new index of row i, -1 if it has no element use;
 * *ordered_count becomes the number of rows written. What is written is only valid with TS_ROWS_ORDERED. */
ts_row_order ts_rows_sort(const ts_row *rows, size_t count, const ts_row_moves *moves, ts_row *ordered,
                          int32_t *new_rows, size_t *ordered_count);

#endif
