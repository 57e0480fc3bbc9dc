/* Short values found of late: the functions behind short_values.h.
 *
 * For: a table in which each value has one place, by a hash that need not be a good one.
 * Never: a search; who chose values that share a place has made them a little slower.
 */
#include "short_values.h"

#include <stdlib.h>
#include <string.h>

enum { PLACE_BITS = 12 };

void ts_short_values_free(ts_short_values *known) {
    free(known->places);
    known->places = NULL;
}

static uint64_t load_8(const uint8_t *bytes) {
    uint64_t word;
    memcpy(&word, bytes, sizeof word);
    return word;
}

static uint64_t load_4(const uint8_t *bytes) {
    uint32_t word;
    memcpy(&word, bytes, sizeof word);
    return word;
}

static uint64_t join(uint32_t low, uint32_t high) { return low | (uint64_t)high << 32; }

ts_short_value ts_short_value_make(const ts_short_origin *origin, ts_text payload) {
    const uint8_t *bytes = payload.bytes;
    const size_t length = payload.length;
    /* The first bytes and the last ones, which may be the same: with the length, that is all of them. */
    uint64_t first = 0;
    uint64_t last = 0;
    if (length >= 8) {
        first = load_8(bytes);
        last = load_8(&bytes[length - 8]);
    } else if (length >= 4) {
        first = load_4(bytes);
        last = load_4(&bytes[length - 4]);
    } else if (length > 0) {
        first = bytes[0] | (uint64_t)bytes[length / 2] << 8;
        last = bytes[length - 1];
    }
    const uint32_t kind = (uint32_t)origin->flags | (uint32_t)(uint8_t)origin->form << 16 | (uint32_t)length << 24;
    return (ts_short_value){.words = {first, last, join((uint32_t)origin->group, (uint32_t)origin->decision),
                                      join((uint32_t)origin->charset, origin->displacements), kind}};
}

static size_t find_place(const ts_short_value *value) {
    const uint64_t mixed =
        (value->words[0] ^ value->words[1] * UINT64_C(0xD6E8FEB86659FD93) ^ value->words[2] << 40 ^ value->words[4]) *
        UINT64_C(0x9E3779B97F4A7C15);
    return (size_t)(mixed >> (64 - PLACE_BITS));
}

int32_t ts_short_values_find(const ts_short_values *known, const ts_short_value *value) {
    if (known->places == NULL) {
        return -1;
    }
    const ts_short_place *place = &known->places[find_place(value)];
    for (size_t i = 0; i < TS_SHORT_WORDS; i++) {
        if (place->value.words[i] != value->words[i]) {
            return -1;
        }
    }
    return place->row;
}

void ts_short_values_note(ts_short_values *known, const ts_short_value *value, int32_t row) {
    if (known->places == NULL) {
        known->places = calloc((size_t)1 << PLACE_BITS, sizeof *known->places);
        if (known->places == NULL) {
            return;
        }
    }
    known->places[find_place(value)] = (ts_short_place){.value = *value, .row = row};
}
