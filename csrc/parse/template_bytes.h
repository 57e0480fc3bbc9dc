/* The comparison of a file's header with that of the template, byte by byte (see template.h).
 *
 * For: finding the values that differ.
 * Never: reuse of a record whose header bytes differ in more than the value length.
 */
#ifndef TAGSNIFF_PARSE_TEMPLATE_BYTES_H
#define TAGSNIFF_PARSE_TEMPLATE_BYTES_H

#include "parse/parser_state.h"

/* Notes in `changes` the values in which the file differs from the header of the template; parser->facts are those of
 * the template. *end becomes the offset in the file at which that header ends. False if more than values may differ, or
 * if memory runs out; *end is then not meaningful. */
bool ts_find_changes(ts_parser *parser, uint64_t *end);

#endif
