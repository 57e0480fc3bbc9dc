/* What rows of form C draw together, by row (collapsed_values.h).
 *
 * For: rows that are made, and rows that are evicted.
 * Never: a row whose values are those of another one.
 */
#ifndef TAGSNIFF_COLLECT_COLLAPSED_STORE_H
#define TAGSNIFF_COLLECT_COLLAPSED_STORE_H

#include "collect/values.h"

/* Gives a row of form C its values, if it has none yet; there are none in it then. False when memory runs out. */
bool ts_begin_collapsed(ts_value_collector *collector, int32_t number);

/* Frees what the row draws together, before the row is evicted; does nothing for other rows. False when memory runs
 * out. */
bool ts_release_collapsed(ts_value_collector *collector, const ts_row *row);

#endif
