/* Sequences, items and fragments: opening, reading and closing them (PS3.5 2026b, 7.5 and A.4).
 *
 * For: the containers of a data set.
 * Never: recursion; open containers are frames on a stack.
 */
#ifndef TAGSNIFF_PARSE_SEQUENCES_H
#define TAGSNIFF_PARSE_SEQUENCES_H

#include "parse/parser_state.h"

ts_step ts_step_sequence(ts_parser *parser);
/* Called where the stream ended before the position, so the value that was skipped last is truncated: a fault. */
void ts_fail_passed(ts_parser *parser);
/* Called where the frame ends before the next header would be complete: the given fault, or that of ts_fail_passed if
 * the stream has ended before the position. */
ts_step ts_fail_at_end(ts_parser *parser, ts_status status, uint32_t tag);
/* Closes the frame if it has undefined length and its parent ends here, so its delimitation item is missing. Returns
 * whether it did. */
bool ts_close_with_parent(ts_parser *parser);
void ts_open_sequence(ts_parser *parser, int32_t record, ts_encoding encoding);
/* Closes the frame at the top; the position is its end. In a data set or item this resolves VRs and private creators.
 * Out of memory is a fault of the parser. */
void ts_close_frame(ts_parser *parser);

#endif
