/* What holds for a whole file or data set: equipment, character sets, numbers of items (design, section 4).
 *
 * For: the elements of a file, before they are counted.
 * Never: a serial number or station name in the equipment.
 * All functions but those that return numbers return false when memory runs out.
 */
#ifndef TAGSNIFF_COLLECT_FILE_CONTEXT_H
#define TAGSNIFF_COLLECT_FILE_CONTEXT_H

#include "collect/values_state.h"

/* The character set that a record of (0008,0005) names, -1 if it is not at hand; less when memory runs out. */
int32_t ts_find_charset(ts_value_collector *collector, size_t record);
int32_t ts_intern_charset(ts_value_collector *collector, ts_text text);
/* Number of an equipment, new or known; negative when memory runs out. */
int32_t ts_intern_equipment(ts_value_collector *collector, const ts_equipment *equipment);
bool ts_find_equipment(ts_value_collector *collector);
/* Whether a file of the shape of the one before plainly is of the same equipment. */
bool ts_has_same_equipment(const ts_value_collector *collector);
/* What every record's data set says of its character set, and how many items each sequence has. */
bool ts_read_file_context(ts_value_collector *collector);

#endif
