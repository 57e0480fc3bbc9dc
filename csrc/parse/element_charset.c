/* The character set of one element while the file is parsed: the implementation of element_charset.h (PS3.3 2026b,
 * C.12.1.1.2).
 *
 * For: a search that ends after a few records: (0008,0005) is near the start of its data set or item.
 * Never: a pass over all records of a file for each of its long values.
 */
#include "parse/element_charset.h"

#include "dicom/tag.h"

/* The kind of the character set of a data set or item (PS3.3 C.12.1.1.2), of which `first` is the first record; -1 if
 * it has none. Elements are in the order of their tags, so few are before it; no more than a few are looked at. */
static int find_own_charset(const ts_parser *parser, size_t first) {
    enum { RECORDS = 64 };
    const ts_element *elements = parser->elements.items;
    const uint8_t *captured = parser->captured.items;
    if (first >= parser->elements.count) {
        return -1;
    }
    const int32_t parent = elements[first].parent;
    for (size_t i = first; i < parser->elements.count && i - first < RECORDS; i++) {
        const ts_element *element = &elements[i];
        if (element->parent != parent) {
            continue;
        }
        if (element->tag == TS_TAG_SPECIFIC_CHARACTER_SET && element->captured_at != TS_NOT_CAPTURED &&
            (element->flags & (TS_FLAG_DIGESTED | TS_FLAG_SEQUENCE | TS_FLAG_FRAGMENTS)) == 0) {
            return (int)ts_charset_find_kind(
                (ts_text){.bytes = element->value_length == 0 ? NULL : &captured[element->captured_at],
                          .length = element->value_length});
        }
        if (element->tag > TS_TAG_SPECIFIC_CHARACTER_SET) {
            return -1;
        }
    }
    return -1;
}

ts_charset_kind ts_find_charset_kind(const ts_parser *parser, const ts_element *element) {
    const ts_element *elements = parser->elements.items;
    for (int32_t item = element->parent; item >= 0; item = elements[elements[item].parent].parent) {
        const int kind = find_own_charset(parser, (size_t)item + 1);
        if (kind >= 0) {
            return (ts_charset_kind)kind;
        }
    }
    const int kind = find_own_charset(parser, 0);
    return kind < 0 ? TS_CHARSET_PLAIN : (ts_charset_kind)kind;
}
