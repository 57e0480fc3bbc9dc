/* Files that repeat the one before but for some values (docs/repeated-files.md).
 *
 * For: counting them without a look at what is the same.
 * Never: a guess; the parser has compared each value.
 */
#ifndef TAGSNIFF_COLLECT_REPEATED_FILES_H
#define TAGSNIFF_COLLECT_REPEATED_FILES_H

#include "collect/values_state.h"

/* Counts a file that has the records, series, equipment and character sets of the file before, and a path after it. */
bool ts_count_repeated(ts_value_collector *collector, const ts_repeat *repeat);
/* Brings all that waits into uses and rows. */
void ts_settle(ts_value_collector *collector);

#endif
