/* The occurrences of the requested elements: the implementation of occurrences.h.
 *
 * For: the collector of values, which passes each element with the listed decision and the rows that it was counted in.
 * Never: access to the value; its row identifies it.
 * Terms: PS3.5 2026b, 7.5.
 */
#include "collect/occurrences.h"
#include "collect/value_rows.h"
#include "collect/values_state.h"

TS_DEFINE_FIELDS(ts_occurrence_fields, ts_occurrence, TS_OCCURRENCE_FIELDS)

/* Appends the index, in its sequence, of each item that contains the record, outermost first. */
static bool list_items(ts_value_collector *collector, const ts_element *element) {
    ts_buffer *listed = &collector->occurrence_items;
    if (!ts_buffer_reserve(listed, element->depth)) {
        return false;
    }
    const int32_t *place_of = collector->items_of_record.items;
    int32_t *places = listed->items;
    int32_t item = element->parent;
    for (size_t left = element->depth; left > 0; left--) {
        places[listed->count + left - 1] = place_of[item];
        item = collector->elements[collector->elements[item].parent].parent;
    }
    listed->count += element->depth;
    return true;
}

bool ts_list_occurrences(ts_value_collector *collector, size_t record, const int32_t *rows, size_t row_count) {
    const ts_element *element = &collector->elements[record];
    const uint64_t first_item = collector->occurrence_items.count;
    if (!ts_number_path(collector) || !ts_buffer_reserve(&collector->occurrences, row_count) ||
        !list_items(collector, element)) {
        return false;
    }
    ts_occurrence *listed = collector->occurrences.items;
    for (size_t i = 0; i < row_count; i++) {
        listed[collector->occurrences.count++] =
            (ts_occurrence){.offset = element->value_offset - element->header_bytes,
                            .first_item = first_item,
                            .path = collector->path_number,
                            .row = rows[i],
                            .depth = element->depth};
    }
    return true;
}

void ts_value_collector_list_decision(ts_value_collector *collector, int32_t decision) {
    collector->listed_decision = decision;
}

ts_occurrences ts_value_collector_occurrences(const ts_value_collector *collector) {
    return (ts_occurrences){.occurrences = collector->occurrences.items,
                            .count = collector->occurrences.count,
                            .items = collector->occurrence_items.items,
                            .item_count = collector->occurrence_items.count};
}

void ts_value_collector_forget_occurrences(ts_value_collector *collector) {
    collector->occurrences.count = 0;
    collector->occurrence_items.count = 0;
}
