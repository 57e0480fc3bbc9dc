/* The shape of a file: which data elements stand where in it, whatever their values are.
 *
 * For: files of a series, which are of one shape: what was found out about the elements of the one before holds.
 * Never: a guess; every record is compared, and every private creator. Long files have no shape that is kept.
 * Terms: PS3.5 2026b, 7.1, 7.5 and 7.8.
 */
#ifndef TAGSNIFF_COLLECT_FILE_SHAPE_H
#define TAGSNIFF_COLLECT_FILE_SHAPE_H

#include "base/text_pool.h"
#include "parse/parse.h"

/* What of a record decides its identity, its VR and where it stands. */
typedef struct ts_shape_record {
    uint32_t tag;
    int32_t parent;
    int32_t creator;
    uint16_t flags;
    char vr[2];
} ts_shape_record;

/* A private creator that names a block, and its number in the pool of creators. */
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

/* Notes the shape of the file that was parsed, or that it has none that is kept. creator_of_record holds the number of
 * each private creator that names a block, -1 for other records. False when memory runs out. */
bool ts_file_shape_note(ts_file_shape *shape, const ts_parser *parser, const int32_t *creator_of_record);

/* Whether the file that was parsed has the shape, with the same private creators. `like_count` records, the first
 * ones, are those of a file that had it; 0 if that is not known. */
bool ts_file_shape_is(const ts_file_shape *shape, const ts_parser *parser, const ts_pool *creators, size_t like_count);

#endif
