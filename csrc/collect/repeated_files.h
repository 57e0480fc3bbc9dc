/* Files that repeat the previous file except for some values (docs/repeated-files.md).
 *
 * For: counting them without a pass over what is the same.
 * Never: a guess. The parser has compared each value.
 */
#ifndef TAGSNIFF_COLLECT_REPEATED_FILES_H
#define TAGSNIFF_COLLECT_REPEATED_FILES_H

#include "collect/values_state.h"

/* Counts a file that has the records, series, equipment and character sets of the previous file, and a path that sorts
 * after all earlier ones. False when memory runs out or the profile does not answer. */
bool ts_count_repeated(ts_value_collector *collector, const ts_repeat *repeat);
/* Adds all deferred counts to the uses and rows. */
void ts_settle(ts_value_collector *collector);

#endif
