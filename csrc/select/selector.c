/* The selector: the implementation of selector.h (design: identity of an element; PS3.5 2026b, 7.5 and 7.8).
 *
 * For: one look-up by tag for each record of a file; its parents are compared only if a column has that tag.
 * Never: recursion, or a search through all records for each column.
 */
#include "select/selector.h"

#include <stdlib.h>
#include <string.h>

#include "dicom/samples.h"

TS_DEFINE_FIELDS(ts_cell_fields, ts_cell, TS_CELL_FIELDS)
TS_DEFINE_FIELDS(ts_cell_value_fields, ts_cell_value, TS_CELL_VALUE_FIELDS)

static const uint32_t WITHOUT_BLOCK = UINT32_C(0xFFFF00FF);
static const uint16_t KEPT_FLAGS = TS_FLAG_BIG_ENDIAN | TS_FLAG_IMPLICIT_VR | TS_FLAG_FILE_META | TS_FLAG_COMMAND |
                                   TS_FLAG_SEQUENCE | TS_FLAG_FRAGMENTS | TS_FLAG_WAS_UN | TS_FLAG_AMBIGUOUS;

/* Values are equal if this head and their bytes are equal. The pool stores the head before the bytes. */
typedef struct value_head {
    uint64_t length;
    int32_t charset;
    uint16_t flags;
    char vr[2];
} value_head;

struct ts_selector {
    ts_selected_columns columns;
    bool is_ordered; /* no column was added since the last sort */
    ts_charset_scope scope;
    ts_buffer items_of;    /* uint32_t: for each record of the file, its number of items */
    ts_buffer found;       /* ts_cell: the cells of one file, in the order of its records */
    ts_buffer found_of;    /* size_t: for each column its number of cells, then the index of its next cell */
    ts_buffer key;         /* uint8_t: value_head and bytes of one value */
    ts_buffer cells;       /* ts_cell */
    ts_buffer cell_values; /* ts_cell_value, one for each entry of the pool */
    ts_pool values;
    uint32_t files;
};

ts_selector *ts_selector_new(ts_hash_key key) {
    ts_selector *selector = calloc(1, sizeof *selector);
    if (selector == NULL) {
        return NULL;
    }
    ts_columns_begin(&selector->columns);
    ts_buffer_begin(&selector->items_of, sizeof(uint32_t));
    ts_buffer_begin(&selector->found, sizeof(ts_cell));
    ts_buffer_begin(&selector->found_of, sizeof(size_t));
    ts_buffer_begin(&selector->key, sizeof(uint8_t));
    ts_buffer_begin(&selector->cells, sizeof(ts_cell));
    ts_buffer_begin(&selector->cell_values, sizeof(ts_cell_value));
    ts_pool_begin(&selector->values, key);
    if (!ts_charset_scope_begin(&selector->scope, key)) {
        ts_selector_free(selector);
        return NULL;
    }
    return selector;
}

void ts_selector_free(ts_selector *selector) {
    if (selector == NULL) {
        return;
    }
    ts_buffer *buffers[] = {&selector->items_of, &selector->found, &selector->found_of,
                            &selector->key,      &selector->cells, &selector->cell_values};
    for (size_t i = 0; i < sizeof buffers / sizeof buffers[0]; i++) {
        ts_buffer_free(buffers[i]);
    }
    ts_columns_free(&selector->columns);
    ts_pool_free(&selector->values);
    ts_charset_scope_free(&selector->scope);
    free(selector);
}

bool ts_selector_add_step(ts_selector *selector, const ts_step_asked *step, bool begins_column) {
    selector->is_ordered = false;
    return ts_columns_add_step(&selector->columns, step, begins_column);
}

