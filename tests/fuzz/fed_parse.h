/* One input of a fuzzer, parsed in the ways that a reader could feed it.
 *
 * For: the fuzzers of this folder.
 * Never: a check that depends on an input before this one, or a byte of the input in a message.
 *
 * An input is a plain file. The way of feeding is stored in bytes that the parser skips in a file with a preamble, so
 * that every other program can read a finding too.
 */
#ifndef TAGSNIFF_FUZZ_FED_PARSE_H
#define TAGSNIFF_FUZZ_FED_PARSE_H

#include "parse/parse.h"

/* The position of the options: bytes of the preamble, or the same bytes of a file without one. */
enum { FUZZ_OPTIONS_AT = 16, FUZZ_OPTIONS_BYTES = 16 };

typedef struct fuzz_input {
    const uint8_t *bytes;
    size_t length;
    uint8_t options[FUZZ_OPTIONS_BYTES]; /* zero if the input is too short */
} fuzz_input;

typedef enum fuzz_feeding {
    FUZZ_WHOLE,  /* all at once */
    FUZZ_EXACT,  /* no byte more than requested */
    FUZZ_PIECES, /* some bytes more than requested */
    FUZZ_FEEDINGS
} fuzz_feeding;

fuzz_input fuzz_read_options(const uint8_t *bytes, size_t length);

/* The limits that the options choose. */
ts_limits fuzz_limits(const fuzz_input *input);

/* A random number seeded by the options; the same in every run. `*state` begins as fuzz_seed. */
uint32_t fuzz_seed(const fuzz_input *input);
uint32_t fuzz_next(uint32_t *state);

/* Ends the program, so that the fuzzer keeps the input, if the rule does not hold. */
void fuzz_demand(bool holds, const char *rule);

/* Parses the input, and checks what must hold for every result. */
void fuzz_parse(ts_parser *parser, const fuzz_input *input, ts_limits limits, fuzz_feeding feeding, bool is_size_known);

/* The same for a file that ends at `end` although it claimed to be longer, or whose disk fails there. */
void fuzz_parse_broken(ts_parser *parser, const fuzz_input *input, size_t end, bool is_read_error);

/* Checks that both parsers give the same result for the same file. */
void fuzz_demand_same(const ts_parser *one, const ts_parser *other);

#endif
