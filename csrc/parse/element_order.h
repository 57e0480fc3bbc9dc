/* The order of the elements of a data set (PS3.5 2026b, 7.1).
 *
 * For: the deviations UNORDERED and DUPLICATE_ELEMENT.
 * Never: a change of the order of the records.
 */
#ifndef TAGSNIFF_PARSE_ELEMENT_ORDER_H
#define TAGSNIFF_PARSE_ELEMENT_ORDER_H

#include "parse/parser_state.h"

/* Sorts record indexes by tag. Stable; `scratch` has room for `count` indexes. O(count log count). */
void ts_sort_by_tag(ts_parser *parser, int32_t *records, int32_t *scratch, size_t count);
/* Compares the tag with that of the element before it in the same data set, and notes the deviation if it is not
 * greater. `offset` is that of the element. */
void ts_note_order(ts_parser *parser, ts_frame *frame, uint32_t tag, uint64_t offset);
/* Notes each duplicate tag that ts_note_order did not note, which is possible only in a data set whose elements are not
 * in order. False when memory runs out. */
bool ts_note_duplicates(ts_parser *parser, const ts_frame *frame);

#endif
