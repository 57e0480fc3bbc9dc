/* Equipment, character sets and item numbers of a file: the implementation of file_context.h.
 *
 * For: the passes over a file before its elements are counted.
 * Never: a serial number or station name in the equipment.
 * Terms: PS3.3 2026b, C.12.1.1.2; PS3.5 2026b, 6.1.2.3 and 7.5.
 */
#include <string.h>

#include "collect/file_context.h"
#include "collect/values_state.h"

/* Modality, Manufacturer, Manufacturer's Model Name, Software Versions: in the order of ts_equipment, which is
 * ascending by tag. */
enum { EQUIPMENT_ELEMENTS = 4 };
static const uint32_t equipment_tags[EQUIPMENT_ELEMENTS] = {0x00080060, 0x00080070, 0x00081090, 0x00181020};

/* Interns a Latin-1 name as UTF-8, so that a name in either of them is one equipment. In other character sets the bytes
 * are stored unchanged. */
static int32_t intern_equipment_text(ts_value_collector *collector, ts_text text) {
    const ts_charset_kind kind = ((const ts_charset_kind *)collector->charset_kinds.items)[collector->charset_map.root];
    if (kind != TS_CHARSET_LATIN_1 || ts_text_is_ascii(text)) {
        return ts_intern_text(collector, text.bytes, (uint32_t)text.length);
    }
    collector->key.count = 0;
    if (!ts_buffer_reserve(&collector->key, 2 * text.length)) {
        return -1;
    }
    uint8_t *utf8 = collector->key.items;
    uint32_t length = 0;
    for (size_t i = 0; i < text.length; i++) {
        if (text.bytes[i] >= 0x80) {
            utf8[length++] = (uint8_t)(0xC0 | text.bytes[i] >> 6);
            utf8[length++] = (uint8_t)(0x80 | (text.bytes[i] & 0x3F));
        } else {
            utf8[length++] = text.bytes[i];
        }
    }
    return ts_intern_text(collector, utf8, length);
}

int32_t ts_intern_equipment(ts_value_collector *collector, const ts_equipment *equipment) {
    const uint64_t hash = ts_mix(ts_hash_pair(equipment->modality, equipment->manufacturer) ^
                                 ts_hash_pair(equipment->model, equipment->software));
    const ts_equipment *known = collector->equipment.items;
    size_t probe = 0;
    uint32_t number;
    while ((number = ts_index_find(&collector->equipment_index, hash, &probe)) != TS_NO_NUMBER) {
        if (memcmp(&known[number], equipment, sizeof *equipment) == 0) {
            return (int32_t)number;
        }
    }
    number = (uint32_t)collector->equipment.count;
    if (number >= INT32_MAX || !ts_buffer_reserve(&collector->equipment, 1) ||
        !ts_index_add(&collector->equipment_index, hash, number)) {
        return -1;
    }
    ((ts_equipment *)collector->equipment.items)[collector->equipment.count++] = *equipment;
    return (int32_t)number;
}

bool ts_find_equipment(ts_value_collector *collector) {
    int32_t texts[EQUIPMENT_ELEMENTS] = {-1, -1, -1, -1};
    const bool is_ordered = ts_parser_deviation(collector->parser, TS_UNORDERED)->count == 0;
    for (size_t i = 0; i < collector->element_count; i++) {
        const ts_element *element = &collector->elements[i];
        if (element->depth > 0 || element->tag > equipment_tags[EQUIPMENT_ELEMENTS - 1]) {
            if (element->depth == 0 && is_ordered) {
                break;
            }
            continue;
        }
        for (size_t which = 0; which < EQUIPMENT_ELEMENTS; which++) {
            ts_text text;
            if (element->tag == equipment_tags[which] && texts[which] < 0 &&
                ts_captured_text(collector->parser, element, &text)) {
                texts[which] = intern_equipment_text(collector, text);
                if (texts[which] < 0) {
                    return false;
                }
            }
        }
    }
    const ts_equipment wanted = {texts[0], texts[1], texts[2], texts[3]};
    collector->file_equipment = ts_intern_equipment(collector, &wanted);
    return collector->file_equipment >= 0;
}

bool ts_is_context_changed(const ts_value_collector *collector, const ts_repeat *repeat) {
    for (size_t i = 0; i < repeat->changed_count; i++) {
        const ts_element *element = &collector->elements[repeat->changed[i]];
        if (element->tag == TS_TAG_SPECIFIC_CHARACTER_SET) {
            return true;
        }
        for (size_t which = 0; which < EQUIPMENT_ELEMENTS; which++) {
            if (element->tag == equipment_tags[which] && element->depth == 0) {
                return true;
            }
        }
    }
    return false;
}

int32_t ts_intern_charset(ts_value_collector *collector, ts_text text) {
    ts_pool *charsets = &collector->charsets;
    const uint32_t length = (uint32_t)text.length;
    const uint64_t hash = ts_hash_bytes(charsets->key, text.bytes, length);
    const uint32_t known = ts_pool_find(charsets, hash, text.bytes, length);
    if (known != TS_NO_NUMBER) {
        return (int32_t)known;
    }
    const uint32_t number = ts_pool_add(charsets, hash, text.bytes, length);
    if (number > INT32_MAX || !ts_buffer_reserve(&collector->charset_kinds, 1)) {
        return -1;
    }
    ((ts_charset_kind *)collector->charset_kinds.items)[collector->charset_kinds.count++] = ts_charset_find_kind(text);
    return (int32_t)number;
}

/* Stores the character set of a record of (0008,0005); does nothing if its value is not available. */
static bool note_charset(ts_value_collector *collector, size_t record) {
    ts_text text;
    if (!ts_captured_text(collector->parser, &collector->elements[record], &text)) {
        return true;
    }
    const int32_t charset = ts_intern_charset(collector, text);
    return charset >= 0 && ts_charset_map_note(&collector->charset_map, collector->parser, record, charset);
}

bool ts_read_file_context(ts_value_collector *collector) {
    const size_t count = collector->element_count;
    if (!ts_buffer_resize(&collector->items_of_record, count) ||
        !ts_buffer_resize(&collector->block_path_of_record, count)) {
        return false;
    }
    int32_t *items_of = collector->items_of_record.items;
    ts_charset_map_clear(&collector->charset_map);
    for (size_t i = 0; i < count; i++) { /* one pass: a file may have a million elements */
        const ts_element *element = &collector->elements[i];
        items_of[i] = 0;
        if (element->tag == TS_TAG_ITEM) {
            items_of[i] = items_of[element->parent]++;
        } else if (element->tag == TS_TAG_SPECIFIC_CHARACTER_SET && !note_charset(collector, i)) {
            return false;
        }
    }
    ts_charset_map_spread(&collector->charset_map, collector->parser);
    return true;
}
