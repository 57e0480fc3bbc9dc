/* Structs that numpy sees: their members are written once, in a list TS_..._FIELDS(X) of
 * X(type, name, dimension, numpy format).
 *
 * For: the struct and the dtype of one record, which both come from that list.
 * Never: a second definition.
 */
#ifndef TAGSNIFF_BASE_FIELD_H
#define TAGSNIFF_BASE_FIELD_H

#include <stddef.h>
#include <stdint.h>

/* What numpy needs to know of one member of a struct. */
typedef struct ts_field {
    const char *name;
    const char *format;
    uint32_t offset_bytes;
} ts_field;

/* An X for the members of the struct. */
#define TS_FIELD_MEMBER(type, name, dimension, format) type name dimension;

/* An X for the table of the members; `owner` is the struct. */
#define TS_FIELD_ENTRY(type, name, dimension, format) {#name, format, (uint32_t)offsetof(owner, name)},

/* The function that returns the members in their order; *count is how many. */
#define TS_DEFINE_FIELDS(function, struct_type, LIST)                                                                  \
    const ts_field *function(uint32_t *count) {                                                                        \
        typedef struct_type owner;                                                                                     \
        static const ts_field fields[] = {LIST(TS_FIELD_ENTRY)};                                                       \
        *count = (uint32_t)(sizeof fields / sizeof fields[0]);                                                         \
        return fields;                                                                                                 \
    }

#endif
