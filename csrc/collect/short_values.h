/* Short values that were found of late, and their rows: one look in place of two hash tables.
 *
 * For: values with thousands of components, which come again and again in no order, such as Contour Data.
 * Never: a guess, for all of a value is compared; memory that grows; or a row that may have given way to another.
 */
#ifndef TAGSNIFF_COLLECT_SHORT_VALUES_H
#define TAGSNIFF_COLLECT_SHORT_VALUES_H

#include "base/bytes.h"

enum { TS_SHORT_VALUE_BYTES = 16, TS_SHORT_SLOT_BITS = 14 };

/* What decides the row of a value, beside its payload. */
typedef struct ts_short_origin {
    int32_t use;
    int32_t decision;
    int32_t charset;
    uint32_t evictions; /* of the use: when a row of it gives way, none of this holds any more */
    uint16_t flags;
    char form; /* not 0 */
} ts_short_origin;

/* All of it in words, which are written and read as such; those of no value are 0. */
enum { TS_SHORT_WORDS = 4 };

typedef struct ts_short_value {
    uint64_t words[TS_SHORT_WORDS];
    uint32_t kind;
} ts_short_value;

/* Member by member: a ts_short_value in it would leave a gap before the row. */
typedef struct ts_short_slot {
    uint64_t words[TS_SHORT_WORDS];
    uint32_t kind;
    int32_t row;
} ts_short_slot;

typedef struct ts_short_values {
    ts_short_slot *places; /* NULL until the first one is noted */
} ts_short_values;

void ts_short_values_free(ts_short_values *known);

/* The functions that each component of a value goes through stand here, so that nothing of it goes through memory. */

static inline uint64_t ts_short_join(uint32_t low, uint32_t high) { return low | (uint64_t)high << 32; }

/* The payload is not longer than TS_SHORT_VALUE_BYTES. */
static inline ts_short_value ts_short_value_make(const ts_short_origin *origin, const uint8_t *bytes, size_t length) {
    /* The first bytes and the last ones, which may be the same: with the length, that is all of them. */
    uint64_t first = 0;
    uint64_t last = 0;
    if (length >= 8) {
        first = ts_text_word_8(bytes);
        last = ts_text_word_8(&bytes[length - 8]);
    } else if (length >= 4) {
        first = ts_text_word_4(bytes);
        last = ts_text_word_4(&bytes[length - 4]);
    } else if (length > 0) {
        first = bytes[0] | (uint64_t)bytes[length / 2] << 8;
        last = bytes[length - 1];
    }
    const uint32_t kind = (uint32_t)origin->flags | (uint32_t)(uint8_t)origin->form << 16 | (uint32_t)length << 24;
    return (ts_short_value){.words = {first, last, ts_short_join((uint32_t)origin->use, (uint32_t)origin->decision),
                                      ts_short_join((uint32_t)origin->charset, origin->evictions)},
                            .kind = kind};
}

static inline size_t ts_short_slot_of(const ts_short_value *value) {
    const uint64_t mixed =
        (value->words[0] ^ value->words[1] * UINT64_C(0xD6E8FEB86659FD93) ^ value->words[2] << 40 ^ value->kind) *
        UINT64_C(0x9E3779B97F4A7C15);
    return (size_t)(mixed >> (64 - TS_SHORT_SLOT_BITS));
}

/* The row of the value; -1 if it is not known. */
static inline int32_t ts_short_values_find(const ts_short_values *known, const ts_short_value *value) {
    if (known->places == NULL) {
        return -1;
    }
    const ts_short_slot *place = &known->places[ts_short_slot_of(value)];
    const uint64_t *words = place->words;
    return words[0] == value->words[0] && words[1] == value->words[1] && words[2] == value->words[2] &&
                   words[3] == value->words[3] && place->kind == value->kind
               ? place->row
               : -1;
}

/* Notes it in the place of another one; if memory runs out, nothing is known. */
void ts_short_values_note(ts_short_values *known, const ts_short_value *value, int32_t row);

#endif
