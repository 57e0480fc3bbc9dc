/* Specific Character Sets of one file: the functions behind charset_scope.h (PS3.3 2026b, C.12.1.1.2).
 *
 * For: one pass that takes what stands there, and one in which items take over what holds around them.
 * Never: a character set that only holds behind its element: it holds for its whole data set or item.
 */
#include "charset_scope.h"

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

bool ts_captured_text(const ts_parser *parser, const ts_element *element, ts_text *text) {
    if ((element->flags & (TS_FLAG_DIGESTED | TS_FLAG_SEQUENCE | TS_FLAG_FRAGMENTS)) != 0 ||
        element->value_length > TS_TEXT_LIMIT_BYTES ||
        (element->value_length > 0 && element->captured_at == TS_NOT_CAPTURED)) {
        return false;
    }
    size_t captured_length;
    const uint8_t *captured = ts_parser_captured(parser, &captured_length);
    *text = (ts_text){.bytes = NULL, .length = 0};
    if (element->value_length > 0) {
        *text =
            ts_text_trim((ts_text){.bytes = &captured[element->captured_at], .length = element->value_length}, false);
    }
    return true;
}

bool ts_charset_spread(const ts_parser *parser, ts_charset_number number_of, void *context, int32_t *of_record,
                       int32_t *root) {
    size_t count;
    const ts_element *elements = ts_parser_elements(parser, &count);
    bool has_items = false;
    *root = TS_NO_CHARSET;
    for (size_t i = 0; i < count; i++) {
        const ts_element *element = &elements[i];
        of_record[i] = -1;
        if (element->tag == TS_TAG_ITEM) {
            has_items = true;
        } else if (element->tag == TAG_CHARSET) {
            const int32_t charset = number_of(context, i);
            if (charset < -1) {
                return false;
            }
            if (charset >= 0) {
                *(element->parent < 0 ? root : &of_record[element->parent]) = charset;
            }
        }
    }
    for (size_t i = 0; has_items && i < count; i++) {
        if (elements[i].tag == TS_TAG_ITEM && of_record[i] < 0) {
            const int32_t around = elements[elements[i].parent].parent;
            of_record[i] = around < 0 ? *root : of_record[around];
        }
    }
    return true;
}

/* What is looked through by ts_charset_scope_look. */
typedef struct looked_through {
    ts_charset_scope *scope;
    const ts_parser *parser;
} looked_through;

static int32_t intern_number(void *context, size_t record) {
    const looked_through *looked = context;
    size_t count;
    ts_text text;
    if (!ts_captured_text(looked->parser, &ts_parser_elements(looked->parser, &count)[record], &text)) {
        return -1;
    }
    const uint32_t number = ts_pool_intern(&looked->scope->charsets, text.bytes, (uint32_t)text.length);
    return number > INT32_MAX ? -2 : (int32_t)number;
}

bool ts_charset_scope_look(ts_charset_scope *scope, const ts_parser *parser) {
    size_t count;
    (void)ts_parser_elements(parser, &count);
    scope->root = TS_NO_CHARSET;
    scope->of_record.count = 0;
    if (!ts_buffer_reserve(&scope->of_record, count)) {
        return false;
    }
    scope->of_record.count = count;
    looked_through looked = {.scope = scope, .parser = parser};
    return ts_charset_spread(parser, intern_number, &looked, scope->of_record.items, &scope->root);
}

int32_t ts_charset_scope_find(const ts_charset_scope *scope, int32_t item) {
    return item < 0 ? scope->root : ((const int32_t *)scope->of_record.items)[item];
}
