/* Why a value does not fit its VR (PS3.5 2026b, 6.2 and 6.4; PS3.6 2026b for the number of values).
 *
 * For: decisions that hide values: what breaks its VR is recorded all the same, with a flag.
 * Never: a value that fits its VR; a guess about what a value means.
 */
#ifndef TAGSNIFF_COLLECT_VALUE_BREAKS_H
#define TAGSNIFF_COLLECT_VALUE_BREAKS_H

#include "collect/value_parts.h"

/* The flags (ts_value_flag) of the rules that a part of the value breaks; 0 if it fits its VR, or if the VR has no
 * rule. The part comes from ts_value_split with asks_fit. */
unsigned ts_find_breaks(const ts_value *value, const ts_value_part *part);

#endif
