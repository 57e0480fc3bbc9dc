/* The members of the element record as a table.
 *
 * For: numpy's dtype.
 * Never: a second definition; the table is made from TS_ELEMENT_FIELDS.
 */
#include "parse/element.h"

TS_DEFINE_FIELDS(ts_element_fields, ts_element, TS_ELEMENT_FIELDS)
