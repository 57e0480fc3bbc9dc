/* Fuzzer of selections: the cells of any columns are the records that a search through all records finds, and a parse
 * that stops after a tag has the same records up to there as the whole parse.
 *
 * For: libFuzzer (`make fuzz`). The input is a file; options as in fed_parse.h. The columns are made from its own
 *      records, so that most are found.
 * Never: a check of records after the stop, or of private creators after it.
 */
#include <stdlib.h>
#include <string.h>

#include "dicom/dictionary.h"
#include "dicom/text.h"
#include "fed_parse.h"
#include "select/selector.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length);

enum { COLUMNS = 5, MOST_STEPS = 200 };

/* The steps of a record's identity, the last one first. */
typedef struct path {
    ts_step_asked steps[MOST_STEPS];
    size_t count;
} path;

static ts_step_asked step_of(const ts_parser *parser, const ts_element *elements, const ts_element *element) {
    size_t length;
    const uint8_t *captured = ts_parser_captured(parser, &length);
    ts_step_asked step = {.tag = element->tag, .creator = element->creator};
    if (element->creator == TS_CREATOR_NOT_PRIVATE) {
        return step;
    }
    step.tag &= UINT32_C(0xFFFF00FF);
    if (element->creator < 0) {
        step.block = (uint8_t)(element->tag >> 8);
        return step;
    }
    const ts_element *creator = &elements[element->creator];
    const ts_text text = ts_text_trim_outer(&captured[creator->captured_at], creator->value_length);
    step.creator = 0;
    step.name = text.bytes;
    step.name_length = (uint32_t)text.length;
    return step;
}

static bool same_step(const ts_step_asked *one, const ts_step_asked *other) {
    return one->tag == other->tag && one->creator == other->creator && one->block == other->block &&
           one->name_length == other->name_length &&
           (one->name_length == 0 || memcmp(one->name, other->name, one->name_length) == 0);
}

static bool find_path(const ts_parser *parser, int32_t record, path *found) {
    size_t count;
    const ts_element *elements = ts_parser_elements(parser, &count);
    found->count = 0;
    while (record >= 0 && found->count < MOST_STEPS) {
        if (elements[record].tag != TS_TAG_ITEM) {
            found->steps[found->count++] = step_of(parser, elements, &elements[record]);
        }
        record = elements[record].parent;
    }
    return record < 0 && found->count > 0;
}

static size_t count_records(const ts_parser *parser, const path *asked) {
    size_t count;
    size_t found = 0;
    const ts_element *elements = ts_parser_elements(parser, &count);
    for (size_t i = 0; i < count; i++) {
        path other;
        /* Compare the tag first: finding a path is slow in nested files. */
        if ((elements[i].tag & UINT32_C(0xFFFF00FF)) != (asked->steps[0].tag & UINT32_C(0xFFFF00FF)) ||
            elements[i].tag == TS_TAG_ITEM || !find_path(parser, (int32_t)i, &other) || other.count != asked->count) {
            continue;
        }
        size_t same = 0;
        while (same < other.count && same_step(&other.steps[same], &asked->steps[same])) {
            same++;
        }
        found += same == other.count ? 1 : 0;
    }
    return found;
}

static void add_column(ts_selector *selector, const path *asked) {
    for (size_t i = asked->count; i > 0; i--) {
        fuzz_demand(ts_selector_add_step(selector, &asked->steps[i - 1], i == asked->count), "memory is available");
    }
}

static void check_cells(const ts_selector *selector, const size_t expected[COLUMNS]) {
    const ts_selected selected = ts_selector_selected(selector);
    size_t found[COLUMNS] = {0};
    uint32_t column = 0;
    fuzz_demand(selected.files == 1, "a file was added");
    for (size_t i = 0; i < selected.cell_count; i++) {
        const ts_cell *cell = &selected.cells[i];
        fuzz_demand(cell->file == 0 && cell->column < COLUMNS && cell->column >= column, "cells are in order");
        fuzz_demand(cell->value < selected.value_count, "a value is in its table");
        column = cell->column;
        found[column]++;
    }
    for (size_t i = 0; i < selected.value_count; i++) {
        const ts_cell_value *value = &selected.values[i];
        fuzz_demand(value->at <= selected.bytes_count && value->stored_bytes <= selected.bytes_count - value->at,
                    "a value is in its bytes");
        fuzz_demand(value->charset >= 0 && (size_t)value->charset < selected.charsets->entries.count,
                    "a character set is in its table");
        fuzz_demand((value->flags & TS_CELL_LENGTH_ONLY) != 0 || value->stored_bytes == value->length,
                    "a value is whole or absent");
    }
    fuzz_demand(memcmp(found, expected, sizeof found) == 0, "the cells are those that a search of all records finds");
}

