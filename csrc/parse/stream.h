/* The stream that the parser reads: the bytes of the file, or the inflated ones (PS3.5 2026b, A.5).
 *
 * For: the steps of the parser, which ask for bytes here and nowhere else.
 * Never: knowledge of data elements.
 */
#ifndef TAGSNIFF_PARSE_STREAM_H
#define TAGSNIFF_PARSE_STREAM_H

#include "parse/parser_state.h"

/* The same as ts_stream_have, for what the window does not plainly hold. */
ts_have ts_stream_bring(ts_parser *parser, uint64_t length);
static inline ts_have ts_stream_have(ts_parser *parser, uint64_t length) {
    return length <= ts_cursor_available(&parser->cursor) && parser->deflated_from == TS_UNKNOWN_SIZE
               ? TS_HAVE
               : ts_stream_bring(parser, length);
}
/* Bytes that the window holds from the position on, but none beyond the limit of inflated bytes. */
uint64_t ts_stream_available(const ts_parser *parser);
/* The stream ended before the position: only possible where its size was not known when the position was set. */
bool ts_stream_is_passed(const ts_parser *parser);
/* The rest of the file is deflated; false when memory runs out. */
bool ts_stream_inflate_from_here(ts_parser *parser);
ts_step ts_stream_check_tail(ts_parser *parser);

#endif
