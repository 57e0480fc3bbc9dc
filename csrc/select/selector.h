/* The selector: the values of some elements, file by file (design: identity of an element).
 *
 * For: tables, and backends for the scanners of other tools: the bytes of each value as they are in the file, and what
 *      is needed to decode them, in flat arrays.
 * Never: a value cut off in silence. Of a value above the parser's limit, of Pixel Data and of other samples only the
 *        length is stored, and a flag says so. Terms: PS3.5 2026b, 7.5 and 7.8.
 *
 * A cell is one occurrence of an element of a column. An element that occurs more than once in a file (the same tag
 * twice in a data set, the same private creator in two blocks, several items) has several cells, in the order of the
 * file.
 *
 * X(type, name, dimension, numpy format) as in element.h
 *   ts_cell
 *     file            index of the file, from 0, among those added since the last ts_selector_clear
 *     column          index of the column
 *     value           index of the value
 *   ts_cell_value: equal values are stored once
 *     at              offset of its first byte in the pool of values
 *     stored_bytes    number of bytes stored: the whole value field, or 0 with TS_CELL_LENGTH_ONLY
 *     length          length of the value field in the file, delimitation items included; for a sequence its items
 *     charset         index of the Specific Character Set that applies
 *     flags           ts_element_flag and TS_CELL_LENGTH_ONLY
 *     vr              two letters, ?? if they are not a VR
 */
#ifndef TAGSNIFF_SELECT_SELECTOR_H
#define TAGSNIFF_SELECT_SELECTOR_H

#include "collect/charset_scope.h"
#include "select/columns.h"

/* clang-format off */
#define TS_CELL_FIELDS(X)                                                                                              \
    X(uint32_t, file,            , "u4")                                                                               \
    X(uint32_t, column,          , "u4")                                                                               \
    X(uint32_t, value,           , "u4")

#define TS_CELL_VALUE_FIELDS(X)                                                                                        \
    X(uint64_t, at,              , "u8")                                                                               \
    X(uint64_t, length,          , "u8")                                                                               \
    X(uint32_t, stored_bytes,    , "u4")                                                                               \
    X(int32_t,  charset,         , "i4")                                                                               \
    X(uint16_t, flags,           , "u2")                                                                               \
    X(char,     vr,           [2], "S2")
/* clang-format on */

typedef struct ts_cell {
    TS_CELL_FIELDS(TS_FIELD_MEMBER)
} ts_cell;

typedef struct ts_cell_value {
    TS_CELL_VALUE_FIELDS(TS_FIELD_MEMBER)
} ts_cell_value;

const ts_field *ts_cell_fields(uint32_t *count);
const ts_field *ts_cell_value_fields(uint32_t *count);

/* In addition to ts_element_flag: the bytes of the value are not stored. */
enum { TS_CELL_LENGTH_ONLY = 32768 };

typedef struct ts_selector ts_selector;

/* Returns a new selector, which the caller frees; NULL when memory runs out. The key is that of the hash tables. */
ts_selector *ts_selector_new(ts_hash_key key);
void ts_selector_free(ts_selector *selector);

/* Adds a step to the last column, or the first step of a new one. A path means any item of its sequences. All columns
 * must be added before the first file. False when memory runs out. */
bool ts_selector_add_step(ts_selector *selector, const ts_step_asked *step, bool begins_column);

/* Adds the cells of the file that the parser has just read, sorted by column, and within a column in the order of the
 * file. If the file has a fault, the elements before it are added, but not a value that is cut short. False when memory
 * runs out; the selector must then only be freed. */
bool ts_selector_add(ts_selector *selector, const ts_parser *parser);

/* What a selector holds, borrowed: valid until the next file is added. */
typedef struct ts_selected {
    const ts_cell *cells;
    size_t cell_count;
    const ts_cell_value *values;
    size_t value_count;
    const uint8_t *bytes;
    size_t bytes_count;
    const ts_pool *charsets;
    uint32_t files;
} ts_selected;

ts_selected ts_selector_selected(const ts_selector *selector);

/* Removes all cells and values. The columns and the indexes of character sets stay. */
void ts_selector_clear(ts_selector *selector);

#endif
