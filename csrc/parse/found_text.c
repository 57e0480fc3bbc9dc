/* Text inside a binary value: the implementation of found_text.h with zlib (RFC 1950, 1952, 4648).
 *
 * For: values as they arrive, in pieces of any length.
 * Never: a stream that is taken for granted. Bytes that turn out to be none are looked at as they are.
 */
#include "parse/found_text.h"

#include <stdlib.h>
#include <string.h>
#include <zlib.h>

#include "dicom/base64_text.h"
#include "dicom/samples.h"

enum {
    HEADER_BYTES = 4,
    DECISION_BYTES = TS_STREAM_LAST_OFFSET + HEADER_BYTES,
    BLOCK_BYTES = 4096,        /* inflated at once, whatever the pieces in which the value arrives */
    HELD_BYTES = 65536,        /* after that many it is a stream */
    RETRY_BYTES = BLOCK_BYTES, /* no other place is tried if more was inflated */
    LEAST_OUT_BYTES = 256,     /* of a damaged zlib stream: two bytes of a header are no proof */
    GZIP_WINDOW_BITS = MAX_WBITS + 16
};

enum { IS_DECLARED = 1, IS_CUT = 2, IS_PART = 4, IS_SIZE = 8, IS_UTF_16 = 16 };

bool ts_found_is_text_of_samples(const ts_found_text *found) {
    enum { BYTES_BEYOND_ASCII = 6 };
    size_t beyond = 0;
    for (size_t i = 0; i < found->text.length; i++) {
        beyond += found->text.bytes[i] >= 0x80 ? 1 : 0;
    }
    return found->source != TS_TEXT_IN_BYTES || ts_is_text_of_samples(found->text) ||
           (!found->is_declared && !found->is_utf16 && beyond >= BYTES_BEYOND_ASCII);
}

void ts_write_found_head(const ts_found_text *found, uint8_t head[TS_FOUND_HEAD_BYTES]) {
    for (size_t i = 0; i < sizeof(uint32_t); i++) {
        head[i] = (uint8_t)(found->text.length >> 8 * i);
    }
    head[4] = found->source;
    head[5] =
        (uint8_t)((found->is_declared ? IS_DECLARED : 0) | (found->is_cut ? IS_CUT : 0) |
                  (found->is_part ? IS_PART : 0) | (found->is_size ? IS_SIZE : 0) | (found->is_utf16 ? IS_UTF_16 : 0));
}

ts_found_text ts_captured_found(const uint8_t *captured) {
    const uint32_t length =
        (uint32_t)captured[0] | (uint32_t)captured[1] << 8 | (uint32_t)captured[2] << 16 | (uint32_t)captured[3] << 24;
    return (ts_found_text){.text = {.bytes = &captured[TS_FOUND_HEAD_BYTES], .length = length},
                           .source = captured[4],
                           .is_declared = (captured[5] & IS_DECLARED) != 0,
                           .is_utf16 = (captured[5] & IS_UTF_16) != 0,
                           .is_cut = (captured[5] & IS_CUT) != 0,
                           .is_part = (captured[5] & IS_PART) != 0,
                           .is_size = (captured[5] & IS_SIZE) != 0};
}

void ts_text_finder_begin(ts_text_finder *finder) {
    *finder = (ts_text_finder){.zlib = NULL};
    ts_runs_begin(&finder->runs);
    ts_runs_begin(&finder->inner);
    ts_buffer_begin(&finder->bytes, sizeof(uint8_t));
    ts_buffer_begin(&finder->found, sizeof(uint8_t));
    ts_buffer_begin(&finder->piece, sizeof(uint8_t));
}

void ts_text_finder_free(ts_text_finder *finder) {
    if (finder->zlib != NULL) {
        (void)inflateEnd(finder->zlib);
        free(finder->zlib);
        finder->zlib = NULL;
    }
    ts_runs_free(&finder->runs);
    ts_runs_free(&finder->inner);
    ts_buffer_free(&finder->bytes);
    ts_buffer_free(&finder->found);
    ts_buffer_free(&finder->piece);
}

static bool push(ts_buffer *buffer, const uint8_t *bytes, size_t length) {
    if (!ts_buffer_reserve(buffer, length)) {
        return false;
    }
    if (length > 0) {
        memcpy(&((uint8_t *)buffer->items)[buffer->count], bytes, length);
    }
    buffer->count += length;
    return true;
}

/* Runs of the bytes as they are, and base64 in them */

static bool give_decoded(void *context, const ts_run *run) {
    const ts_text_finder *finder = context;
    const ts_found_text found = {
        .text = run->text, .source = TS_TEXT_IN_BASE64, .is_declared = run->is_declared, .is_cut = run->is_cut};
    return finder->take(finder->context, &found);
}

