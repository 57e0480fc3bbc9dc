/* The comparison of a file's header with that of the template, byte by byte (see template.h).
 *
 * For: finding the values that differ.
 * Never: reuse of a record where the bytes compared do not settle what it is.
 */
#ifndef TAGSNIFF_PARSE_TEMPLATE_BYTES_H
#define TAGSNIFF_PARSE_TEMPLATE_BYTES_H

#include "parse/parser_state.h"

/* Notes in `changes` the values in which the file differs from the template, whose facts are the parser's; false if
 * more than values may differ, as far as the template's header goes. *end is where that is in the file. */
bool ts_find_changes(ts_parser *parser, uint64_t *end);

#endif
