/* What the rows of form C draw together: one ts_collapsed_values for each such row, in places that are used again.
 *
 * For: the rows, which get values when they are made and lose them when they are evicted.
 * Never: a look-up of a row.
 */
#ifndef TAGSNIFF_COLLECT_DRAWN_VALUES_H
#define TAGSNIFF_COLLECT_DRAWN_VALUES_H

#include "collect/values_state.h"

/* Whether the row is of form C. */
static inline bool ts_is_drawn_row(const ts_row *row) {
    return row->use >= 0 && (row->flags & TS_VALUE_COLLAPSED) != 0;
}

/* The hash of a value that is drawn together with others: of its form and payload. The key is constant. */
static inline uint64_t ts_hash_drawn(char form, ts_text payload) {
    return ts_mix(ts_hash_bytes(TS_CHOOSING_KEY, payload.bytes, payload.length) ^ (uint8_t)form);
}

/* Gives a row of form C its values, if it has none yet; there are none in them. False when memory runs out. */
bool ts_begin_drawn(ts_value_collector *collector, int32_t number);
/* Frees what the row draws together, before the row is evicted. False when memory runs out. */
bool ts_release_drawn(ts_value_collector *collector, const ts_row *row);

#endif
