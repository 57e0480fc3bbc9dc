/* The fast path: records of elements that need only their header (PS3.5 2026b, 7.1.2 and 7.1.3).
 *
 * For: data sets in little endian, explicit or implicit VR, where nearly all elements are of that kind.
 * Never: a result other than that of data_set.c.
 */
#ifndef TAGSNIFF_PARSE_FAST_ELEMENTS_H
#define TAGSNIFF_PARSE_FAST_ELEMENTS_H

#include "parse/parser_state.h"

/* Adds the records of the plain elements at the position and moves the position after them. False if the first element
 * is not plain; nothing has changed then. The frame is_checked. */
bool ts_take_plain_elements(ts_parser *parser, ts_frame *frame);

#endif
