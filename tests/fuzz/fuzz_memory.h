/* One input with a failing allocation.
 *
 * For: the fuzzer of memory, and the test that fails each allocation in turn.
 * Never: a failing allocation of the harness itself.
 */
#ifndef TAGSNIFF_FUZZ_MEMORY_H
#define TAGSNIFF_FUZZ_MEMORY_H

#include "fed_parse.h"

/* Reads and collects the input. The allocation with the given number, from 0, fails in each, and all after it too if
 * `for_good`. Returns how many failed: 0 if the number is beyond the last allocation. */
uint32_t fuzz_without_memory(const fuzz_input *input, uint32_t of_parser, uint32_t of_collectors, bool for_good);

#endif
