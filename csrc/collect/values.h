/* The collector of values: for each equipment, identity and VR the distinct values that a person must look at, with
 * exact counts of files, series and occurrences (design: equipment, values, counts).
 *
 * For: the reports before de-identification and for the final review.
 * Never: a value of an element that a profile decides without one; of those the code is counted. What is decided is
 *        asked once for each new combination and remembered.
 * Terms: PS3.5 2026b, 6.2, 7.5 and 7.8; PS3.15 2026d, annex E.
 *
 * X(type, name, dimension, numpy format) as in element.h
 */
#ifndef TAGSNIFF_COLLECT_VALUES_H
#define TAGSNIFF_COLLECT_VALUES_H

#include "collect/identities.h"
#include "collect/value_parts.h"

/* Numbers of texts; -1 where the file has no such element. */
/* clang-format off */
#define TS_EQUIPMENT_FIELDS(X)                                                                                         \
    X(int32_t,  modality,        , "i4")                                                                               \
    X(int32_t,  manufacturer,    , "i4")                                                                               \
    X(int32_t,  model,           , "i4")                                                                               \
    X(int32_t,  software,        , "i4")

/* One equipment, identity and VR.
 *   kind      0: the element's own values; 1: printable runs inside them
 *   is_bounded  values were left out because of the bound; distinct_estimate is how many there are */
#define TS_ELEMENT_USE_FIELDS(X)                                                                                             \
    X(uint64_t, blocks,       [4], "4u8")                                                                              \
    X(uint64_t, occurrences,     , "u8")                                                                               \
    X(uint64_t, files,           , "u8")                                                                               \
    X(uint64_t, series,          , "u8")                                                                               \
    X(uint64_t, distinct_estimate, , "u8")                                                                             \
    X(int32_t,  equipment,       , "i4")                                                                               \
    X(int32_t,  identity,        , "i4")                                                                               \
    X(uint8_t,  vr,              , "u1")                                                                               \
    X(uint8_t,  kind,            , "u1")                                                                               \
    X(uint8_t,  is_bounded,      , "u1")

/* One value of a use, or a code without value (value is -1).
 *   decision  the number that the profile's answer has
 *   flags     ts_value_flag
 *   example   number of the path that sorts first */
#define TS_ROW_FIELDS(X)                                                                                               \
    X(uint64_t, occurrences,     , "u8")                                                                               \
    X(uint64_t, files,           , "u8")                                                                               \
    X(uint64_t, series,          , "u8")                                                                               \
    X(int32_t,  group,           , "i4")                                                                               \
    X(int32_t,  value,           , "i4")                                                                               \
    X(int32_t,  decision,        , "i4")                                                                               \
    X(int32_t,  example,         , "i4")                                                                               \
    X(uint16_t, flags,           , "u2")
/* clang-format on */

typedef struct ts_equipment {
    TS_EQUIPMENT_FIELDS(TS_FIELD_MEMBER)
} ts_equipment;
typedef struct ts_element_use {
    TS_ELEMENT_USE_FIELDS(TS_FIELD_MEMBER)
} ts_element_use;
typedef struct ts_row {
    TS_ROW_FIELDS(TS_FIELD_MEMBER)
} ts_row;

const ts_field *ts_equipment_fields(uint32_t *count);
const ts_field *ts_element_use_fields(uint32_t *count);
const ts_field *ts_row_fields(uint32_t *count);

typedef enum ts_collapse { TS_COLLAPSE_NONE, TS_COLLAPSE_DATE, TS_COLLAPSE_NUMBER, TS_COLLAPSE_UID } ts_collapse;

/* What the profile is asked, in numbers of the collector's tables. */
typedef struct ts_question {
    int32_t equipment;
    int32_t identity;
    int32_t block_path; /* the blocks of the element and of the sequences around it; -1 if none is private */
    ts_vr vr;
} ts_question;

/* What it answers. */
typedef struct ts_decision {
    int32_t number;
    bool records_values;
    bool shows_broken; /* with a code that records none, values that break their VR are recorded */
    uint8_t collapse;  /* ts_collapse */
    int32_t uid_root;  /* number of a text */
} ts_decision;

/* The blocks along a path: those of the path without its last element, then that of the element (-1 if public). */
typedef struct ts_block_path {
    int32_t parent; /* -1: nothing above is private */
    int16_t block;
    uint16_t depth; /* how many elements the path has, the public ones above the first private one not counted */
} ts_block_path;

/* False when it could not answer; the collector then stops and must not be used any more. */
typedef bool (*ts_decide)(void *context, const ts_question *question, ts_decision *decision);

typedef struct ts_value_collector ts_value_collector;

/* max_values bounds the distinct values of each use; at least 1. The key is that of the tables' hashes. NULL when
 * memory runs out. */
ts_value_collector *ts_value_collector_new(ts_hash_key hash_key, uint32_t max_values, ts_decide decide, void *context);
void ts_value_collector_free(ts_value_collector *collector);

/* Adds the file that the parser has just read; see ts_collector_add. The parser must digest long values. */
bool ts_value_collector_add(ts_value_collector *collector, const ts_parser *parser, const uint8_t *path,
                            uint32_t path_length, bool is_partial);

const ts_block_path *ts_value_collector_block_path(const ts_value_collector *collector, int32_t number);
/* Number of a text that the profile's answer needs, such as a UID root; negative when memory runs out. */
int32_t ts_value_collector_intern_text(ts_value_collector *collector, const uint8_t *bytes, uint32_t length);

#endif
