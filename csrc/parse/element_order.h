/* The order of the elements of a data set (PS3.5 2026b, 7.1).
 *
 * For: the deviations UNORDERED and DUPLICATE_TAG.
 * Never: a change of the order of the records.
 */
#ifndef TAGSNIFF_PARSE_ELEMENT_ORDER_H
#define TAGSNIFF_PARSE_ELEMENT_ORDER_H

#include "parse/parser_state.h"

/* Stable; `scratch` has room for as many records. */
void ts_sort_by_tag(ts_parser *parser, int32_t *records, int32_t *scratch, size_t count);
/* An element of the data set follows the one before it. */
void ts_note_order(ts_parser *parser, ts_frame *frame, uint32_t tag, uint64_t offset);
/* In a data set whose elements are not in order: the tags that stand twice, but not one behind the other. False when
 * memory runs out. */
bool ts_note_duplicates(ts_parser *parser, const ts_frame *frame);

#endif
