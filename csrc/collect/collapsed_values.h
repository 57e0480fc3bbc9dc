/* The values that one row draws together: how many they are, the smallest and the largest (design, section 4).
 *
 * For: rows of form C.
 * Never: a result that depends on the order of the values, or of merges; memory that grows with their number.
 *
 * Up to TS_DISTINCT_HASHES different values are counted exactly. Beyond them the smallest hashes are kept, from which
 * the number is estimated (k-th minimum value, with a relative error of about 1 / sqrt(k), 4 in 100). The key of the
 * hashes is constant, so that every run and machine keeps the same ones.
 */
#ifndef TAGSNIFF_COLLECT_COLLAPSED_VALUES_H
#define TAGSNIFF_COLLECT_COLLAPSED_VALUES_H

#include "base/bytes.h"
#include "dicom/vr.h"

enum { TS_DISTINCT_HASHES = 512, TS_END_BYTES = 32 };

/* An end of the range of numbers or dates; empty if there is none. */
typedef struct ts_range_end {
    uint8_t bytes[TS_END_BYTES];
    uint8_t length;
} ts_range_end;

typedef struct ts_collapsed_values {
    uint64_t *hashes; /* ascending */
    uint32_t count;
    uint32_t room;
    bool is_estimated; /* there were more than TS_DISTINCT_HASHES */
    bool has_size;
    ts_range_end smallest, largest;
    uint64_t least_size, most_size; /* of one value: numbers in it, bytes or items; see collapsed_rows.c */
    uint8_t *only;                  /* the value, with its head, while there is one; otherwise NULL */
    uint32_t only_length;
} ts_collapsed_values;

void ts_collapsed_values_free(ts_collapsed_values *values);

/* Whether a hash is kept: the value was added before, and changes nothing. */
bool ts_collapsed_values_has(const ts_collapsed_values *values, uint64_t hash);

/* Adds a hash. `head` (5 bytes) and `payload` are the value, which is stored if it is the only one. False when memory
 * runs out. */
bool ts_collapsed_values_add(ts_collapsed_values *values, uint64_t hash, ts_text head, ts_text payload);

/* Adds the hashes of another set; `only` is its only value, or empty. False when memory runs out. */
bool ts_collapsed_values_merge(ts_collapsed_values *values, const uint64_t *hashes, size_t count, bool is_estimated,
                               ts_text only);

/* Extends the range by an end of a kind (ts_collapse_kind) and VR; a longer one than TS_END_BYTES is left out. The
 * second does the same for sizes. */
void ts_collapsed_values_extend(ts_collapsed_values *values, uint8_t kind, ts_vr vr, ts_text end);
void ts_collapsed_values_resize(ts_collapsed_values *values, uint64_t least_size, uint64_t most_size);

/* The number of different values. */
uint64_t ts_collapsed_values_distinct(const ts_collapsed_values *values);

#endif
