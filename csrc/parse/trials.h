/* Trials: a value is read as a sequence, and as bytes if it turns out not to be one (PS3.5 2026b, 6.2.2).
 *
 * For: values of VR UN that begin with an item, and values in fragments whose fragments begin with an element.
 * Never: a second trial of the same value, so that the work is bounded by the depth of the items.
 */
#ifndef TAGSNIFF_PARSE_TRIALS_H
#define TAGSNIFF_PARSE_TRIALS_H

#include "parse/parser_state.h"

/* Starts to read the value of the record as a sequence; ts_undo_trial if it turns out not to be one. */
void ts_open_trial(ts_parser *parser, int32_t record, ts_encoding encoding);
/* Undoes the innermost trial: drops the records made in it. The element has the VR of the file again. Its value is
 * captured, digested or skipped; one of undefined length is read as fragments. */
void ts_undo_trial(ts_parser *parser);

#endif
