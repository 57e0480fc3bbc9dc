/* Private blocks: the private creator of each private element (PS3.5 2026b, 7.8.1).
 *
 * For: the end of each data set and item, when all its private creators are known.
 * Never: a reservation that another data set or item made.
 */
#ifndef TAGSNIFF_PARSE_PRIVATE_BLOCKS_H
#define TAGSNIFF_PARSE_PRIVATE_BLOCKS_H

#include "parse/parser_state.h"

void ts_block_table_begin(ts_block_table *table);
/* Gives every pending element of the data set that begins at private_mark its private creator; `is_ordered` says that
 * no tag of it is lower than the one before. False when memory runs out. */
bool ts_resolve_private_blocks(ts_parser *parser, size_t private_mark, bool is_ordered);

#endif
