/* What holds for a whole file or data set: equipment, character sets, numbers of items (design, section 4).
 *
 * For: the elements of a file, before they are counted.
 * Never: a serial number or station name in the equipment.
 * All functions but those that return numbers return false when memory runs out.
 */
#ifndef TAGSNIFF_COLLECT_FILE_CONTEXT_H
#define TAGSNIFF_COLLECT_FILE_CONTEXT_H

#include "collect/values_state.h"

int32_t ts_intern_charset(ts_value_collector *collector, ts_text text);
/* Number of an equipment, new or known; negative when memory runs out. */
int32_t ts_intern_equipment(ts_value_collector *collector, const ts_equipment *equipment);
bool ts_find_equipment(ts_value_collector *collector);
/* Whether the values that are others than in the file before decide its equipment, or a character set. */
bool ts_is_context_changed(const ts_value_collector *collector, const ts_repeat *repeat);
/* What every record's data set says of its character set, and how many items each sequence has. */
bool ts_read_file_context(ts_value_collector *collector);

#endif
