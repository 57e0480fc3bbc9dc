/* Private blocks: the private creator of each private element (PS3.5 2026b, 7.8.1).
 *
 * For: the end of each data set and item, when all its private creators are known.
 * Never: a reservation made by another data set or item.
 */
#ifndef TAGSNIFF_PARSE_PRIVATE_BLOCKS_H
#define TAGSNIFF_PARSE_PRIVATE_BLOCKS_H

#include "parse/parser_state.h"

void ts_block_table_begin(ts_block_table *table);
/* Sets `creator` of each pending private element of the data set whose records begin at private_mark in
 * private_pending, and notes deviations. is_ordered: no tag of the data set is lower than that before it. False when
 * memory runs out. The caller removes the pending records. */
bool ts_resolve_private_blocks(ts_parser *parser, size_t private_mark, bool is_ordered);

#endif