/* The index of the value of a record, which is added if it is new; TS_NO_NUMBER when memory runs out. */
static uint32_t intern_value(ts_selector *selector, const ts_parser *parser, const ts_element *elements,
                             size_t record) {
    const ts_element *element = &elements[record];
    size_t captured_length;
    const uint8_t *captured = ts_parser_captured(parser, &captured_length);
    const bool is_sequence = (element->flags & TS_FLAG_SEQUENCE) != 0;
    const bool is_empty = element->value_length == 0;
    const bool has_bytes = !is_empty && element->captured_at != TS_NOT_CAPTURED &&
                           !ts_is_samples(element->tag, ts_element_vr(element)) &&
                           (element->flags & (TS_FLAG_DIGESTED | TS_FLAG_SEQUENCE | TS_FLAG_FRAGMENTS)) == 0;
    const uint32_t stored = has_bytes ? element->value_length : 0;
    value_head head;
    memset(&head, 0, sizeof head); /* padding too: heads are compared as bytes */
    head.length = is_sequence ? ((const uint32_t *)selector->items_of.items)[record]
                              : element->end_offset - element->value_offset;
    head.charset = ts_charset_map_find(&selector->scope.map, element->parent);
    head.flags =
        (uint16_t)((element->flags & KEPT_FLAGS) | (has_bytes || (is_empty && !is_sequence) ? 0 : TS_CELL_LENGTH_ONLY));
    memcpy(head.vr, ts_vr_letters(ts_element_vr(element)), sizeof head.vr);
    selector->key.count = 0;
    if (stored > UINT32_MAX - sizeof head || !ts_buffer_reserve(&selector->key, sizeof head + stored) ||
        !ts_buffer_reserve(&selector->cell_values, 1)) {
        return TS_NO_NUMBER;
    }
    memcpy(selector->key.items, &head, sizeof head);
    if (stored > 0) {
        memcpy(&((uint8_t *)selector->key.items)[sizeof head], &captured[element->captured_at], stored);
    }
    const uint32_t number = ts_pool_intern(&selector->values, selector->key.items, (uint32_t)sizeof head + stored);
    if (number != TS_NO_NUMBER && number == selector->cell_values.count) {
        const ts_pool_entry *entry = &((const ts_pool_entry *)selector->values.entries.items)[number];
        ts_cell_value *value = &((ts_cell_value *)selector->cell_values.items)[selector->cell_values.count++];
        memset(value, 0, sizeof *value);
        value->at = entry->at + sizeof head;
        value->length = head.length;
        value->stored_bytes = stored;
        value->charset = head.charset;
        value->flags = head.flags;
        memcpy(value->vr, head.vr, sizeof value->vr);
    }
    return number;
}

/* Adds a cell for each column that the record belongs to; `key` is its tag, or its tag without the block. */
static bool find_cells(ts_selector *selector, const ts_parser *parser, const ts_element *elements, size_t record,
                       uint32_t key) {
    const ts_selected_columns *selected = &selector->columns;
    const ts_selected_column *columns = selected->columns.items;
    uint32_t number = TS_NO_NUMBER;
    for (size_t i = ts_columns_find(selected, key); i < selected->columns.count && columns[i].last_tag == key; i++) {
        if (!ts_column_has(selected, &columns[i], parser, (int32_t)record)) {
            continue;
        }
        if (number == TS_NO_NUMBER) {
            number = intern_value(selector, parser, elements, record);
        }
        if (number == TS_NO_NUMBER || !ts_buffer_reserve(&selector->found, 1)) {
            return false;
        }
        ((ts_cell *)selector->found.items)[selector->found.count++] =
            (ts_cell){.file = selector->files, .column = columns[i].number, .value = number};
        ((size_t *)selector->found_of.items)[columns[i].number]++;
    }
    return true;
}

static bool count_items(ts_selector *selector, const ts_element *elements, size_t count) {
    selector->items_of.count = 0;
    if (!ts_buffer_reserve(&selector->items_of, count)) {
        return false;
    }
    uint32_t *items_of = selector->items_of.items;
    if (count > 0) {
        memset(items_of, 0, count * sizeof *items_of);
    }
    for (size_t i = 0; i < count; i++) {
        if (elements[i].tag == TS_TAG_ITEM) {
            items_of[elements[i].parent]++;
        }
    }
    return true;
}

