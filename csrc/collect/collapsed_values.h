/* The values that one row draws together: how many they are, the smallest and the largest, and whose (design, section
 * 4).
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
#include "base/field.h"
#include "collect/known_series.h"
#include "dicom/vr.h"

enum { TS_DISTINCT_HASHES = 512, TS_END_BYTES = 32 };

/* clang-format off */
#define TS_DISTINCT_HASH_FIELDS(X)                                                                                     \
    X(uint64_t, hash,            , "u8")                                                                               \
    X(uint64_t, patient,         , "u8")
/* clang-format on */

/* A value: its hash, and the word of its patient (ts_patient_word). */
typedef struct ts_distinct_hash {
    TS_DISTINCT_HASH_FIELDS(TS_FIELD_MEMBER)
} ts_distinct_hash;

const ts_field *ts_distinct_hash_fields(uint32_t *count);

/* An end of the range of numbers or dates; empty if there is none. */
typedef struct ts_range_end {
    uint8_t bytes[TS_END_BYTES];
    uint8_t length;
} ts_range_end;

typedef struct ts_collapsed_values {
    ts_distinct_hash *hashes; /* ascending */
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

/* Whether the hash of a value is kept: the value was added before, and only its patient may be another one. */
bool ts_collapsed_values_note(ts_collapsed_values *values, const ts_distinct_hash *value);

/* Adds the hash of a value. `head` (5 bytes) and `payload` are the value, which is stored if it is the only one. False
 * when memory runs out. */
bool ts_collapsed_values_add(ts_collapsed_values *values, const ts_distinct_hash *value, ts_text head, ts_text payload);

/* Adds the hashes of another set; `only` is its only value, or empty. False when memory runs out. */
bool ts_collapsed_values_merge(ts_collapsed_values *values, const ts_distinct_hash *hashes, size_t count,
                               bool is_estimated, ts_text only);

/* Extends the range by an end of a kind (ts_collapse_kind) and VR; a longer one than TS_END_BYTES is left out. The
 * second does the same for sizes. */
void ts_collapsed_values_extend(ts_collapsed_values *values, uint8_t kind, ts_vr vr, ts_text end);
void ts_collapsed_values_resize(ts_collapsed_values *values, uint64_t least_size, uint64_t most_size);

/* The number of different values. */
uint64_t ts_collapsed_values_distinct(const ts_collapsed_values *values);

#endif
