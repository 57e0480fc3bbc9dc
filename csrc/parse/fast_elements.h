/* A shorter way to the records of elements that need nothing but their header (PS3.5 2026b, 7.1.2).
 *
 * For: explicit VR little endian, where nearly all elements are of that kind.
 * Never: another result than that of data_set.c.
 */
#ifndef TAGSNIFF_PARSE_FAST_ELEMENTS_H
#define TAGSNIFF_PARSE_FAST_ELEMENTS_H

#include "parse/parser_state.h"

/* Takes the elements at the position that are plain; false if the first is not. The frame is_checked. */
bool ts_take_plain_elements(ts_parser *parser, ts_frame *frame);

#endif
