/* Where the elements stand that somebody looks for: in which file, in which items, at which byte.
 *
 * For: the way back from a row of a value report to the files.
 * Never: a second look at values. What is listed are the rows that the collector counts an element in, one after the
 *        other, so that their numbers are those of the report.
 *
 * X(type, name, dimension, numpy format) as in element.h
 *   offset      of the element's tag, in bytes from the start of the file; see value_offset in element.h
 *   first_item  where, in the list of items, those around the element begin, the outermost first
 *   path        number of the file's path
 *   row         number of the row: a value, a printable run inside the element's bytes, or a code
 *   depth       how many items there are around the element
 */
#ifndef TAGSNIFF_COLLECT_OCCURRENCES_H
#define TAGSNIFF_COLLECT_OCCURRENCES_H

#include "collect/values.h"

/* clang-format off */
#define TS_OCCURRENCE_FIELDS(X)                                                                                        \
    X(uint64_t, offset,          , "u8")                                                                               \
    X(uint64_t, first_item,      , "u8")                                                                               \
    X(int32_t,  path,            , "i4")                                                                               \
    X(int32_t,  row,             , "i4")                                                                               \
    X(uint16_t, depth,           , "u2")
/* clang-format on */

typedef struct ts_occurrence {
    TS_OCCURRENCE_FIELDS(TS_FIELD_MEMBER)
} ts_occurrence;

const ts_field *ts_occurrence_fields(uint32_t *count);

/* From now on the occurrences of elements whose decision has this number are listed; of none at first, and with -1.
 * Of use without a bound on distinct values only: the row of a value that gave way may become that of another. */
void ts_value_collector_list_decision(ts_value_collector *collector, int32_t decision);

/* What was listed and not forgotten, borrowed: valid until a file is added. In the order of the files and of their
 * elements; an element has an occurrence for each of its rows, one behind the other, in the order of its value. */
typedef struct ts_occurrences {
    const ts_occurrence *occurrences;
    size_t count;
    const int32_t *items; /* which item of its sequence each one is, from 0 */
    size_t item_count;
} ts_occurrences;

ts_occurrences ts_value_collector_occurrences(const ts_value_collector *collector);
void ts_value_collector_forget_occurrences(ts_value_collector *collector);

/* Lists the element as an occurrence of each of the rows. */
bool ts_list_occurrences(ts_value_collector *collector, size_t record, const int32_t *rows, size_t row_count);

#endif
