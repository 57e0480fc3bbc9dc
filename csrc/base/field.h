/* Structs that numpy sees. The members of each are listed once, in a macro TS_..._FIELDS(X) that expands
 * X(type, name, dimension, numpy format) for each of them.
 *
 * For: the struct and the numpy dtype of one record, both generated from that list.
 * Never: a second definition of a member.
 */
#ifndef TAGSNIFF_BASE_FIELD_H
#define TAGSNIFF_BASE_FIELD_H

#include <stddef.h>
#include <stdint.h>

/* What numpy needs to know about one member of a struct. */
typedef struct ts_field {
    const char *name;
    const char *format;
    uint32_t offset_bytes;
} ts_field;

/* An X that declares the members of the struct. */
#define TS_FIELD_MEMBER(type, name, dimension, format) type name dimension;

/* An X that fills the table of the members; `owner` is the struct. */
#define TS_FIELD_ENTRY(type, name, dimension, format) {#name, format, (uint32_t)offsetof(owner, name)},

/* Defines a function that returns the members in their order; *count becomes their number. The table is static. */
#define TS_DEFINE_FIELDS(function, struct_type, LIST)                                                                  \
    const ts_field *function(uint32_t *count) {                                                                        \
        typedef struct_type owner;                                                                                     \
        static const ts_field fields[] = {LIST(TS_FIELD_ENTRY)};                                                       \
        *count = (uint32_t)(sizeof fields / sizeof fields[0]);                                                         \
        return fields;                                                                                                 \
    }

#endif