static void check_selection(const ts_parser *parser, const fuzz_input *input) {
    size_t count;
    const ts_element *elements = ts_parser_elements(parser, &count);
    uint32_t state = fuzz_seed(input);
    size_t expected[COLUMNS];
    ts_selector *selector = ts_selector_new((ts_hash_key){.words = {1, 2}});
    fuzz_demand(selector != NULL, "memory is available");
    for (size_t i = 0; i < COLUMNS; i++) {
        path asked;
        const int32_t record = (int32_t)(fuzz_next(&state) % count);
        if (elements[record].tag == TS_TAG_ITEM || !find_path(parser, record, &asked)) {
            asked = (path){.steps = {{.tag = 0x00080060, .creator = TS_CREATOR_NOT_PRIVATE}}, .count = 1};
        }
        add_column(selector, &asked);
        expected[i] = count_records(parser, &asked);
    }
    fuzz_demand(ts_selector_add(selector, parser), "memory is available");
    check_cells(selector, expected);
    ts_selector_clear(selector);
    fuzz_demand(ts_selector_add(selector, parser), "memory is available");
    check_cells(selector, expected);
    ts_selector_free(selector);
}

/* Checks that the records up to the stop are those of the whole parse. In a file that is not sorted, an element after
 * the stop may decide the VR of an implicit VR element for which the dictionary allows several, and the private creator
 * of a block; these are not compared. */
static void check_stop(const ts_parser *whole, const fuzz_input *input, ts_limits limits) {
    size_t count;
    size_t stopped_count;
    const ts_element *elements = ts_parser_elements(whole, &count);
    uint32_t state = fuzz_seed(input);
    limits.stop_after_tag = elements[fuzz_next(&state) % count].tag;
    ts_parser *parser = ts_parser_new(limits);
    fuzz_demand(parser != NULL, "memory is available");
    fuzz_parse(parser, input, limits, FUZZ_PIECES, true);
    const ts_element *stopped = ts_parser_elements(parser, &stopped_count);
    fuzz_demand(stopped_count <= count, "a stopped parse has at most as many records");
    for (size_t i = 0; i < stopped_count; i++) {
        fuzz_demand(stopped[i].tag == elements[i].tag && stopped[i].parent == elements[i].parent &&
                        stopped[i].value_offset == elements[i].value_offset &&
                        stopped[i].end_offset == elements[i].end_offset,
                    "the records are those of the whole parse");
        fuzz_demand(elements[i].parent >= 0 || elements[i].tag <= limits.stop_after_tag ||
                        (elements[i].flags & (TS_FLAG_FILE_META | TS_FLAG_COMMAND)) != 0 ||
                        ts_dictionary_find(elements[i].tag) == NULL, /* may come from a wrong encoding */
                    "no record of the data set is after the stop");
    }
    if (ts_parser_is_stopped(parser)) {
        uint64_t offset;
        uint32_t tag;
        fuzz_demand(ts_parser_status(parser, &offset, &tag) == TS_OK, "a requested stop is not a fault");
    }
    ts_parser_free(parser);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length) {
    const fuzz_input input = fuzz_read_options(bytes, length);
    ts_limits limits = fuzz_limits(&input);
    limits.digests_long_values = false;
    limits.records_other_bytes = false; /* the record of a preamble comes after the others, wherever these end */
    size_t count;
    ts_parser *parser = ts_parser_new(limits);
    fuzz_demand(parser != NULL, "memory is available");
    fuzz_parse(parser, &input, limits, FUZZ_WHOLE, true);
    (void)ts_parser_elements(parser, &count);
    uint64_t offset;
    uint32_t tag;
    if (count > 0 && ts_parser_status(parser, &offset, &tag) == TS_OK) {
        check_selection(parser, &input);
    }
    if (count > 0) {
        check_stop(parser, &input, limits);
    }
    ts_parser_free(parser);
    return 0;
}