static bool give_run(void *context, const ts_run *run) {
    ts_text_finder *finder = context;
    const ts_found_text found = {.text = run->text,
                                 .source = TS_TEXT_IN_BYTES,
                                 .is_declared = run->is_declared,
                                 .is_utf16 = run->is_utf16,
                                 .is_cut = run->is_cut};
    if (!finder->take(finder->context, &found)) {
        return false;
    }
    ts_text rest = run->text;
    int is_found = 0;
    while (!run->is_declared && (is_found = ts_base64_next(&rest, &finder->piece)) > 0) {
        finder->inner.take = give_decoded;
        finder->inner.context = finder;
        if (!ts_runs_add(&finder->inner, finder->piece.items, finder->piece.count) || !ts_runs_end(&finder->inner)) {
            return false;
        }
    }
    return is_found == 0;
}

void ts_text_finder_clear(ts_text_finder *finder, ts_charset_kind kind) {
    ts_runs_clear(&finder->runs);
    ts_runs_clear(&finder->inner);
    finder->runs.charset_kind = finder->inner.charset_kind = kind;
    finder->inner.has_lines = true;
    finder->runs.take = give_run;
    finder->runs.context = finder;
    finder->bytes.count = 0;
    finder->state = TS_STREAM_UNDECIDED;
}

/* Ends the search for streams. The bytes from index `from` on are looked at as they are. */
static bool go_on_without(ts_text_finder *finder, size_t from) {
    const uint8_t *bytes = finder->bytes.items;
    const size_t count = finder->bytes.count;
    finder->state = TS_STREAM_NONE;
    finder->bytes.count = 0;
    return from >= count || ts_runs_add(&finder->runs, &bytes[from], count - from);
}

/* Streams */

static bool collect_run(void *context, const ts_run *run) {
    ts_text_finder *finder = context;
    const ts_found_text found = {
        .text = run->text, .source = (uint8_t)finder->source, .is_declared = run->is_declared, .is_cut = run->is_cut};
    uint8_t head[TS_FOUND_HEAD_BYTES];
    ts_write_found_head(&found, head);
    return push(&finder->found, head, sizeof head) && push(&finder->found, run->text.bytes, run->text.length);
}

/* Passes on the runs of the stream. */
static bool give_stream(ts_text_finder *finder, bool is_part) {
    const uint8_t *bytes = finder->found.items;
    if (is_part && finder->found.count == 0) {
        uint8_t size[sizeof finder->out_bytes];
        for (size_t i = 0; i < sizeof size; i++) {
            size[i] = (uint8_t)(finder->out_bytes >> 8 * i);
        }
        const ts_found_text none = {.text = {.bytes = size, .length = sizeof size},
                                    .source = (uint8_t)finder->source,
                                    .is_part = true,
                                    .is_size = true};
        return finder->take(finder->context, &none);
    }
    for (size_t at = 0; at < finder->found.count;) {
        ts_found_text found = ts_captured_found(&bytes[at]);
        found.is_part = is_part;
        if (!finder->take(finder->context, &found)) {
            return false;
        }
        at += TS_FOUND_HEAD_BYTES + found.text.length;
    }
    return true;
}

static bool begin_inflate(ts_text_finder *finder) {
    const int window_bits = finder->source == TS_TEXT_IN_GZIP ? GZIP_WINDOW_BITS : MAX_WBITS;
    if (finder->zlib == NULL) {
        finder->zlib = calloc(1, sizeof *finder->zlib);
        if (finder->zlib == NULL) {
            return false;
        }
        if (inflateInit2(finder->zlib, window_bits) != Z_OK) {
            free(finder->zlib);
            finder->zlib = NULL;
            return false;
        }
        return true;
    }
    return inflateReset2(finder->zlib, window_bits) == Z_OK;
}

/* Whether a header is at the bytes, and of what. */
static bool read_header(ts_text_finder *finder, const uint8_t *bytes, size_t length) {
    enum { RESERVED_FLAGS = 0xE0, DEFLATE = 8, LARGEST_WINDOW = 7, HAS_DICTIONARY = 0x20 };
    if (length >= HEADER_BYTES && bytes[0] == 0x1F && bytes[1] == 0x8B && bytes[2] == DEFLATE &&
        (bytes[3] & RESERVED_FLAGS) == 0) {
        finder->source = TS_TEXT_IN_GZIP;
        return true;
    }
    if (length >= 2 && (bytes[0] & 0x0F) == DEFLATE && bytes[0] >> 4 <= LARGEST_WINDOW &&
        ((unsigned)bytes[0] << 8 | bytes[1]) % 31 == 0 && (bytes[1] & HAS_DICTIONARY) == 0) {
        finder->source = TS_TEXT_IN_ZLIB;
        finder->has_common_header = bytes[0] == 0x78;
        return true;
    }
    return false;
}

/* Begins the stream of the first header from index `from` on; none is the end of the search. */
static bool decide(ts_text_finder *finder, size_t from) {
    const uint8_t *bytes = finder->bytes.items;
    for (size_t at = from; at <= TS_STREAM_LAST_OFFSET && at < finder->bytes.count; at++) {
        if (read_header(finder, &bytes[at], finder->bytes.count - at)) {
            finder->state = TS_STREAM_OPEN;
            finder->offset = finder->inflated = at;
            finder->in_bytes = finder->out_bytes = 0;
            finder->is_sure = false;
            finder->found.count = 0;
            ts_runs_clear(&finder->inner);
            finder->inner.take = collect_run;
            finder->inner.context = finder;
            return begin_inflate(finder);
        }
    }
    return go_on_without(finder, 0);
}

