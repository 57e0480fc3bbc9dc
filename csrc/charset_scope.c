/* Specific Character Sets of one file: the functions behind charset_scope.h (PS3.3 2026b, C.12.1.1.2).
 *
 * For: one pass that takes what stands there, and one in which items take over what holds around them.
 * Never: a character set that only holds behind its element: it holds for its whole data set or item.
 */
#include "charset_scope.h"

#include <string.h>

#include "text.h"

static const uint32_t TAG_CHARSET = UINT32_C(0x00080005);

bool ts_charset_scope_begin(ts_charset_scope *scope, ts_hash_key key) {
    ts_pool_begin(&scope->charsets, key);
    ts_buffer_begin(&scope->of_record, sizeof(int32_t));
    scope->root = TS_NO_CHARSET;
    return ts_pool_intern(&scope->charsets, NULL, 0) == TS_NO_CHARSET;
}

void ts_charset_scope_free(ts_charset_scope *scope) {
    ts_pool_free(&scope->charsets);
    ts_buffer_free(&scope->of_record);
}

/* Number of the character set that the element names; -1 when memory runs out. */
static int32_t intern_value(ts_charset_scope *scope, const ts_parser *parser, const ts_element *element) {
    size_t captured_length;
    const uint8_t *captured = ts_parser_captured(parser, &captured_length);
    if (element->value_length == 0) {
        return TS_NO_CHARSET;
    }
    const ts_text text =
        ts_text_trim((ts_text){.bytes = &captured[element->captured_at], .length = element->value_length}, false);
    const uint32_t number = ts_pool_intern(&scope->charsets, text.bytes, (uint32_t)text.length);
    return number > INT32_MAX ? -1 : (int32_t)number;
}

static bool has_text(const ts_element *element) {
    return (element->flags & (TS_FLAG_DIGESTED | TS_FLAG_SEQUENCE | TS_FLAG_FRAGMENTS)) == 0 &&
           element->value_length <= TS_TEXT_LIMIT_BYTES &&
           (element->value_length == 0 || element->captured_at != TS_NOT_CAPTURED);
}

bool ts_charset_scope_look(ts_charset_scope *scope, const ts_parser *parser) {
    size_t count;
    const ts_element *elements = ts_parser_elements(parser, &count);
    bool has_items = false;
    scope->root = TS_NO_CHARSET;
    scope->of_record.count = 0;
    if (!ts_buffer_reserve(&scope->of_record, count)) {
        return false;
    }
    int32_t *of_record = scope->of_record.items;
    scope->of_record.count = count;
    for (size_t i = 0; i < count; i++) {
        const ts_element *element = &elements[i];
        of_record[i] = -1;
        if (element->tag == TS_TAG_ITEM) {
            has_items = true;
        } else if (element->tag == TAG_CHARSET && has_text(element)) {
            const int32_t charset = intern_value(scope, parser, element);
            if (charset < 0) {
                return false;
            }
            if (element->parent < 0) {
                scope->root = charset;
            } else {
                of_record[element->parent] = charset;
            }
        }
    }
    for (size_t i = 0; has_items && i < count; i++) {
        if (elements[i].tag == TS_TAG_ITEM && of_record[i] < 0) {
            of_record[i] = ts_charset_scope_find(scope, elements[elements[i].parent].parent);
        }
    }
    return true;
}

int32_t ts_charset_scope_find(const ts_charset_scope *scope, int32_t item) {
    return item < 0 ? scope->root : ((const int32_t *)scope->of_record.items)[item];
}
