/* The collector of values: for each equipment, identity and VR, the distinct values that must be reviewed, with exact
 * counts of files, series and occurrences (design: equipment, values, counts).
 *
 * For: the reports before de-identification and for the final review.
 * Never: a value for which the profile's decision is a code; the code is counted instead, unless the value breaks its
 *        VR and the decision shows such values. The profile is queried once for each new combination.
 * Terms: PS3.5 2026b, 6.2, 7.5 and 7.8; PS3.15 2026d, annex E.
 *
 * X(type, name, dimension, numpy format) as in element.h
 */
#ifndef TAGSNIFF_COLLECT_VALUES_H
#define TAGSNIFF_COLLECT_VALUES_H

#include "collect/identities.h"
#include "collect/value_parts.h"

/* An equipment: numbers of texts; -1 where the file has no such element. */
/* clang-format off */
#define TS_EQUIPMENT_FIELDS(X)                                                                                         \
    X(int32_t,  modality,        , "i4")                                                                               \
    X(int32_t,  manufacturer,    , "i4")                                                                               \
    X(int32_t,  model,           , "i4")                                                                               \
    X(int32_t,  software,        , "i4")

/* An element use: one equipment, identity and VR.
 *   blocks      256-bit set of block numbers seen; word = block / 64
 *   distinct_estimate  number of distinct values, each of those that are drawn together counted
 *   is_estimated       1: distinct_estimate is an estimate
 *   kind        0: the element's own values; otherwise text found inside them: ts_text_source
 *   is_bounded  1: values were left out because of the bound
 *   series, patients  set by ts_value_collector_fill_counts; patients is -1 if they are not known
 *   patient_relation  ts_patient_relation, the same for all equipment; set by the same function */
#define TS_ELEMENT_USE_FIELDS(X)                                                                                       \
    X(uint64_t, blocks,       [4], "4u8")                                                                              \
    X(uint64_t, occurrences,     , "u8")                                                                               \
    X(uint64_t, files,           , "u8")                                                                               \
    X(uint32_t, series,          , "u4")                                                                               \
    X(int32_t,  patients,        , "i4")                                                                               \
    X(uint64_t, distinct_estimate, , "u8")                                                                             \
    X(int32_t,  equipment,       , "i4")                                                                               \
    X(int32_t,  identity,        , "i4")                                                                               \
    X(uint8_t,  vr,              , "u1")                                                                               \
    X(uint8_t,  kind,            , "u1")                                                                               \
    X(uint8_t,  is_bounded,      , "u1")                                                                               \
    X(uint8_t,  is_estimated,    , "u1")                                                                               \
    X(uint8_t,  patient_relation, , "u1")

/* A value of a use, or a code without a value.
 *   use       index of the use; -1 if the row is unused
 *   value     number of the value; -1 for a code
 *   decision  number of the profile's decision
 *   example   number of the path that sorts first among the files with the row
 *   flags     ts_value_flag
 *   series, patients  as in an element use
 *   collapsed  of a row of form C: index in the table of collapsed values; of a value that varies within its series
 *              (varying_values.h): index in that table; otherwise -1 */
#define TS_ROW_FIELDS(X)                                                                                               \
    X(uint64_t, occurrences,     , "u8")                                                                               \
    X(uint64_t, files,           , "u8")                                                                               \
    X(uint32_t, series,          , "u4")                                                                               \
    X(int32_t,  patients,        , "i4")                                                                               \
    X(int32_t,  use,             , "i4")                                                                               \
    X(int32_t,  value,           , "i4")                                                                               \
    X(int32_t,  decision,        , "i4")                                                                               \
    X(int32_t,  example,         , "i4")                                                                               \
    X(int32_t,  collapsed,       , "i4")                                                                               \
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

/* A query to the profile, in indexes of the collector's tables. */
typedef struct ts_question {
    int32_t equipment;
    int32_t identity;
    int32_t block_path; /* the blocks of the element and of the sequences that contain it; -1 if none is private */
    ts_vr vr;
} ts_question;

/* The profile's decision. */
typedef struct ts_decision {
    int32_t number;
    bool records_values;
    bool shows_broken; /* if no values are recorded: values that break their VR are recorded all the same */
    uint8_t drawn;     /* bits of the kinds (ts_collapse_kind) that are drawn together */
    uint8_t always;    /* those of which it is so even if a value could identify */
    int32_t uid_root;  /* number of a text: a root for UIDs, of which it is so too; may be empty */
} ts_decision;

/* A step of a block path: the path without its last element, and the block of that element (-1 if public). */
typedef struct ts_block_path {
    int32_t parent; /* -1: no element above is private */
    int16_t block;
    uint16_t depth; /* number of elements in the path, without the public ones above the first private one */
} ts_block_path;

/* Queries the profile. False if it cannot answer; the function that called it then also returns false, and the
 * collector must only be freed. */
typedef bool (*ts_decide)(void *context, const ts_question *question, ts_decision *decision);

typedef struct ts_value_collector ts_value_collector;

/* Returns an empty collector, which the caller frees. max_values is the bound on the distinct values of each use; 0
 * counts as 1. The keys are those of ts_collector_new. NULL when memory runs out. */
ts_value_collector *ts_value_collector_new(ts_hash_key hash_key, const uint8_t *patient_key, uint32_t max_values,
                                           ts_decide decide, void *context);
void ts_value_collector_free(ts_value_collector *collector);

/* Adds the file that the parser has just read; see ts_collector_add. The parser must digest long values. If it reads
 * all bytes, values are stored whole, and the text found in any bytes of the file becomes a value. The path is borrowed
 * during the call. False when memory runs out or the profile does not answer; the collector must then only be freed. */
bool ts_value_collector_add(ts_value_collector *collector, const ts_parser *parser, const uint8_t *path,
                            uint32_t path_length, bool is_partial);

/* Returns a step of a block path; borrowed until a file is added. */
const ts_block_path *ts_value_collector_block_path(const ts_value_collector *collector, int32_t number);
/* Returns the number of a text that a decision needs, such as a UID root; negative when memory runs out. */
int32_t ts_value_collector_intern_text(ts_value_collector *collector, const uint8_t *bytes, uint32_t length);

#endif
