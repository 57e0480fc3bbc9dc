/* Which Specific Character Set holds where in one file (PS3.3 2026b, C.12.1.1.2; PS3.5 2026b, 6.1.2.3).
 *
 * For: whoever stores values as bytes and leaves decoding to those who show them; the numbers of character sets are
 *      their own, or those of ts_charset_scope.
 * Never: a judgement of the terms; they are taken as they stand, without padding.
 */
#ifndef TAGSNIFF_CHARSET_SCOPE_H
#define TAGSNIFF_CHARSET_SCOPE_H

#include "intern.h"
#include "parse.h"
#include "text.h"

/* The value of (0008,0005) that is none, and stands for an absent one too. */
enum { TS_NO_CHARSET = 0 };

/* The text of an element, without padding; false if it is not at hand: no text, longer than its limit, not captured. */
bool ts_captured_text(const ts_parser *parser, const ts_element *element, ts_text *text);

/* Number of the character set that a record of (0008,0005) names; -1 if it is not at hand, less when memory runs out.
 */
typedef int32_t (*ts_charset_number)(void *context, size_t record);

/* Finds what holds in the root of a file and in its items, which have what holds around them unless they have their
 * own; what is no item has -1 in `of_record`. False when memory runs out, here and below. */
bool ts_charset_spread(const ts_parser *parser, ts_charset_number number_of, void *context, int32_t *of_record,
                       int32_t *root);

/* The same with character sets that are interned here. */
typedef struct ts_charset_scope {
    ts_pool charsets;
    ts_buffer of_record; /* int32_t: that of each item of the file; -1 for what is no item */
    int32_t root;
} ts_charset_scope;

bool ts_charset_scope_begin(ts_charset_scope *scope, ts_hash_key key);
void ts_charset_scope_free(ts_charset_scope *scope);

/* Looks through the elements of a file. */
bool ts_charset_scope_look(ts_charset_scope *scope, const ts_parser *parser);

/* Number of the character set for the elements of an item (of the root for -1). */
int32_t ts_charset_scope_find(const ts_charset_scope *scope, int32_t item);

#endif
