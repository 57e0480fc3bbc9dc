/* Fuzzer of the parser: for any bytes the result is within bounds, and the same for any windows.
 *
 * For: libFuzzer (`make fuzz`). The input is a file; a part of its preamble chooses limits and windows.
 * Never: a parser that is kept for the next input: each finding must be reproducible from its own input.
 */
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

#include "fed_parse.h"
#include "parse/parse.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length);

enum { OPTION_DEFLATES = 7, OPTION_FEEDING, OPTION_BREAKS };

static ts_parser *new_parser(ts_limits limits) {
    ts_parser *parser = ts_parser_new(limits);
    fuzz_demand(parser != NULL, "memory is available");
    return parser;
}

/* Parses the file with one bit changed: as a template it then matches most, but not all, of the original file. */
static void parse_changed(ts_parser *parser, const fuzz_input *input, ts_limits limits) {
    if (input->length == 0) {
        return;
    }
    uint32_t state = fuzz_seed(input);
    uint8_t *bytes = malloc(input->length);
    fuzz_demand(bytes != NULL, "memory is available");
    memcpy(bytes, input->bytes, input->length);
    bytes[fuzz_next(&state) % input->length] ^= (uint8_t)(1u << fuzz_next(&state) % 8);
    const fuzz_input changed = {.bytes = bytes, .length = input->length};
    fuzz_parse(parser, &changed, limits, FUZZ_WHOLE, true);
    free(bytes);
}

static void check(const fuzz_input *input) {
    const ts_limits limits = fuzz_limits(input);
    /* Exact feeding gives captured values byte by byte. */
    const bool is_exact = input->options[OPTION_FEEDING] % 2 == 1 && input->length <= 4096;
    ts_parser *whole = new_parser(limits);
    ts_parser *pieces = new_parser(limits);
    fuzz_parse(whole, input, limits, FUZZ_WHOLE, true);
    /* A parser that has read something else before gives the same result. */
    const size_t end = input->length * input->options[OPTION_BREAKS] / 256;
    fuzz_parse_broken(pieces, input, end, input->options[OPTION_FEEDING] / 2 % 2 == 1);
    fuzz_parse(pieces, input, limits, FUZZ_PIECES, false);
    parse_changed(pieces, input, limits);
    fuzz_parse(pieces, input, limits, FUZZ_WHOLE, true);
    fuzz_demand_same(whole, pieces);
    parse_changed(pieces, input, limits);
    fuzz_parse(pieces, input, limits, is_exact ? FUZZ_EXACT : FUZZ_PIECES, true);
    fuzz_demand_same(whole, pieces);
    ts_parser_free(whole);
    ts_parser_free(pieces);
}

/* The input as a deflated data set: the bytes after the preamble, or all of it. */
static void check_deflated(const fuzz_input *input) {
    static const uint8_t front[] = {'D', 'I', 'C', 'M', 2, 0, 0x10, 0, 'U', 'I', 22, 0};
    static const char uid[22] = "1.2.840.10008.1.2.1.99";
    enum { PREAMBLE_BYTES = 128, FRONT_BYTES = PREAMBLE_BYTES + sizeof front + sizeof uid };
    const size_t skipped = input->length > PREAMBLE_BYTES ? PREAMBLE_BYTES : 0;
    z_stream zlib = {.next_in = (z_const Bytef *)&input->bytes[skipped], .avail_in = (uInt)(input->length - skipped)};
    fuzz_demand(deflateInit2(&zlib, 1, Z_DEFLATED, -MAX_WBITS, 8, Z_DEFAULT_STRATEGY) == Z_OK, "zlib starts");
    const size_t room = FRONT_BYTES + deflateBound(&zlib, zlib.avail_in);
    uint8_t *bytes = calloc(1, room);
    fuzz_demand(bytes != NULL, "memory is available");
    memcpy(&bytes[PREAMBLE_BYTES], front, sizeof front);
    memcpy(&bytes[PREAMBLE_BYTES + sizeof front], uid, sizeof uid);
    memcpy(&bytes[FUZZ_OPTIONS_AT], input->options, FUZZ_OPTIONS_BYTES);
    zlib.next_out = &bytes[FRONT_BYTES];
    zlib.avail_out = (uInt)(room - FRONT_BYTES);
    fuzz_demand(deflate(&zlib, Z_FINISH) == Z_STREAM_END, "zlib ends");
    fuzz_input whole = *input;
    whole.bytes = bytes;
    whole.length = FRONT_BYTES + zlib.total_out;
    (void)deflateEnd(&zlib);
    check(&whole);
    free(bytes);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length) {
    const fuzz_input input = fuzz_read_options(bytes, length);
    if (input.options[OPTION_DEFLATES] % 4 == 1) {
        check_deflated(&input);
    } else {
        check(&input);
    }
    return 0;
}
