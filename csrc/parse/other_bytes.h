/* Bytes of a file that are no data element: a filled preamble, and what follows the data set (PS3.10 2026b, 7.1; PS3.5
 * 2026b, 7.1).
 *
 * For: part10.c and data_set.c. With records_other_bytes, such bytes get a record of their own, as a value of VR UN, so
 *      that the text in them is seen.
 * Never: bytes after the data set taken for no element where an element may have been cut.
 */
#ifndef TAGSNIFF_PARSE_OTHER_BYTES_H
#define TAGSNIFF_PARSE_OTHER_BYTES_H

#include "parse/parser_state.h"

/* Whether the preamble holds something else than zeros, or than the header of a TIFF file without text. */
bool ts_preamble_is_filled(const uint8_t preamble[TS_PREAMBLE_BYTES]);
/* Keeps the preamble, and notes the deviation. */
void ts_keep_preamble(ts_parser *parser, const uint8_t preamble[TS_PREAMBLE_BYTES]);
/* Called when the root is closed, or after a fault: adds the record of the preamble that was kept. */
void ts_add_preamble(ts_parser *parser);

/* Whether the bytes at the position, in the root data set, are the first of those that follow the data set: Pixel Data
 * was read, and no element begins with `length` bytes, 1 to 8 (fewer than 8 only at the end of the file). */
bool ts_is_after_data_set(const ts_parser *parser, const ts_frame *root, const uint8_t *bytes, uint64_t length);
/* Takes all bytes up to the end of the stream as one value, or begins to read them (TS_PHASE_TRAILING). TS_STEP_MORE:
 * bytes must be fed first, and nothing was done. */
ts_step ts_take_trailing_bytes(ts_parser *parser);
/* Called at the end of the stream, if the value was not read: its record gets its length. */
void ts_end_trailing_bytes(ts_parser *parser);

#endif
