/* Rows of form C: what they draw together, as tables (design, section 4).
 *
 * For: counting values that are drawn together, and tables that are saved and merged.
 * Never: a row or an entry of the pool for a value that is drawn together.
 *
 * X(type, name, dimension, numpy format) as in element.h
 *   distinct    number of different values, estimated if is_estimated
 *   least_size  of one value: how many numbers, bytes or items; 0 for other kinds
 *   first_hash  index of the first of its hashes in the table of hashes
 *   hash_count  number of hashes, ascending; 0 for an unused entry
 *   kind        ts_collapse_kind
 * The texts of entry n are 3 * n (the smallest number or date), 3 * n + 1 (the largest one) and 3 * n + 2 (the value
 * with its head, if it is the only one); empty if there is none.
 */
#ifndef TAGSNIFF_COLLECT_COLLAPSED_ROWS_H
#define TAGSNIFF_COLLECT_COLLAPSED_ROWS_H

#include "base/text_pool.h"
#include "collect/collapse_rules.h"
#include "collect/collapsed_values.h"
#include "collect/values.h"

/* clang-format off */
#define TS_COLLAPSED_ENTRY_FIELDS(X)                                                                                   \
    X(uint64_t, distinct,        , "u8")                                                                               \
    X(uint64_t, least_size,      , "u8")                                                                               \
    X(uint64_t, most_size,       , "u8")                                                                               \
    X(uint64_t, first_hash,      , "u8")                                                                               \
    X(uint32_t, hash_count,      , "u4")                                                                               \
    X(uint8_t,  kind,            , "u1")                                                                               \
    X(uint8_t,  is_estimated,    , "u1")
/* clang-format on */

typedef struct ts_collapsed_entry {
    TS_COLLAPSED_ENTRY_FIELDS(TS_FIELD_MEMBER)
} ts_collapsed_entry;

const ts_field *ts_collapsed_entry_fields(uint32_t *count);

enum { TS_COLLAPSED_TEXTS = 3 }; /* of one entry */

typedef struct ts_collapsed_tables {
    ts_buffer entries; /* ts_collapsed_entry */
    ts_buffer hashes;  /* ts_distinct_hash */
    ts_pool texts;
} ts_collapsed_tables;

void ts_collapsed_tables_begin(ts_collapsed_tables *tables);
void ts_collapsed_tables_free(ts_collapsed_tables *tables);

/* The tables of all rows of form C; borrowed until the next call. NULL when memory runs out. */
const ts_collapsed_tables *ts_value_collector_list_collapsed(ts_value_collector *collector);

/* Counts a part of a value in the row of `collector->drawn`, and appends the row to `counted`; *number becomes the row,
 * negative if the bound refuses it. False when memory runs out. */
bool ts_count_collapsed(ts_value_collector *collector, int32_t use, int32_t decision, const ts_value_part *part,
                        int32_t *number);

/* Adds an entry of other tables to the row, which is of form C. False when memory runs out. */
bool ts_merge_collapsed(ts_value_collector *collector, int32_t number, const ts_collapsed_entry *entry,
                        const ts_distinct_hash *hashes, const ts_pool *texts, int32_t entry_number);

#endif
