/* Sequences, items and fragments: opened, stepped through and closed (PS3.5 2026b, 7.5 and A.4).
 *
 * For: the containers of a data set.
 * Never: recursion; open containers are frames on a stack.
 */
#ifndef TAGSNIFF_PARSE_SEQUENCES_H
#define TAGSNIFF_PARSE_SEQUENCES_H

#include "parse/parser_state.h"

ts_step ts_step_sequence(ts_parser *parser);
ts_step ts_step_fragments(ts_parser *parser);
/* The stream ended before the position: what was stepped over last is cut short. */
void ts_fail_passed(ts_parser *parser);
/* The frame's end is too near for what may stand in it: a fault of its own, unless the stream has ended before. */
ts_step ts_fail_at_end(ts_parser *parser, ts_status status, uint32_t tag);
/* The frame ends with its parent, for want of a delimitation item; true if so, and then it is closed. */
bool ts_close_with_parent(ts_parser *parser);
void ts_open_sequence(ts_parser *parser, int32_t record, ts_encoding encoding);
void ts_open_fragments(ts_parser *parser, int32_t record);
/* Takes the frame at the top away; the position is its end. */
void ts_close_frame(ts_parser *parser);
/* Reads the record's value as a sequence that may turn out to be none. */
void ts_open_trial(ts_parser *parser, int32_t record, ts_encoding encoding);
/* Undoes the innermost trial; its value is bytes, and the position is behind it. */
void ts_undo_trial(ts_parser *parser);

#endif
