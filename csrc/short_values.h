/* Short values that were found of late, and their rows: one look in place of two hash tables.
 *
 * For: values with thousands of components, which come again and again in no order, such as Contour Data.
 * Never: a guess, for all of a value is compared; memory that grows; or a row that may have given way to another.
 */
#ifndef TAGSNIFF_SHORT_VALUES_H
#define TAGSNIFF_SHORT_VALUES_H

#include "text.h"

enum { TS_SHORT_VALUE_BYTES = 16 };

/* What decides the row of a value, beside its payload. */
typedef struct ts_short_origin {
    int32_t group;
    int32_t decision;
    int32_t charset;
    uint32_t displacements; /* of the group: when a row of it gives way, none of this holds any more */
    uint16_t flags;
    char form; /* not 0 */
} ts_short_origin;

/* All of it in words, which are written and read as such; those of no value are 0. */
enum { TS_SHORT_WORDS = 5 };

typedef struct ts_short_value {
    uint64_t words[TS_SHORT_WORDS];
} ts_short_value;

typedef struct ts_short_place {
    ts_short_value value;
    int32_t row;
} ts_short_place;

typedef struct ts_short_values {
    ts_short_place *places; /* NULL until the first one is noted */
} ts_short_values;

void ts_short_values_free(ts_short_values *known);

/* The payload is not longer than TS_SHORT_VALUE_BYTES. */
ts_short_value ts_short_value_make(const ts_short_origin *origin, ts_text payload);

/* The row of the value; -1 if it is not known. */
int32_t ts_short_values_find(const ts_short_values *known, const ts_short_value *value);

/* Notes it in the place of another one; if memory runs out, nothing is known. */
void ts_short_values_note(ts_short_values *known, const ts_short_value *value, int32_t row);

#endif
