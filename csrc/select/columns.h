/* The columns of a selection: the elements to select, and a check whether a record is one of them (design: identity of
 * an element; PS3.5 2026b, 7.5 and 7.8).
 *
 * For: the selector, which looks up every record of a file by its tag.
 * Never: a search through all records for each column.
 */
#ifndef TAGSNIFF_SELECT_COLUMNS_H
#define TAGSNIFF_SELECT_COLUMNS_H

#include "base/buffer.h"
#include "parse/parse.h"

/* One step of the path from the root data set to the elements of a column. The last step is the element itself. */
typedef struct ts_step_asked {
    uint32_t tag;        /* as in the file, whatever its private creator; if a creator is required gggg * 65536 + ee */
    int32_t creator;     /* TS_CREATOR_NOT_PRIVATE: any or none; TS_CREATOR_NONE, _EMPTY, _UNUSABLE: a block in that
                          * state; 0: the creator `name` */
    const uint8_t *name; /* without padding; may be NULL if name_length is 0; copied */
    uint32_t name_length;
    uint8_t block; /* used with TS_CREATOR_NONE and below */
} ts_step_asked;

typedef struct ts_selected_column {
    uint32_t last_tag; /* the tag of the last step */
    uint32_t number;
    size_t first_step;
    size_t step_count;
} ts_selected_column;

typedef struct ts_selected_columns {
    ts_buffer steps;   /* of all columns, one after the other */
    ts_buffer names;   /* uint8_t: the private creators of the steps */
    ts_buffer columns; /* ts_selected_column */
    bool has_paths;    /* at least one column leads into items */
} ts_selected_columns;

void ts_columns_begin(ts_selected_columns *columns);
void ts_columns_free(ts_selected_columns *columns);

/* Adds a step to the last column, or the first step of a new one. False when memory runs out. */
bool ts_columns_add_step(ts_selected_columns *columns, const ts_step_asked *step, bool begins_column);

/* Sorts the columns by last_tag. Must be called after the last step was added and before the first search. */
void ts_columns_order(ts_selected_columns *columns);

/* The index of the first sorted column whose last step has this tag or a greater one. A binary search. */
size_t ts_columns_find(const ts_selected_columns *columns, uint32_t last_tag);

/* Whether the record is an element of the column: every step is compared, from the record up to the root. */
bool ts_column_has(const ts_selected_columns *columns, const ts_selected_column *column, const ts_parser *parser,
                   int32_t record);

#endif
