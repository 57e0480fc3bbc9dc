/* The stream that the parser reads: the bytes of the file, or the inflated ones (PS3.5 2026b, A.5).
 *
 * For: the steps of the parser, which get their bytes only from here.
 * Never: knowledge of data elements.
 */
#ifndef TAGSNIFF_PARSE_STREAM_H
#define TAGSNIFF_PARSE_STREAM_H

#include "parse/parser_state.h"

/* The slow path of ts_stream_have: not all bytes are in the window, or the data set is deflated. TS_HAVE: `length`
 * bytes from the position on are in the window. TS_HAVE_MORE: the caller of the parser must feed bytes. TS_HAVE_END:
 * the stream ends before, or cannot be inflated, which is then a fault of the parser. */
ts_have ts_stream_bring(ts_parser *parser, uint64_t length);
static inline ts_have ts_stream_have(ts_parser *parser, uint64_t length) {
    return length <= ts_cursor_available(&parser->cursor) && parser->deflated_from == TS_UNKNOWN_SIZE
               ? TS_HAVE
               : ts_stream_bring(parser, length);
}
/* Number of bytes in the window from the position on, without those beyond inflate_limit_bytes. */
uint64_t ts_stream_available(const ts_parser *parser);
/* Whether the stream ended before the position. Possible only if its size was not known when the position was set. */
bool ts_stream_is_passed(const ts_parser *parser);
/* Starts to inflate at the position: the rest of the file is deflated. False when memory runs out. */
bool ts_stream_inflate_from_here(ts_parser *parser, ts_inflate_form form);
ts_step ts_stream_check_tail(ts_parser *parser);

#endif
