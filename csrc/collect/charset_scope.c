/* Specific Character Sets of one file: the implementation of charset_scope.h (PS3.3 2026b, C.12.1.1.2).
 *
 * For: one pass that stores the character sets of the file, and one that copies them to the items without their own.
 * Never: a character set that applies only after its element. It applies to the whole data set or item.
 */
#include "collect/charset_scope.h"
#include "dicom/text.h"

#include <string.h>

bool ts_charset_scope_begin(ts_charset_scope *scope, ts_hash_key key) {
    ts_pool_begin(&scope->charsets, key);
    ts_charset_map_begin(&scope->map);
    return ts_pool_intern(&scope->charsets, NULL, 0) == TS_NO_CHARSET;
}

void ts_charset_scope_free(ts_charset_scope *scope) {
    ts_pool_free(&scope->charsets);
    ts_charset_map_free(&scope->map);
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

void ts_charset_map_begin(ts_charset_map *map) {
    ts_buffer_begin(&map->of_record, sizeof(int32_t));
    map->root = TS_NO_CHARSET;
}

void ts_charset_map_free(ts_charset_map *map) { ts_buffer_free(&map->of_record); }

void ts_charset_map_clear(ts_charset_map *map) {
    map->of_record.count = 0;
    map->root = TS_NO_CHARSET;
}

bool ts_charset_map_note(ts_charset_map *map, const ts_parser *parser, size_t record, int32_t charset) {
    size_t count;
    const int32_t item = ts_parser_elements(parser, &count)[record].parent;
    if (charset < 0) {
        return true;
    }
    if (item < 0) {
        map->root = charset;
        return true;
    }
    if (map->of_record.count == 0) {
        if (!ts_buffer_resize(&map->of_record, count)) {
            return false;
        }
        memset(map->of_record.items, 0xFF, count * sizeof(int32_t)); /* -1 each */
    }
    ((int32_t *)map->of_record.items)[item] = charset;
    return true;
}

void ts_charset_map_spread(ts_charset_map *map, const ts_parser *parser) {
    size_t count;
    const ts_element *elements = ts_parser_elements(parser, &count);
    int32_t *of_record = map->of_record.items;
    for (size_t i = 0; i < map->of_record.count; i++) {
        if (elements[i].tag == TS_TAG_ITEM && of_record[i] < 0) {
            const int32_t around = elements[elements[i].parent].parent;
            of_record[i] = around < 0 ? map->root : of_record[around];
        }
    }
}

static int32_t intern_number(ts_charset_scope *scope, const ts_parser *parser, const ts_element *element) {
    ts_text text;
    if (!ts_captured_text(parser, element, &text)) {
        return -1;
    }
    const uint32_t number = ts_pool_intern(&scope->charsets, text.bytes, (uint32_t)text.length);
    return number > INT32_MAX ? -2 : (int32_t)number;
}

bool ts_charset_scope_look(ts_charset_scope *scope, const ts_parser *parser) {
    size_t count;
    const ts_element *elements = ts_parser_elements(parser, &count);
    ts_charset_map_clear(&scope->map);
    for (size_t i = 0; i < count; i++) {
        if (elements[i].tag == TS_TAG_SPECIFIC_CHARACTER_SET) {
            const int32_t charset = intern_number(scope, parser, &elements[i]);
            if (charset < -1 || !ts_charset_map_note(&scope->map, parser, i, charset)) {
                return false;
            }
        }
    }
    ts_charset_map_spread(&scope->map, parser);
    return true;
}
