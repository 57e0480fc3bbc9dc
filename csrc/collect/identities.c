/* The collector of identities: the implementation of identities.h (design: identity of an element).
 *
 * For: one pass over the records of a file, with one guess for each and a look-up if the guess is wrong.
 * Never: recursion, values, or a count that depends on the order of the files. The order of the rows does depend on it.
 */
#include <stdlib.h>
#include <string.h>

#include "collect/identities.h"
#include "collect/identities_state.h"
#include "dicom/text.h"
#include "dicom/vr.h"

TS_DEFINE_FIELDS(ts_identity_fields, ts_identity, TS_IDENTITY_FIELDS)

ts_collector *ts_collector_new(ts_hash_key key, const uint8_t *patient_key) {
    ts_collector *collector = calloc(1, sizeof *collector);
    if (collector == NULL) {
        return NULL;
    }
    ts_buffer_begin(&collector->rows, sizeof(ts_identity));
    ts_buffer_begin(&collector->states, sizeof(ts_identity_state));
    ts_buffer_begin(&collector->row_of_record, sizeof(int32_t));
    ts_buffer_begin(&collector->creator_of_record, sizeof(int32_t));
    ts_buffer_begin(&collector->record_counts, sizeof(uint8_t));
    ts_index_begin(&collector->row_index);
    ts_pool_begin(&collector->creators, key);
    ts_known_series_begin(&collector->known_series, key, patient_key);
    collector->first_row = -1;
    return collector;
}

void ts_collector_free(ts_collector *collector) {
    if (collector == NULL) {
        return;
    }
    for (size_t i = 0; i < collector->states.count; i++) {
        ts_series_set_free(&ts_identity_state_at(collector, (int32_t)i)->series);
    }
    ts_buffer_free(&collector->rows);
    ts_buffer_free(&collector->states);
    ts_buffer_free(&collector->row_of_record);
    ts_buffer_free(&collector->creator_of_record);
    ts_buffer_free(&collector->record_counts);
    ts_index_free(&collector->row_index);
    ts_pool_free(&collector->creators);
    ts_known_series_free(&collector->known_series);
    free(collector);
}

static const uint8_t *value_of(const ts_parser *parser, const ts_element *element) {
    size_t captured_length;
    const uint8_t *captured = ts_parser_captured(parser, &captured_length);
    return element->value_length == 0 || element->captured_at == TS_NOT_CAPTURED ||
                   (element->flags & TS_FLAG_DIGESTED) != 0
               ? NULL
               : &captured[element->captured_at];
}

/* Number of the private creator that the record holds; interned once for each file. */
static int32_t intern_creator(ts_collector *collector, const ts_parser *parser, const ts_element *elements,
                              int32_t record) {
    int32_t *known = &((int32_t *)collector->creator_of_record.items)[record];
    if (*known < 0) {
        const ts_text text = ts_text_trim_outer(value_of(parser, &elements[record]), elements[record].value_length);
        *known = (int32_t)ts_pool_intern(&collector->creators, text.bytes, (uint32_t)text.length);
    }
    return *known;
}

static uint64_t hash_identity(const ts_collector *collector, const ts_identity *row) {
    const uint32_t words[] = {(uint32_t)row->parent, row->tag, (uint32_t)row->creator, row->block};
    uint8_t bytes[sizeof words];
    memcpy(bytes, words, sizeof words);
    return ts_hash_bytes(collector->creators.key, bytes, sizeof bytes);
}

static bool is_identity(const ts_identity *row, const ts_identity *identity) {
    return row->parent == identity->parent && row->tag == identity->tag && row->creator == identity->creator &&
           row->block == identity->block;
}

