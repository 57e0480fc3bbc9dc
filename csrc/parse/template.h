/* The comparison of a file with the template (see template_model.h).
 *
 * For: finding the values that differ.
 * Never: reuse of a record where the bytes compared do not settle what it is.
 */
#ifndef TAGSNIFF_PARSE_TEMPLATE_H
#define TAGSNIFF_PARSE_TEMPLATE_H

#include "parse/parser_state.h"

/* Notes in `changes` in what the file differs from the one before, whose facts are at hand; false if more may differ
 * than values, up to where the model was noted. *end is where that is in the file. */
bool ts_find_changes(ts_parser *parser, uint64_t *end);

#endif
