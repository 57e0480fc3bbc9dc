/* The selector: the values of some elements, file by file (design: identity of an element).
 *
 * For: tables, and scanners of other tools: the bytes of each value as they stand in the file, with what is needed to
 *      read them, in flat arrays.
 * Never: a value cut off in silence. Of one above the parser's limit, of Pixel Data and of other samples the length
 *        alone is kept, and a flag says so. Terms: PS3.5 2026b, 7.5 and 7.8.
 *
 * A cell is one occurrence of an element that a column asks for. What a file has twice (the same tag twice in a data
 * set, the same private creator in two blocks, several items) is several cells, in the order of the file.
 *
 * X(type, name, dimension, numpy format) as in element.h
 *   ts_cell
 *     file            number of the file, from 0, of those that were added since the last ts_selector_clear
 *     column          number of the column
 *     value           number of the value
 *   ts_cell_value: equal ones are stored once
 *     at              first of its bytes in the pool of values
 *     stored_bytes    how many there are: the value field, or none where the flags say so
 *     length          of the value field in the file, delimitation items included; of a sequence the number of items
 *     charset         number of the Specific Character Set in force
 *     flags           ts_element_flag, and TS_CELL_LENGTH_ONLY
 *     vr              two letters, ?? for those that are no VR
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

/* Beside ts_element_flag: there are no bytes of the value. */
enum { TS_CELL_LENGTH_ONLY = 32768 };

typedef struct ts_selector ts_selector;

/* The key is that of the tables' hashes. NULL when memory runs out. */
ts_selector *ts_selector_new(ts_hash_key key);
void ts_selector_free(ts_selector *selector);

/* Adds a step to the last column, or the first step of a new one. Any item of a sequence is meant. All columns are
 * added before the first file. False when memory runs out. */
bool ts_selector_add_step(ts_selector *selector, const ts_step_asked *step, bool begins_column);

/* Adds the cells of the file that the parser has just read, by column, and in a column in the order of the file; with a
 * fault what came before it, and nothing of a value that the file ends in. False when memory runs out: then the
 * selector must not be used any more. */
bool ts_selector_add(ts_selector *selector, const ts_parser *parser);

/* What a selector holds, borrowed: valid until a file is added. */
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

/* Forgets cells and values; columns stay, and so do the numbers of character sets. */
void ts_selector_clear(ts_selector *selector);

#endif
