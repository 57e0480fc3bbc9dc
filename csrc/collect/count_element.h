/* Counting one element: its use, and its value in the rows.
 *
 * For: each record of a file.
 * Never: a value that the decision does not record.
 */
#ifndef TAGSNIFF_COLLECT_COUNT_ELEMENT_H
#define TAGSNIFF_COLLECT_COUNT_ELEMENT_H

#include "collect/values_state.h"

/* Counts a record of the file in its use and rows. */
bool ts_count_element(ts_value_collector *collector, size_t record, int32_t identity);
/* The same for a value of a file that repeats the one before: counts it in its rows, or has it wait. */
bool ts_count_value_again(ts_value_collector *collector, size_t record);

#endif
