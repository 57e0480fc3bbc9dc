/* One input with an allocation that fails.
 *
 * For: the fuzzer of memory, and the sweep over all allocations.
 * Never: an allocation of the harness itself that fails.
 */
#ifndef TAGSNIFF_FUZZ_MEMORY_H
#define TAGSNIFF_FUZZ_MEMORY_H

#include "fed_parse.h"

/* Reads and collects the input. The allocation of that number, from 0, fails in each, and all behind it too if
 * `for_good`. Returns how many failed: 0 if the numbers are beyond the last allocation. */
uint32_t fuzz_without_memory(const fuzz_input *input, uint32_t of_parser, uint32_t of_collectors, bool for_good);

#endif
