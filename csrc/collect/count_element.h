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
/* Counts the value of a record in its rows: that of a file that repeats the one before. */
bool ts_count_value_again(ts_value_collector *collector, ts_planned_record *planned);
/* Brings the files that wait with a value into its rows; there are some. */
void ts_settle_repeats(ts_value_collector *collector, ts_recent *recent);
/* The same, if there are any. */
static inline void ts_settle_recent(ts_value_collector *collector, ts_recent *recent) {
    if (recent->repeats > 0) {
        ts_settle_repeats(collector, recent);
    }
}

#endif
