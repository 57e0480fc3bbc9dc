/* The stream below the parser: the bytes of the file, or those inflated from some offset on (PS3.5 2026b, A.5).
 *
 * For: finding out whether the bytes at the position are in the window, and which bytes are missing.
 * Never: knowledge of data elements.
 */
#include "parse/stream.h"
#include "parse/parser_state.h"

enum { TRAILER_BYTES = 8 };

static ts_have need(ts_parser *parser, uint64_t offset, uint64_t length) {
    parser->need_offset = offset;
    parser->need_length = length;
    return TS_HAVE_MORE;
}

bool ts_stream_is_passed(const ts_parser *parser) {
    return parser->size != TS_UNKNOWN_SIZE && parser->cursor.at > parser->size;
}

/* A fault of the deflate stream is reported when its bytes are needed, not when its piece is inflated. */
static ts_have inflate_ended(ts_parser *parser) {
    ts_fail(parser, parser->inflate_fault, parser->cursor.window_offset + parser->cursor.window_length, TS_NO_TAG);
    return TS_HAVE_END;
}

/* Number of bytes that may be read before inflate_limit_bytes is reached. Bytes inflated in advance do not count. */
static uint64_t allowed(const ts_parser *parser) {
    if (parser->deflated_from == TS_UNKNOWN_SIZE) {
        return UINT64_MAX;
    }
    const uint64_t limit = parser->limits.inflate_limit_bytes;
    const uint64_t read = parser->cursor.at - parser->deflated_from - parser->stepped_over;
    return read < limit ? limit - read : 0;
}

uint64_t ts_stream_available(const ts_parser *parser) {
    const uint64_t available = ts_cursor_available(&parser->cursor);
    return available < allowed(parser) ? available : allowed(parser);
}

ts_have ts_stream_bring(ts_parser *parser, uint64_t length) {
    while (length > ts_cursor_available(&parser->cursor)) {
        if (parser->size != TS_UNKNOWN_SIZE &&
            (parser->cursor.at > parser->size || length > parser->size - parser->cursor.at)) {
            return TS_HAVE_END;
        }
        if (parser->deflated_from == TS_UNKNOWN_SIZE) {
            return need(parser, parser->cursor.at, length);
        }
        if (parser->inflate_fault != TS_OK) {
            return inflate_ended(parser);
        }
        switch (ts_inflate_more(&parser->inflater, &parser->file, &parser->cursor)) {
        case TS_INFLATED:
            break;
        case TS_INFLATE_INPUT:
            if (parser->file_size == TS_UNKNOWN_SIZE || parser->file.at < parser->file_size) {
                return need(parser, parser->file.at, 1);
            }
            parser->inflate_fault = TS_TRUNCATED_DEFLATE;
            break;
        case TS_INFLATE_END:
            parser->size = parser->cursor.window_offset + parser->cursor.window_length;
            parser->tail_from = parser->file.at;
            break;
        case TS_INFLATE_BAD:
            parser->inflate_fault = TS_BAD_DEFLATE;
            break;
        case TS_INFLATE_MEMORY:
            parser->inflate_fault = TS_OUT_OF_MEMORY;
            break;
        }
    }
    if (length > allowed(parser)) {
        ts_fail(parser, TS_INFLATE_LIMIT, parser->cursor.at + allowed(parser), TS_NO_TAG);
        return TS_HAVE_END;
    }
    return TS_HAVE;
}

bool ts_stream_inflate_from_here(ts_parser *parser, ts_inflate_form form) {
    if (!ts_inflate_begin(&parser->inflater, form)) {
        return false;
    }
    parser->file = parser->cursor;
    parser->file_size = parser->size;
    parser->deflated_from = parser->cursor.at;
    parser->stepped_over = 0;
    parser->cursor.window = parser->inflater.window;
    parser->cursor.window_offset = parser->cursor.at;
    parser->cursor.window_length = 0;
    parser->size = TS_UNKNOWN_SIZE;
    parser->inflate_fault = TS_OK;
    return true;
}

/* After the deflate stream there may be one zero byte, which makes the file length even (PS3.5 A.5). Some writers add
 * the trailer of gzip: four bytes of checksum and the length of the inflated data set, little endian. */
ts_step ts_stream_check_tail(ts_parser *parser) {
    ts_cursor *file = &parser->file;
    const uint32_t inflated_bytes = (uint32_t)(parser->size - parser->deflated_from);
    for (;;) {
        if (parser->file_size != TS_UNKNOWN_SIZE && file->at >= parser->file_size) {
            if (file->at - parser->tail_from > 1 && !parser->has_deflate_trailer) {
                ts_deviate(parser, TS_TRAILING_PADDING, parser->size, TS_NO_TAG);
            }
            parser->phase = TS_PHASE_DONE;
            return TS_STEP_GO;
        }
        const uint64_t left = parser->file_size == TS_UNKNOWN_SIZE ? TS_UNKNOWN_SIZE : parser->file_size - file->at;
        const uint64_t needed = left < TRAILER_BYTES ? left : TRAILER_BYTES;
        const uint64_t length = ts_cursor_available(file);
        if (length < needed) {
            (void)need(parser, file->at, needed);
            return TS_STEP_MORE;
        }
        const uint8_t *bytes = ts_cursor_peek(file, length);
        if (file->at == parser->tail_from && length >= TRAILER_BYTES) {
            const uint8_t length_bytes[4] = {bytes[4], bytes[5], bytes[6], bytes[7]};
            if (ts_load_u32(length_bytes, false) == inflated_bytes) {
                ts_deviate(parser, TS_DEFLATE_TRAILER, parser->size, TS_NO_TAG);
                parser->has_deflate_trailer = true;
                file->at += TRAILER_BYTES;
                continue;
            }
        }
        for (uint64_t i = 0; i < length; i++) {
            if (bytes[i] != 0) {
                ts_fail(parser, TS_DATA_BEHIND_DEFLATE, parser->size, TS_NO_TAG);
                return TS_STEP_GO;
            }
        }
        file->at += length;
    }
}
