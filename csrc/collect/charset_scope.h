/* Which Specific Character Set applies to which elements of one file (PS3.3 2026b, C.12.1.1.2; PS3.5 2026b, 6.1.2.3).
 *
 * For: stages that store values as bytes and leave decoding to the stages that show them. Character sets are numbered
 *      by the caller, or by ts_charset_scope.
 * Never: a check of the defined terms. They are stored as in the file, without padding.
 */
#ifndef TAGSNIFF_COLLECT_CHARSET_SCOPE_H
#define TAGSNIFF_COLLECT_CHARSET_SCOPE_H

#include "base/bytes.h"
#include "base/text_pool.h"
#include "parse/parse.h"

/* Number of the empty value of (0008,0005); also used where the element is absent. */
enum { TS_NO_CHARSET = 0 };

/* Returns the value of an element, without padding, in *text; the bytes are borrowed from the parser. False if the
 * value is not available: it is a sequence or fragments, is longer than TS_TEXT_LIMIT_BYTES, or was not captured. */
bool ts_captured_text(const ts_parser *parser, const ts_element *element, ts_text *text);

/* The character sets of the root of a file and of its items. An item without its own has that of the enclosing item or
 * root. */
typedef struct ts_charset_map {
    ts_buffer of_record; /* int32_t of each record: the item's; -1 if not an item; empty if no item has its own */
    int32_t root;
} ts_charset_map;

void ts_charset_map_begin(ts_charset_map *map);
void ts_charset_map_free(ts_charset_map *map);
/* Begins a new file: no character set is known yet. */
void ts_charset_map_clear(ts_charset_map *map);
/* Stores the character set of a record of (0008,0005); does nothing if `charset` is negative. False when memory runs
 * out. */
bool ts_charset_map_note(ts_charset_map *map, const ts_parser *parser, size_t record, int32_t charset);
/* Gives each item without its own character set that of the enclosing item or root. Call it after all records were
 * noted. */
void ts_charset_map_spread(ts_charset_map *map, const ts_parser *parser);

/* Returns the character set of the elements of an item, or of the root if `item` is negative. */
static inline int32_t ts_charset_map_find(const ts_charset_map *map, int32_t item) {
    return item < 0 || map->of_record.count == 0 ? map->root : ((const int32_t *)map->of_record.items)[item];
}

/* A ts_charset_map with character sets that are interned here. */
typedef struct ts_charset_scope {
    ts_pool charsets;
    ts_charset_map map;
} ts_charset_scope;

/* Starts an empty pool with TS_NO_CHARSET. False when memory runs out. */
bool ts_charset_scope_begin(ts_charset_scope *scope, ts_hash_key key);
void ts_charset_scope_free(ts_charset_scope *scope);

/* Finds the character sets of the file that was just parsed. False when memory runs out. */
bool ts_charset_scope_look(ts_charset_scope *scope, const ts_parser *parser);

#endif
