/* Counting one element: its use, and the rows of its value.
 *
 * For: each record of a file that is not an item.
 * Never: a value that the decision does not record.
 */
#ifndef TAGSNIFF_COLLECT_COUNT_ELEMENT_H
#define TAGSNIFF_COLLECT_COUNT_ELEMENT_H

#include "collect/values_state.h"

/* Counts a record of the file in its use and rows. False when memory runs out or the profile does not answer. */
bool ts_count_element(ts_value_collector *collector, size_t record, int32_t identity);
/* Counts the value of a record in a file that repeats the previous file: in its rows, or deferred (is_waiting). The use
 * is not counted. False as above. */
bool ts_count_value_again(ts_value_collector *collector, size_t record);

#endif
