/* What rows of form C draw together, by row: the implementation of collapsed_store.h.
 *
 * For: entries that are used again.
 * Never: an entry of two rows.
 */
#include "collect/collapsed_store.h"

#include "collect/values_state.h"

bool ts_begin_collapsed(ts_value_collector *collector, int32_t number) {
    ts_row *row = ts_row_at(collector, number);
    if (row->collapsed >= 0) {
        return true;
    }
    if (collector->free_collapsed.count > 0) {
        row->collapsed = ((const int32_t *)collector->free_collapsed.items)[--collector->free_collapsed.count];
        return true;
    }
    if (collector->collapsed.count >= INT32_MAX || !ts_buffer_reserve(&collector->collapsed, 1)) {
        return false;
    }
    row->collapsed = (int32_t)collector->collapsed.count++;
    *ts_collapsed_at(collector, row->collapsed) = (ts_collapsed_values){.hashes = NULL};
    return true;
}

bool ts_release_collapsed(ts_value_collector *collector, const ts_row *row) {
    if (row->use < 0 || (row->flags & TS_VALUE_COLLAPSED) == 0 || row->collapsed < 0) {
        return true;
    }
    if (!ts_buffer_reserve(&collector->free_collapsed, 1)) {
        return false;
    }
    ts_collapsed_values_free(ts_collapsed_at(collector, row->collapsed));
    ((int32_t *)collector->free_collapsed.items)[collector->free_collapsed.count++] = row->collapsed;
    return true;
}
