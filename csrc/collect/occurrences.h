/* Where the requested elements are: in which file, in which items, at which byte.
 *
 * For: finding the files of a row of a value report.
 * Never: a second pass over values. The collector lists each row when it counts an element in it, so the row indexes
 *        are those of the report.
 * X(type, name, dimension, numpy format) as in element.h
 *   offset      of the element's tag, in bytes from the start of the file; see value_offset in element.h
 *   first_item  index, in the list of items, of the first of those that contain the element, outermost first
 *   path        number of the file's path
 *   row         row index: a value, a printable run inside the element's bytes, or a code
 *   depth       number of items that contain the element
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

/* Lists the occurrences of all elements counted from now on whose decision has this number; -1, the initial state,
 * lists none. Use it only without a bound on distinct values: the row of an evicted value may be reused for another
 * value. */
void ts_value_collector_list_decision(ts_value_collector *collector, int32_t decision);

/* The listed occurrences that were not forgotten, borrowed until a file is added. They are in the order of the files
 * and of their elements. An element has one occurrence for each of its rows, consecutive and in the order of its
 * value. */
typedef struct ts_occurrences {
    const ts_occurrence *occurrences;
    size_t count;
    const int32_t *items; /* index of each item in its sequence, from 0 */
    size_t item_count;
} ts_occurrences;

/* The first returns the occurrences, the second discards them. */
ts_occurrences ts_value_collector_occurrences(const ts_value_collector *collector);
void ts_value_collector_forget_occurrences(ts_value_collector *collector);

/* Lists the element as an occurrence of each of the rows. False when memory runs out. */
bool ts_list_occurrences(ts_value_collector *collector, size_t record, const int32_t *rows, size_t row_count);

#endif
