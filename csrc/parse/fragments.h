/* Values in fragments: encapsulated Pixel Data, and other values that are written so (PS3.5 2026b, A.4).
 *
 * For: opening and reading them.
 * Never: trust in a length that reaches beyond the file.
 */
#ifndef TAGSNIFF_PARSE_FRAGMENTS_H
#define TAGSNIFF_PARSE_FRAGMENTS_H

#include "parse/parser_state.h"

/* Opens the fragments of the record. Unless they are samples, their bytes are digested together, if the caller wants
 * digests. */
void ts_open_fragments(ts_parser *parser, int32_t record);
ts_step ts_step_fragments(ts_parser *parser);

#endif
