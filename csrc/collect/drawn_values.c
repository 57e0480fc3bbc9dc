/* What the rows of form C draw together: the implementation of drawn_values.h.
 *
 * For: as many values as there are such rows.
 * Never: memory of an evicted row that is not used again.
 */
#include "collect/drawn_values.h"

bool ts_begin_drawn(ts_value_collector *collector, int32_t number) {
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

bool ts_release_drawn(ts_value_collector *collector, const ts_row *row) {
    if (!ts_is_drawn_row(row) || row->collapsed < 0) {
        return true;
    }
    if (!ts_buffer_reserve(&collector->free_collapsed, 1)) {
        return false;
    }
    ts_collapsed_values_free(ts_collapsed_at(collector, row->collapsed));
    ((int32_t *)collector->free_collapsed.items)[collector->free_collapsed.count++] = row->collapsed;
    return true;
}
