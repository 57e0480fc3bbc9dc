/* The shape of a file: its data elements and their nesting, regardless of their values.
 *
 * For: files of a series, which mostly have one shape: results about the elements of the previous file are reused.
 * Never: a guess. Every record and private creator is compared, or known to be equal. Shapes of files with too many
 *        records are not stored.
 * Terms: PS3.5 2026b, 7.1, 7.5 and 7.8.
 */
#ifndef TAGSNIFF_COLLECT_FILE_SHAPE_H
#define TAGSNIFF_COLLECT_FILE_SHAPE_H

#include "base/text_pool.h"
#include "parse/parse.h"

/* The members of a record that decide its identity, its VR and its position in the nesting. */
typedef struct ts_shape_record {
    uint32_t tag;
    int32_t parent;
    int32_t creator;
    uint16_t flags;
    char vr[2];
} ts_shape_record;

/* A private creator that elements refer to, and its number in the pool of creators. */
typedef struct ts_shape_creator {
    int32_t record;
    int32_t number;
} ts_shape_creator;

typedef struct ts_file_shape {
    ts_buffer records;  /* ts_shape_record */
    ts_buffer creators; /* ts_shape_creator */
    bool is_set;
} ts_file_shape;

void ts_file_shape_begin(ts_file_shape *shape);
void ts_file_shape_free(ts_file_shape *shape);

/* Stores the shape of the file that was just parsed, or that it has too many records to be stored. creator_of_record
 * holds the number of each private creator that elements refer to, -1 for other records. False when memory runs out;
 * is_set is then false. */
bool ts_file_shape_note(ts_file_shape *shape, const ts_parser *parser, const int32_t *creator_of_record);

/* Returns whether the file that was just parsed has the shape, with the same private creators. The first `like_count`
 * records are known to equal those of a file with this shape; 0 if that is not known. */
bool ts_file_shape_is(const ts_file_shape *shape, const ts_parser *parser, const ts_pool *creators, size_t like_count);

#endif