/* Appends the cells of a file, sorted by column: a counting sort, which is stable. */
static bool place_cells(ts_selector *selector) {
    if (!ts_buffer_reserve(&selector->cells, selector->found.count)) {
        return false;
    }
    const ts_cell *found = selector->found.items;
    size_t *next_of = selector->found_of.items;
    size_t next = selector->cells.count;
    for (size_t column = 0; column < selector->columns.columns.count; column++) {
        const size_t count = next_of[column];
        next_of[column] = next;
        next += count;
    }
    for (size_t i = 0; i < selector->found.count; i++) {
        ((ts_cell *)selector->cells.items)[next_of[found[i].column]++] = found[i];
    }
    selector->cells.count = next;
    return true;
}

static bool begin_file(ts_selector *selector, const ts_parser *parser, const ts_element *elements, size_t count) {
    if (!selector->is_ordered) {
        ts_columns_order(&selector->columns);
    }
    selector->is_ordered = true;
    selector->found.count = 0;
    selector->found_of.count = 0;
    if (!ts_buffer_reserve(&selector->found_of, selector->columns.columns.count)) {
        return false;
    }
    if (selector->columns.columns.count > 0) {
        memset(selector->found_of.items, 0, selector->columns.columns.count * sizeof(size_t));
    }
    return ts_charset_scope_look(&selector->scope, parser) && count_items(selector, elements, count);
}

/* The number of records, without a last one whose value is cut short: the bytes read of it are not its value. */
static size_t count_whole(const ts_parser *parser, const ts_element *elements, size_t count) {
    uint64_t offset;
    uint32_t tag;
    if (ts_parser_status(parser, &offset, &tag) == TS_OK || count == 0) {
        return count;
    }
    const ts_element *last = &elements[count - 1];
    const bool is_cut = (last->flags & TS_FLAG_FRAGMENTS) != 0 ? last->tag == tag : offset < last->end_offset;
    return is_cut && (last->flags & TS_FLAG_SEQUENCE) == 0 ? count - 1 : count;
}

bool ts_selector_add(ts_selector *selector, const ts_parser *parser) {
    size_t count;
    const ts_element *elements = ts_parser_elements(parser, &count);
    const size_t whole_count = count_whole(parser, elements, count);
    if (!begin_file(selector, parser, elements, count)) {
        return false;
    }
    for (size_t i = 0; i < whole_count; i++) {
        const uint32_t tag = elements[i].tag;
        if (tag == TS_TAG_ITEM || (elements[i].depth > 0 && !selector->columns.has_paths)) {
            continue;
        }
        if (!find_cells(selector, parser, elements, i, tag) ||
            (elements[i].creator != TS_CREATOR_NOT_PRIVATE &&
             !find_cells(selector, parser, elements, i, tag & WITHOUT_BLOCK))) {
            return false;
        }
    }
    selector->files++;
    return place_cells(selector);
}

ts_selected ts_selector_selected(const ts_selector *selector) {
    return (ts_selected){.cells = selector->cells.items,
                         .cell_count = selector->cells.count,
                         .values = selector->cell_values.items,
                         .value_count = selector->cell_values.count,
                         .bytes = selector->values.bytes.items,
                         .bytes_count = selector->values.bytes.count,
                         .charsets = &selector->scope.charsets,
                         .files = selector->files};
}

void ts_selector_clear(ts_selector *selector) {
    const ts_hash_key key = selector->values.key;
    ts_pool_free(&selector->values);
    ts_pool_begin(&selector->values, key);
    selector->cells.count = 0;
    selector->cell_values.count = 0;
    selector->files = 0;
}
