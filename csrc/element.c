/* The layout of the element record as a table.
 *
 * For: numpy's dtype. Never: a second definition; it is made from TS_ELEMENT_FIELDS.
 */
#include "element.h"

#include <stddef.h>

static const ts_field fields[] = {
#define TS_ELEMENT_FIELD(type, name, dimension, format) {#name, format, (uint32_t)offsetof(ts_element, name)},
    TS_ELEMENT_FIELDS(TS_ELEMENT_FIELD)
#undef TS_ELEMENT_FIELD
};

const ts_field *ts_element_fields(uint32_t *count) {
    *count = (uint32_t)(sizeof fields / sizeof fields[0]);
    return fields;
}
