/* The columns of a selection: the implementation of columns.h (PS3.5 2026b, 7.5 and 7.8).
 *
 * For: storing the columns, and comparing records with them.
 * Never: recursion. The path from an element up to the root is as long as its nesting is deep.
 */
#include "select/columns.h"

#include <stdlib.h>
#include <string.h>

#include "dicom/text.h"

static const uint32_t WITHOUT_BLOCK = UINT32_C(0xFFFF00FF);

typedef struct selected_step {
    uint32_t tag;
    int32_t creator;
    size_t name_at; /* in names */
    uint32_t name_length;
    uint8_t block;
} selected_step;

void ts_columns_begin(ts_selected_columns *columns) {
    ts_buffer_begin(&columns->steps, sizeof(selected_step));
    ts_buffer_begin(&columns->names, sizeof(uint8_t));
    ts_buffer_begin(&columns->columns, sizeof(ts_selected_column));
    columns->has_paths = false;
}

void ts_columns_free(ts_selected_columns *columns) {
    ts_buffer_free(&columns->steps);
    ts_buffer_free(&columns->names);
    ts_buffer_free(&columns->columns);
}

bool ts_columns_add_step(ts_selected_columns *columns, const ts_step_asked *step, bool begins_column) {
    const size_t name_at = columns->names.count;
    if (!ts_buffer_reserve(&columns->steps, 1) || !ts_buffer_reserve(&columns->columns, 1) ||
        !ts_buffer_reserve(&columns->names, step->name_length)) {
        return false;
    }
    if (step->name_length > 0) {
        memcpy(&((uint8_t *)columns->names.items)[name_at], step->name, step->name_length);
        columns->names.count += step->name_length;
    }
    ts_selected_column *known = columns->columns.items;
    if (begins_column) {
        const uint32_t number = (uint32_t)columns->columns.count++;
        known[number] = (ts_selected_column){.number = number, .first_step = columns->steps.count};
    } else {
        columns->has_paths = true;
    }
    ((selected_step *)columns->steps.items)[columns->steps.count++] = (selected_step){.tag = step->tag,
                                                                                      .creator = step->creator,
                                                                                      .name_at = name_at,
                                                                                      .name_length = step->name_length,
                                                                                      .block = step->block};
    known[columns->columns.count - 1].last_tag = step->tag;
    known[columns->columns.count - 1].step_count++;
    return true;
}

static int order_columns(const void *one, const void *other) {
    const ts_selected_column *a = one;
    const ts_selected_column *b = other;
    if (a->last_tag != b->last_tag) {
        return a->last_tag < b->last_tag ? -1 : 1;
    }
    return a->number < b->number ? -1 : a->number > b->number;
}

void ts_columns_order(ts_selected_columns *columns) {
    if (columns->columns.count > 0) {
        qsort(columns->columns.items, columns->columns.count, sizeof(ts_selected_column), order_columns);
    }
}

size_t ts_columns_find(const ts_selected_columns *columns, uint32_t last_tag) {
    const ts_selected_column *known = columns->columns.items;
    size_t first = 0;
    size_t end = columns->columns.count;
    while (first < end) {
        const size_t middle = first + (end - first) / 2;
        if (known[middle].last_tag < last_tag) {
            first = middle + 1;
        } else {
            end = middle;
        }
    }
    return first;
}

/* Whether the private creator record has the text of the step. It must be one that has a text. */
static bool is_creator(const ts_selected_columns *columns, const selected_step *step, const ts_parser *parser,
                       const ts_element *creator) {
    size_t captured_length;
    const uint8_t *captured = ts_parser_captured(parser, &captured_length);
    const ts_text text = ts_text_trim_outer(&captured[creator->captured_at], creator->value_length);
    const uint8_t *names = columns->names.items;
    return text.length == step->name_length &&
           (text.length == 0 || memcmp(text.bytes, &names[step->name_at], text.length) == 0);
}

static bool is_step(const ts_selected_columns *columns, const selected_step *step, const ts_parser *parser,
                    const ts_element *elements, int32_t record) {
    const ts_element *element = &elements[record];
    if (step->creator == TS_CREATOR_NOT_PRIVATE) {
        return element->tag == step->tag;
    }
    if (element->creator == TS_CREATOR_NOT_PRIVATE || (element->tag & WITHOUT_BLOCK) != step->tag) {
        return false;
    }
    if (step->creator < 0) {
        return element->creator == step->creator && (element->tag >> 8 & 0xFF) == step->block;
    }
    return element->creator >= 0 && is_creator(columns, step, parser, &elements[element->creator]);
}

bool ts_column_has(const ts_selected_columns *columns, const ts_selected_column *column, const ts_parser *parser,
                   int32_t record) {
    size_t count;
    const ts_element *elements = ts_parser_elements(parser, &count);
    const selected_step *steps = &((const selected_step *)columns->steps.items)[column->first_step];
    size_t left = column->step_count;
    for (;;) {
        if (!is_step(columns, &steps[left - 1], parser, elements, record)) {
            return false;
        }
        left--;
        const int32_t item = elements[record].parent;
        if (left == 0 || item < 0) {
            return left == 0 && item < 0;
        }
        record = elements[item].parent;
    }
}
