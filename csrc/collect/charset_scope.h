/* Which Specific Character Set holds where in one file (PS3.3 2026b, C.12.1.1.2; PS3.5 2026b, 6.1.2.3).
 *
 * For: whoever stores values as bytes and leaves decoding to those who show them; the numbers of character sets are
 *      their own, or those of ts_charset_scope.
 * Never: a judgement of the terms; they are taken as they stand, without padding.
 */
#ifndef TAGSNIFF_COLLECT_CHARSET_SCOPE_H
#define TAGSNIFF_COLLECT_CHARSET_SCOPE_H

#include "base/bytes.h"
#include "base/text_pool.h"
#include "parse/parse.h"

/* The value of (0008,0005) that is none, and stands for an absent one too. */
enum { TS_NO_CHARSET = 0 };

/* The text of an element, without padding; false if it is not at hand: no text, longer than its limit, not captured. */
bool ts_captured_text(const ts_parser *parser, const ts_element *element, ts_text *text);

#define TS_TAG_SPECIFIC_CHARACTER_SET UINT32_C(0x00080005)

/* What holds in the root of a file and in its items, which have what holds around them unless they have their own. */
typedef struct ts_charset_map {
    ts_buffer of_record; /* int32_t: that of each item, -1 for what is no item; empty if no item has its own */
    int32_t root;
} ts_charset_map;

void ts_charset_map_begin(ts_charset_map *map);
void ts_charset_map_free(ts_charset_map *map);
/* Of another file: nothing is said yet. */
void ts_charset_map_clear(ts_charset_map *map);
/* Notes what a record of (0008,0005) says, nothing if the number is below 0; false when memory runs out. */
bool ts_charset_map_note(ts_charset_map *map, const ts_parser *parser, size_t record, int32_t charset);
/* All is noted: items take over what holds around them. */
void ts_charset_map_spread(ts_charset_map *map, const ts_parser *parser);

/* For the elements of an item, of the root for -1. */
static inline int32_t ts_charset_map_find(const ts_charset_map *map, int32_t item) {
    return item < 0 || map->of_record.count == 0 ? map->root : ((const int32_t *)map->of_record.items)[item];
}

/* The same with character sets that are interned here. */
typedef struct ts_charset_scope {
    ts_pool charsets;
    ts_charset_map map;
} ts_charset_scope;

bool ts_charset_scope_begin(ts_charset_scope *scope, ts_hash_key key);
void ts_charset_scope_free(ts_charset_scope *scope);

/* Looks through the elements of a file; false when memory runs out. */
bool ts_charset_scope_look(ts_charset_scope *scope, const ts_parser *parser);

#endif
