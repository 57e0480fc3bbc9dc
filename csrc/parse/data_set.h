/* The elements of a data set, one step for each (PS3.5 2026b, 7.1).
 *
 * For: the loop of the parser.
 * Never: the bytes of a value, except those that show what the value is.
 */
#ifndef TAGSNIFF_PARSE_DATA_SET_H
#define TAGSNIFF_PARSE_DATA_SET_H

#include "parse/parser_state.h"

ts_step ts_step_element(ts_parser *parser);

#endif
