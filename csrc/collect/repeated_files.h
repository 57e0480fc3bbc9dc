/* Files that repeat the one before but for some values.
 *
 * For: counting them without a look at what is the same.
 * Never: a guess; each value is compared.
 */
#ifndef TAGSNIFF_COLLECT_REPEATED_FILES_H
#define TAGSNIFF_COLLECT_REPEATED_FILES_H

#include "collect/values_state.h"

/* Whether the file repeats the one before but for values; then it is counted by ts_count_repeated. */
bool ts_check_repetition(ts_value_collector *collector, bool *is_repeated);
bool ts_count_repeated(ts_value_collector *collector);
/* Brings the files that repeat the one before into uses and rows. */
void ts_settle(ts_value_collector *collector);

#endif
