/* The rows of values in the order of tables, with the numbers that their uses, values, decisions and paths have
 * there.
 *
 * For: scans whose tables are put in order; there may be millions of rows.
 * Never: a number that leads out of a table, or a count that changes.
 */
#ifndef TAGSNIFF_REPORT_ROW_ORDER_H
#define TAGSNIFF_REPORT_ROW_ORDER_H

#include "collect/values.h"

/* The new number of each old one of a table; those that nothing refers to have any. */
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
    TS_ROWS_BAD_INDEX /* a number of a row is none of its table */
} ts_row_order;

/* Writes the rows that have a use (`ordered` has room for all) by new use, value, decision and flags, which tell
 * all rows of a collector apart; a row without a value goes before those with one. `new_rows` gets the new number of
 * each row, -1 for one without a use; `ordered_count` is how many have one. */
ts_row_order ts_rows_sort(const ts_row *rows, size_t count, const ts_row_moves *moves, ts_row *ordered,
                          int32_t *new_rows, size_t *ordered_count);

#endif
