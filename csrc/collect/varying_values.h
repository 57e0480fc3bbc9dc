/* Values that could identify, but vary within the series that has them: numbers of objects and of acquisitions, times
 * in numbers, UIDs with a date (design, section 4).
 *
 * For: values with the flag TS_VALUE_MAY_VARY, which have a row each; a report draws those that vary together.
 * Never: a number that several series share or most files of a series, such as that of a patient; or one that stands
 *        alone, such as one that was put into a single file.
 *
 * X(type, name, dimension, numpy format) as in element.h
 *   files, series, patients, occurrences  of the values that are drawn together; patients is -1 if they are not known
 *   distinct      number of these values
 *   is_estimated  1: `files` is an upper bound, because a file may have several of them
 */
#ifndef TAGSNIFF_COLLECT_VARYING_VALUES_H
#define TAGSNIFF_COLLECT_VARYING_VALUES_H

#include "base/field.h"
#include "collect/values.h"

/* clang-format off */
#define TS_VARYING_VALUES_FIELDS(X)                                                                                    \
    X(uint64_t, occurrences,     , "u8")                                                                               \
    X(uint64_t, files,           , "u8")                                                                               \
    X(uint32_t, series,          , "u4")                                                                               \
    X(int32_t,  patients,        , "i4")                                                                               \
    X(uint64_t, distinct,        , "u8")                                                                               \
    X(uint8_t,  is_estimated,    , "u1")
/* clang-format on */

typedef struct ts_varying_values {
    TS_VARYING_VALUES_FIELDS(TS_FIELD_MEMBER)
} ts_varying_values;

const ts_field *ts_varying_values_fields(uint32_t *count);

/* Finds the values that vary, and sets `collapsed` of their rows to an index in the returned table (ts_varying_values),
 * -1 in other rows of values. A value varies if it is in one series of one patient
 * only, which is known (ts_is_series_known) and has at least two other such values of the same element use and
 * decision, and if it is in at most half of the files of this series. UIDs are drawn together by their roots. The table
 * is borrowed until the next call; NULL when memory runs out. */
const ts_buffer *ts_value_collector_find_varying(ts_value_collector *collector);

#endif
