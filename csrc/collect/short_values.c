/* Short values found of late: the functions behind short_values.h.
 *
 * For: a table in which each value has one place, by a hash that need not be a good one.
 * Never: a search; who chose values that share a place has made them a little slower.
 */
#include "collect/short_values.h"

#include <stdlib.h>

void ts_short_values_free(ts_short_values *known) {
    free(known->places);
    known->places = NULL;
}

void ts_short_values_note(ts_short_values *known, const ts_short_value *value, int32_t row) {
    if (known->places == NULL) {
        known->places = calloc((size_t)1 << TS_SHORT_SLOT_BITS, sizeof *known->places);
        if (known->places == NULL) {
            return;
        }
    }
    ts_short_slot *place = &known->places[ts_short_slot_of(value)];
    memcpy(place->words, value->words, sizeof place->words);
    place->kind = value->kind;
    place->row = row;
}
