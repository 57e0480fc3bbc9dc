/* What applies to a whole file or data set: equipment, character sets, item numbers (design, section 4).
 *
 * For: the elements of a file, before they are counted.
 * Never: a serial number or station name in the equipment.
 * Functions that return bool return false when memory runs out, unless stated otherwise.
 */
#ifndef TAGSNIFF_COLLECT_FILE_CONTEXT_H
#define TAGSNIFF_COLLECT_FILE_CONTEXT_H

#include "collect/values_state.h"

/* Returns the number of a character set, new or known; negative when memory runs out. TS_NO_CHARSET if there are
 * already 65536. */
int32_t ts_intern_charset(ts_value_collector *collector, ts_text text);
/* Returns the index of an equipment, new or known; negative when memory runs out. */
int32_t ts_intern_equipment(ts_value_collector *collector, const ts_equipment *equipment);
/* Sets file_equipment from the elements of the file's root. */
bool ts_find_equipment(ts_value_collector *collector);
/* Returns whether one of the changed values belongs to an equipment element of the root or to a Specific Character
 * Set. */
bool ts_is_context_changed(const ts_value_collector *collector, const ts_repeat *repeat);
/* Sets the character sets of the file (charset_map) and items_of_record, and makes room in block_path_of_record. */
bool ts_read_file_context(ts_value_collector *collector);

#endif
