/* Private blocks: which private creator reserved the block of each private element (PS3.5 2026b, 7.8.1).
 *
 * For: the end of each data set and item, when all its private creators are known, whatever their order.
 * Never: a reservation from the data set around an item, or from another item.
 */
#include "parse/private_blocks.h"
#include "dicom/text.h"
#include "parse/element_order.h"

#include <string.h>

#include "parse/parser_state.h"

enum { NOT_RESERVED = -1 };

static ts_text text_of(ts_parser *parser, int32_t record) {
    const ts_element *element = ts_record(parser, record);
    if (element->value_length == 0) {
        return (ts_text){.bytes = NULL, .length = 0};
    }
    return ts_text_trim_outer(&((const uint8_t *)parser->captured.items)[element->captured_at], element->value_length);
}

static bool is_ascii(ts_text text) {
    for (uint32_t i = 0; i < text.length; i++) {
        if (text.bytes[i] >= 0x80) {
            return false;
        }
    }
    return true;
}

/* FNV-1a, so that most different texts are found without a comparison. */
static uint32_t digest_of(ts_text text) {
    uint32_t digest = UINT32_C(2166136261);
    for (uint32_t i = 0; i < text.length; i++) {
        digest = (digest ^ text.bytes[i]) * UINT32_C(16777619);
    }
    return digest;
}

static bool texts_equal(ts_text a, ts_text b) {
    return a.length == b.length && (a.length == 0 || memcmp(a.bytes, b.bytes, a.length) == 0);
}

void ts_block_table_begin(ts_block_table *table) {
    table->reserved_count = 0;
    for (size_t i = 0; i < TS_BLOCKS; i++) {
        table->record[i] = NOT_RESERVED;
    }
}

static void clear(ts_block_table *table) {
    for (uint32_t i = 0; i < table->reserved_count; i++) {
        table->record[table->reserved[i]] = NOT_RESERVED;
    }
    table->reserved_count = 0;
}

/* Returns the record index of a private creator if it can be used, otherwise the ts_creator that says why not. */
static int32_t judge_creator(ts_parser *parser, int32_t record) {
    const ts_element *element = ts_record(parser, record);
    const uint64_t offset = element->value_offset;
    if ((element->flags & (TS_FLAG_SEQUENCE | TS_FLAG_FRAGMENTS)) != 0) {
        ts_deviate(parser, TS_CREATOR_SEQUENCE, offset, element->tag);
        return TS_CREATOR_UNUSABLE;
    }
    if (memcmp(element->vr, "LO", 2) != 0) {
        ts_deviate(parser, TS_CREATOR_VR, offset, element->tag);
    }
    if (element->value_length > TS_CREATOR_LIMIT_BYTES) {
        ts_deviate(parser, TS_CREATOR_OVERLONG, offset, element->tag);
        return TS_CREATOR_UNUSABLE;
    }
    if (element->captured_at == TS_NOT_CAPTURED) {
        return TS_CREATOR_UNUSABLE; /* only after a fault inside this value */
    }
    const ts_text text = text_of(parser, record);
    if (!is_ascii(text)) {
        ts_deviate(parser, TS_CREATOR_NOT_ASCII, offset, element->tag);
    }
    return text.length == 0 ? TS_CREATOR_EMPTY : record;
}

/* Reserves a block that is reserved already: the same text changes nothing, a different one makes both unusable. */
static void reserve_again(ts_parser *parser, ts_block_table *table, uint8_t block, int32_t creator, int32_t record) {
    const int32_t known = table->record[block];
    if (known >= 0 && creator >= 0 && texts_equal(text_of(parser, known), text_of(parser, creator))) {
        return;
    }
    if (known != creator) {
        const ts_element *element = ts_record(parser, record);
        ts_deviate(parser, TS_CREATOR_CONFLICT, element->value_offset, element->tag);
        table->record[block] = TS_CREATOR_UNUSABLE;
    }
}

/* Notes the deviation if the same private creator has already reserved another block of the group. */
static void note_duplicate(ts_parser *parser, ts_block_table *table, uint8_t block) {
    const ts_text text = text_of(parser, table->record[block]);
    table->digest[block] = digest_of(text);
    for (uint32_t i = 0; i < table->reserved_count; i++) {
        const uint8_t other = table->reserved[i];
        if (table->record[other] >= 0 && table->digest[other] == table->digest[block] &&
            texts_equal(text, text_of(parser, table->record[other]))) {
            const ts_element *element = ts_record(parser, table->record[block]);
            ts_deviate(parser, TS_DUPLICATE_CREATOR, element->value_offset, element->tag);
            break;
        }
    }
}

static void reserve(ts_parser *parser, ts_block_table *table, int32_t record) {
    const ts_element *element = ts_record(parser, record);
    const uint8_t block = (uint8_t)(element->tag & 0xFF);
    const int32_t creator = judge_creator(parser, record);
    if (table->record[block] != NOT_RESERVED) {
        reserve_again(parser, table, block, creator, record);
        return;
    }
    table->record[block] = creator;
    if (creator >= 0) {
        note_duplicate(parser, table, block);
    }
    table->reserved[table->reserved_count++] = block;
}

static void assign(ts_parser *parser, const ts_block_table *table, int32_t record) {
    ts_element *element = ts_record(parser, record);
    const int32_t creator = table->record[element->tag >> 8 & 0xFF];
    if (creator == NOT_RESERVED) {
        element->creator = TS_CREATOR_NONE;
        ts_deviate(parser, TS_CREATOR_MISSING, element->value_offset, element->tag);
    } else {
        element->creator = creator;
        if (creator == TS_CREATOR_EMPTY) {
            ts_deviate(parser, TS_CREATOR_EMPTY_BLOCK, element->value_offset, element->tag);
        }
    }
}

bool ts_resolve_private_blocks(ts_parser *parser, size_t private_mark, bool is_ordered) {
    const size_t count = parser->private_pending.count - private_mark;
    if (count == 0) {
        return true;
    }
    int32_t *records = &((int32_t *)parser->private_pending.items)[private_mark];
    if (!is_ordered) {
        if (!ts_buffer_reserve(&parser->sorted, count)) {
            return false;
        }
        ts_sort_by_tag(parser, records, parser->sorted.items, count);
    }
    /* In tag order, the private creators of a group come before the elements of its blocks. */
    ts_block_table *table = &parser->private_blocks;
    uint32_t group = 0;
    for (size_t i = 0; i < count; i++) {
        const uint32_t tag = ts_record(parser, records[i])->tag;
        if (tag >> 16 != group) {
            clear(table);
            group = tag >> 16;
        }
        if ((tag & 0xFFFF) <= 0xFF) {
            reserve(parser, table, records[i]);
        } else {
            assign(parser, table, records[i]);
        }
    }
    clear(table);
    return true;
}