int32_t ts_collector_intern(ts_collector *collector, const ts_identity *identity) {
    const uint64_t hash = hash_identity(collector, identity);
    size_t probe = 0;
    uint32_t number;
    while ((number = ts_index_find(&collector->row_index, hash, &probe)) != TS_NO_NUMBER) {
        if (is_identity(ts_identity_at(collector, (int32_t)number), identity)) {
            return (int32_t)number;
        }
    }
    number = (uint32_t)collector->rows.count;
    if (number >= INT32_MAX || !ts_buffer_reserve(&collector->rows, 1) || !ts_buffer_reserve(&collector->states, 1) ||
        !ts_index_add(&collector->row_index, hash, number)) {
        return -1;
    }
    ((ts_identity *)collector->rows.items)[collector->rows.count++] = (ts_identity){
        .parent = identity->parent, .tag = identity->tag, .creator = identity->creator, .block = identity->block};
    ((ts_identity_state *)collector->states.items)[collector->states.count++] = (ts_identity_state){.successor = -1};
    return (int32_t)number;
}

/* Counts a record in its row; *is_first becomes whether it is the first record of the file in that row. */
static bool count_element(ts_collector *collector, const ts_element *element, int32_t number, bool *is_first) {
    ts_identity *row = ts_identity_at(collector, number);
    ts_identity_state *state = ts_identity_state_at(collector, number);
    row->vrs |= UINT64_C(1) << ts_element_vr(element);
    row->occurrences++;
    if (element->creator != TS_CREATOR_NOT_PRIVATE) {
        const uint32_t block = element->tag >> 8 & 0xFF;
        row->blocks[block / 64] |= UINT64_C(1) << block % 64;
    }
    *is_first = state->last_file != collector->files;
    if (!*is_first) {
        return true;
    }
    state->last_file = collector->files;
    row->files++;
    return ts_series_set_add(&state->series, collector->known_series.last_row);
}

/* Makes the identity of a record from the rows of the records before it. False when memory runs out. */
static bool find_identity(ts_collector *collector, const ts_parser *parser, const ts_element *elements, size_t record,
                          ts_identity *identity) {
    const ts_element *element = &elements[record];
    const int32_t *row_of_record = collector->row_of_record.items;
    *identity = (ts_identity){
        .parent = element->parent < 0 ? -1 : row_of_record[element->parent],
        .tag = element->tag,
        .creator = element->creator,
    };
    if (element->creator != TS_CREATOR_NOT_PRIVATE) {
        identity->tag = element->tag & UINT32_C(0xFFFF00FF);
        if (element->creator < 0) {
            identity->block = (uint8_t)(element->tag >> 8);
        } else {
            identity->creator = intern_creator(collector, parser, elements, element->creator);
            return identity->creator >= 0;
        }
    }
    return true;
}

/* Returns the row of the identity. The first guess, mostly right, is the row that last followed the row of the previous
 * record. */
static int32_t find_row(ts_collector *collector, int32_t before, const ts_identity *identity) {
    const int32_t guess = before < 0 ? collector->first_row : ts_identity_state_at(collector, before)->successor;
    if (guess >= 0 && is_identity(ts_identity_at(collector, guess), identity)) {
        return guess;
    }
    const int32_t number = ts_collector_intern(collector, identity);
    if (before < 0) {
        collector->first_row = number;
    } else {
        ts_identity_state_at(collector, before)->successor = number;
    }
    return number;
}

/* Counts each record; has_rows if the records, and so their rows, are those of the previous file. */
static bool count_elements(ts_collector *collector, const ts_parser *parser, bool has_rows) {
    size_t count;
    const ts_element *elements = ts_parser_elements(parser, &count);
    int32_t *row_of_record = collector->row_of_record.items;
    uint8_t *counts = collector->record_counts.items;
    int32_t before = -1;
    for (size_t i = 0; i < count; i++) {
        bool is_first;
        if (elements[i].tag == TS_TAG_ITEM) {
            row_of_record[i] = row_of_record[elements[i].parent];
            counts[i] = TS_COUNTS_NOTHING;
            continue;
        }
        if (!has_rows) {
            ts_identity identity;
            if (!find_identity(collector, parser, elements, i, &identity)) {
                return false;
            }
            before = row_of_record[i] = find_row(collector, before, &identity);
        }
        if (row_of_record[i] < 0 || !count_element(collector, &elements[i], row_of_record[i], &is_first)) {
            return false;
        }
        counts[i] = is_first ? TS_COUNTS_FILE : TS_COUNTS_OCCURRENCE;
    }
    return true;
}

