/* The parts of a DICOM file around its data set (PS3.10 2026b, 7).
 *
 * For: the preamble, the file meta information, the command set, padding.
 * Never: an element inside an item.
 */
#ifndef TAGSNIFF_PARSE_PART10_H
#define TAGSNIFF_PARSE_PART10_H

#include "parse/parser_state.h"

ts_step ts_step_start(ts_parser *parser);
ts_step ts_step_padding(ts_parser *parser);
/* A step of the phase TS_PHASE_TRAILING: the bytes are not recorded, and the size of the stream is not known. */
ts_step ts_step_trailing_bytes(ts_parser *parser);
/* At an element of the root: true if another part of the file, or padding, begins here. The phase has changed then.
 * `bytes` are the first eight of the element. */
bool ts_change_phase(ts_parser *parser, ts_frame *frame, const uint8_t *bytes);
/* At an element of the root whose tag is greater than stop_after_tag: true if the parse ends here, which it does only
 * in the data set. */
bool ts_stop_after(ts_parser *parser);
/* The stream has fewer than eight bytes from the position on: ends the file or its current part, or is a fault. */
ts_step ts_end_of_data_set(ts_parser *parser, const ts_frame *frame);

#endif