/* Ends the stream. The bytes before it and after it are looked at as they are, those of a damaged one too. */
static bool end_stream(ts_text_finder *finder, bool is_part) {
    const uint8_t *bytes = finder->bytes.items;
    const bool is_looked_at = is_part && !finder->is_sure;
    if (!ts_runs_end(&finder->inner)) {
        return false;
    }
    if (!is_looked_at && finder->offset > 0 &&
        (!ts_runs_add(&finder->runs, bytes, finder->offset) || !ts_runs_end(&finder->runs))) {
        return false;
    }
    return give_stream(finder, is_part) && go_on_without(finder, is_looked_at ? 0 : finder->inflated);
}

/* Ends a stream that cannot be inflated further. It may not have been one; then the next header is tried. */
static bool fail(ts_text_finder *finder) {
    const bool is_stream = finder->is_sure || (finder->source == TS_TEXT_IN_GZIP
                                                   ? finder->out_bytes > 0
                                                   : finder->has_common_header && finder->out_bytes >= LEAST_OUT_BYTES);
    if (is_stream) {
        return end_stream(finder, true);
    }
    return finder->in_bytes <= RETRY_BYTES ? decide(finder, finder->offset + 1) : go_on_without(finder, 0);
}

/* Inflates what was not inflated yet. */
static bool inflate_bytes(ts_text_finder *finder) {
    uint8_t out[BLOCK_BYTES];
    z_stream *zlib = finder->zlib;
    for (;;) {
        const size_t given = finder->bytes.count - finder->inflated;
        zlib->next_in = (z_const Bytef *)&((uint8_t *)finder->bytes.items)[finder->inflated];
        zlib->avail_in = (uInt)given;
        zlib->next_out = out;
        zlib->avail_out = sizeof out;
        const int result = inflate(zlib, Z_NO_FLUSH);
        const size_t produced = sizeof out - zlib->avail_out;
        finder->inflated += given - zlib->avail_in;
        finder->in_bytes += given - zlib->avail_in;
        finder->out_bytes += produced;
        zlib->next_in = NULL;
        if (result == Z_MEM_ERROR || !ts_runs_add(&finder->inner, out, produced)) {
            return false;
        }
        if (result == Z_STREAM_END) {
            return end_stream(finder, false);
        }
        if (result != Z_OK && result != Z_BUF_ERROR) {
            return fail(finder);
        }
        if (finder->out_bytes > TS_STREAM_LIMIT_BYTES ||
            finder->out_bytes > TS_STREAM_RATIO * (finder->in_bytes + (finder->bytes.count - finder->inflated))) {
            return end_stream(finder, true);
        }
        if (zlib->avail_out > 0) {
            return true;
        }
    }
}

/* Forgets the bytes that were inflated, if there are many; those before the stream stay. */
static void drop_inflated(ts_text_finder *finder) {
    if (finder->state == TS_STREAM_OPEN && finder->inflated >= HELD_BYTES) {
        uint8_t *bytes = finder->bytes.items;
        const size_t left = finder->bytes.count - finder->inflated;
        memmove(&bytes[finder->offset], &bytes[finder->inflated], left);
        finder->bytes.count = finder->offset + left;
        finder->inflated = finder->offset;
        finder->is_sure = true;
    }
}

/* Goes on with the bytes that are held. A header that is none may be followed by another one. */
static bool process(ts_text_finder *finder, bool is_end) {
    if (finder->state == TS_STREAM_UNDECIDED && !decide(finder, 0)) {
        return false;
    }
    while (finder->state == TS_STREAM_OPEN) {
        const size_t offset = finder->offset;
        if (!inflate_bytes(finder)) {
            return false;
        }
        if (finder->state == TS_STREAM_OPEN && finder->offset == offset) {
            drop_inflated(finder);
            if (!is_end) {
                return true;
            }
            if (!fail(finder)) { /* the value ends, and the stream does not */
                return false;
            }
        }
    }
    return true;
}

bool ts_text_finder_add(ts_text_finder *finder, const uint8_t *bytes, size_t length) {
    while (length > 0 && finder->state != TS_STREAM_NONE) {
        const size_t count = finder->bytes.count;
        const size_t room =
            finder->state == TS_STREAM_UNDECIDED ? DECISION_BYTES - count : BLOCK_BYTES - count % BLOCK_BYTES;
        const size_t taken = length < room ? length : room;
        if (!push(&finder->bytes, bytes, taken) || (taken == room && !process(finder, false))) {
            return false;
        }
        bytes = &bytes[taken];
        length -= taken;
    }
    return length == 0 || ts_runs_add(&finder->runs, bytes, length);
}

bool ts_text_finder_end(ts_text_finder *finder) {
    return (finder->state == TS_STREAM_NONE || process(finder, true)) && ts_runs_end(&finder->runs);
}