/* Counts a file whose records differ from those of the previous file, whose repeats end here. */
static bool count_new(ts_collector *collector, const ts_parser *parser) {
    size_t count;
    (void)ts_parser_elements(parser, &count);
    ts_collector_settle(collector);
    if (!ts_buffer_resize(&collector->row_of_record, count) ||
        !ts_buffer_resize(&collector->creator_of_record, count) ||
        !ts_buffer_resize(&collector->record_counts, count)) {
        return false;
    }
    if (count > 0) {
        memset(collector->creator_of_record.items, 0xFF, count * sizeof(int32_t)); /* -1 each: not interned yet */
    }
    return count_elements(collector, parser, false);
}

void ts_collector_settle(ts_collector *collector) {
    const uint64_t repeats = collector->repeats;
    const int32_t *row_of_record = collector->row_of_record.items;
    const uint8_t *counts = collector->record_counts.items;
    collector->repeats = 0;
    for (size_t i = 0; repeats > 0 && i < collector->record_counts.count; i++) {
        if (counts[i] != TS_COUNTS_NOTHING) {
            ts_identity *row = ts_identity_at(collector, row_of_record[i]);
            row->occurrences += repeats;
            row->files += counts[i] == TS_COUNTS_FILE ? repeats : 0;
        }
    }
}

/* Whether a value that decides the series or patient of the file differs from that in the previous file. */
static bool is_series_changed(const ts_element *elements, const ts_repeat *repeat) {
    for (size_t i = 0; i < repeat->changed_count; i++) {
        const ts_element *element = &elements[repeat->changed[i]];
        if (ts_tag_is_of_series(element->tag) && element->depth == 0) {
            return true;
        }
    }
    return false;
}

bool ts_collector_add(ts_collector *collector, const ts_parser *parser, bool is_partial) {
    uint64_t offset;
    uint32_t tag;
    size_t count;
    if (ts_parser_status(parser, &offset, &tag) != TS_OK && !is_partial) {
        return true;
    }
    const uint32_t series_before = collector->known_series.last_row;
    const ts_repeat repeat = ts_parser_repeat(parser);
    const bool has_rows = repeat.same_as != 0 && repeat.same_as == collector->last_file;
    collector->last_file = repeat.file;
    if ((!has_rows || is_series_changed(ts_parser_elements(parser, &count), &repeat)) &&
        !ts_known_series_find(&collector->known_series, parser)) {
        return false;
    }
    ts_known_series_count_file(&collector->known_series);
    collector->files++;
    collector->is_repeated = has_rows && collector->known_series.last_row == series_before;
    if (collector->is_repeated) {
        collector->repeats++;
    } else if (has_rows ? !count_elements(collector, parser, true) : !count_new(collector, parser)) {
        return false;
    }
    for (uint32_t i = 0; i < TS_DEVIATION_COUNT; i++) {
        const ts_deviation *deviation = ts_parser_deviation(parser, (ts_status)(TS_DEVIATION_FIRST + i));
        collector->deviation_files[i] += deviation->count > 0 ? 1 : 0;
    }
    return true;
}

bool ts_collector_is_repeated(const ts_collector *collector) { return collector->is_repeated; }

uint64_t ts_collector_files(const ts_collector *collector) { return collector->files; }

const int32_t *ts_collector_row_of_record(const ts_collector *collector) { return collector->row_of_record.items; }

uint32_t ts_collector_last_series(const ts_collector *collector) { return collector->known_series.last_row; }

const ts_known_series *ts_collector_known_series(const ts_collector *collector) { return &collector->known_series; }
