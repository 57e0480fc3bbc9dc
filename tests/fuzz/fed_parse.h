/* One input of a fuzzer, parsed in the ways that a reader could feed it.
 *
 * For: the fuzzers of this folder.
 * Never: a check that depends on an input before this one, or a byte of the input in a message.
 *
 * An input is a file as it is. How it is fed stands in bytes that the parser passes over in a file with a preamble, so
 * that a finding can be read by everything else too.
 */
#ifndef TAGSNIFF_FUZZ_FED_PARSE_H
#define TAGSNIFF_FUZZ_FED_PARSE_H

#include "parse/parse.h"

/* Bytes of the preamble, or of whatever stands in their place. */
enum { FUZZ_OPTIONS_AT = 16, FUZZ_OPTIONS_BYTES = 16 };

typedef struct fuzz_input {
    const uint8_t *bytes;
    size_t length;
    uint8_t options[FUZZ_OPTIONS_BYTES]; /* zero where the input is too short */
} fuzz_input;

typedef enum fuzz_feeding {
    FUZZ_WHOLE,  /* all at once */
    FUZZ_EXACT,  /* not a byte more than asked for */
    FUZZ_PIECES, /* some more than asked for */
    FUZZ_FEEDINGS
} fuzz_feeding;

fuzz_input fuzz_read_options(const uint8_t *bytes, size_t length);

/* The limits that the options choose. */
ts_limits fuzz_limits(const fuzz_input *input);

/* A number that the options give; the same in every run. `*state` begins as fuzz_seed. */
uint32_t fuzz_seed(const fuzz_input *input);
uint32_t fuzz_next(uint32_t *state);

/* Ends the program, for the fuzzer to keep the input, if the rule does not hold. */
void fuzz_demand(bool holds, const char *rule);

/* Parses the input, and demands what holds for every result. */
void fuzz_parse(ts_parser *parser, const fuzz_input *input, ts_limits limits, fuzz_feeding feeding, bool is_size_known);

/* The same for a file that ends at `end` although it said to be longer, or whose disk fails there. */
void fuzz_parse_broken(ts_parser *parser, const fuzz_input *input, size_t end, bool is_read_error);

/* Demands that both parsers say the same of the same file. */
void fuzz_demand_same(const ts_parser *one, const ts_parser *other);

#endif
