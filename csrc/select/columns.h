/* The columns of a selection: the elements that are asked for, and which records are they (design: identity of an
 * element; PS3.5 2026b, 7.5 and 7.8).
 *
 * For: the selector, which looks every record of a file up by its tag.
 * Never: a walk down from each column through all records.
 */
#ifndef TAGSNIFF_SELECT_COLUMNS_H
#define TAGSNIFF_SELECT_COLUMNS_H

#include "base/buffer.h"
#include "parse/parse.h"

/* One element on the way from the root data set to the elements of a column, those included. */
typedef struct ts_step_asked {
    uint32_t tag;        /* as it stands in the file, whoever reserved its block; or with a creator gggg * 65536 + ee */
    int32_t creator;     /* TS_CREATOR_NOT_PRIVATE: none is asked for; TS_CREATOR_NONE, _EMPTY, _UNUSABLE: as found;
                          * 0: that of `name` */
    const uint8_t *name; /* without padding; may be NULL if name_length is 0 */
    uint32_t name_length;
    uint8_t block; /* with TS_CREATOR_NONE and below */
} ts_step_asked;

typedef struct ts_selected_column {
    uint32_t last_tag; /* tag of the last step */
    uint32_t number;
    size_t first_step;
    size_t step_count;
} ts_selected_column;

typedef struct ts_selected_columns {
    ts_buffer steps;   /* of all columns, one behind the other */
    ts_buffer names;   /* uint8_t: private creators that are asked for */
    ts_buffer columns; /* ts_selected_column */
    bool has_paths;    /* one leads into items */
} ts_selected_columns;

void ts_columns_begin(ts_selected_columns *columns);
void ts_columns_free(ts_selected_columns *columns);

/* Adds a step to the last column, or the first step of a new one. False when memory runs out. */
bool ts_columns_add_step(ts_selected_columns *columns, const ts_step_asked *step, bool begins_column);

/* Puts the columns in the order of last_tag: before the first search, and behind the last addition. */
void ts_columns_order(ts_selected_columns *columns);

/* Place of the first column in that order whose last step has this tag or a greater one. */
size_t ts_columns_find(const ts_selected_columns *columns, uint32_t last_tag);

/* Whether the record is what the column asks for, from its own tag up to the root. */
bool ts_column_has(const ts_selected_columns *columns, const ts_selected_column *column, const ts_parser *parser,
                   int32_t record);

#endif
