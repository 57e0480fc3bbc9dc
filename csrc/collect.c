/* The collector: identities counted over files, behind collect.h (design: identity of an element).
 *
 * For: one pass over the records of a file, one look-up for each.
 * Never: recursion, values, or a number that depends on the order of the files (the order of rows does).
 */
#include "collect.h"

#include <stdlib.h>
#include <string.h>

#include "intern.h"
#include "private_block.h"
#include "vr.h"

/* What counting needs beside the row itself. */
typedef struct row_state {
    uint64_t last_file;   /* number of the file, from 1, that was counted last */
    uint32_t last_series; /* series that was counted last; TS_NO_NUMBER at first */
} row_state;

struct ts_collector {
    ts_buffer rows;         /* ts_identity */
    ts_buffer states;       /* row_state, one for each row */
    ts_index row_index;     /* of rows, by parent, tag, creator and block */
    ts_index series_of_row; /* pairs of row and series that were counted; the hash is the pair */
    ts_pool creators;
    ts_pool series;
    ts_buffer row_of_record;     /* int32_t: scratch for one file */
    ts_buffer creator_of_record; /* int32_t: scratch for one file */
    uint64_t files;
    uint32_t last_series;
    uint64_t deviation_files[TS_DEVIATION_COUNT];
};

static const ts_field fields[] = {
#define TS_IDENTITY_FIELD(type, name, dimension, format) {#name, format, (uint32_t)offsetof(ts_identity, name)},
    TS_IDENTITY_FIELDS(TS_IDENTITY_FIELD)
#undef TS_IDENTITY_FIELD
};

const ts_field *ts_identity_fields(uint32_t *count) {
    *count = (uint32_t)(sizeof fields / sizeof fields[0]);
    return fields;
}

ts_collector *ts_collector_new(void) {
    ts_collector *collector = calloc(1, sizeof *collector);
    if (collector == NULL) {
        return NULL;
    }
    ts_buffer_begin(&collector->rows, sizeof(ts_identity));
    ts_buffer_begin(&collector->states, sizeof(row_state));
    ts_buffer_begin(&collector->row_of_record, sizeof(int32_t));
    ts_buffer_begin(&collector->creator_of_record, sizeof(int32_t));
    ts_index_begin(&collector->row_index);
    ts_index_begin(&collector->series_of_row);
    ts_pool_begin(&collector->creators);
    ts_pool_begin(&collector->series);
    return collector;
}

void ts_collector_free(ts_collector *collector) {
    if (collector == NULL) {
        return;
    }
    ts_buffer_free(&collector->rows);
    ts_buffer_free(&collector->states);
    ts_buffer_free(&collector->row_of_record);
    ts_buffer_free(&collector->creator_of_record);
    ts_index_free(&collector->row_index);
    ts_index_free(&collector->series_of_row);
    ts_pool_free(&collector->creators);
    ts_pool_free(&collector->series);
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

/* Number of the file's series; files without a Series Instance UID share the empty one. */
static uint32_t intern_series(ts_collector *collector, const ts_parser *parser) {
    size_t count;
    const ts_element *elements = ts_parser_elements(parser, &count);
    for (size_t i = 0; i < count; i++) {
        const uint8_t *value = value_of(parser, &elements[i]);
        if (elements[i].depth == 0 && elements[i].tag == TS_TAG_SERIES_INSTANCE_UID && value != NULL) {
            const ts_creator_text text = ts_creator_trim(value, elements[i].value_length);
            return ts_pool_intern(&collector->series, text.bytes, text.length);
        }
    }
    return ts_pool_intern(&collector->series, NULL, 0);
}

/* Number of the private creator that the record holds, looked up once for each file. */
static int32_t intern_creator(ts_collector *collector, const ts_parser *parser, const ts_element *elements,
                              int32_t record) {
    int32_t *known = &((int32_t *)collector->creator_of_record.items)[record];
    if (*known < 0) {
        const ts_creator_text text =
            ts_creator_trim(value_of(parser, &elements[record]), elements[record].value_length);
        *known = (int32_t)ts_pool_intern(&collector->creators, text.bytes, text.length);
    }
    return *known;
}

static uint64_t hash_identity(const ts_identity *row) {
    const uint64_t high = (uint64_t)(uint32_t)row->parent << 32 | row->tag;
    const uint64_t low = (uint64_t)(uint32_t)row->creator << 32 | row->block;
    return ts_mix(ts_mix(high) ^ low);
}

/* Row of the identity, new or known; -1 when memory runs out. */
static int32_t intern_identity(ts_collector *collector, const ts_identity *identity) {
    const uint64_t hash = hash_identity(identity);
    ts_identity *rows = collector->rows.items;
    size_t probe = 0;
    uint32_t number;
    while ((number = ts_index_find(&collector->row_index, hash, &probe)) != TS_NO_NUMBER) {
        const ts_identity *row = &rows[number];
        if (row->parent == identity->parent && row->tag == identity->tag && row->creator == identity->creator &&
            row->block == identity->block) {
            return (int32_t)number;
        }
    }
    number = (uint32_t)collector->rows.count;
    if (number >= INT32_MAX || !ts_buffer_reserve(&collector->rows, 1) || !ts_buffer_reserve(&collector->states, 1) ||
        !ts_index_add(&collector->row_index, hash, number)) {
        return -1;
    }
    ((ts_identity *)collector->rows.items)[collector->rows.count++] = *identity;
    ((row_state *)collector->states.items)[collector->states.count++] =
        (row_state){.last_file = 0, .last_series = TS_NO_NUMBER};
    return (int32_t)number;
}

/* Counts the series for the row if it is new there; false when memory runs out. */
static bool count_series(ts_collector *collector, int32_t number, uint32_t series) {
    row_state *state = &((row_state *)collector->states.items)[number];
    if (state->last_series == series) {
        return true;
    }
    state->last_series = series;
    const uint64_t pair = ts_mix((uint64_t)(uint32_t)number << 32 | series);
    size_t probe = 0;
    if (ts_index_find(&collector->series_of_row, pair, &probe) != TS_NO_NUMBER) {
        return true;
    }
    ((ts_identity *)collector->rows.items)[number].series++;
    return ts_index_add(&collector->series_of_row, pair, 0);
}

static bool count_element(ts_collector *collector, const ts_element *element, int32_t number, uint32_t series) {
    ts_identity *row = &((ts_identity *)collector->rows.items)[number];
    row_state *state = &((row_state *)collector->states.items)[number];
    row->vrs |= UINT64_C(1) << ts_element_vr(element);
    row->occurrences++;
    if (element->creator != TS_CREATOR_NOT_PRIVATE) {
        const uint32_t block = element->tag >> 8 & 0xFF;
        row->blocks[block / 64] |= UINT64_C(1) << block % 64;
    }
    if (state->last_file == collector->files) {
        return true;
    }
    state->last_file = collector->files;
    row->files++;
    return count_series(collector, number, series);
}

static bool make_scratch(ts_buffer *buffer, size_t count) {
    buffer->count = 0;
    if (!ts_buffer_reserve(buffer, count)) {
        return false;
    }
    buffer->count = count;
    if (count > 0) {
        memset(buffer->items, 0xFF, count * sizeof(int32_t)); /* -1 each */
    }
    return true;
}

/* The identity that one record has, given the rows of the records before it. */
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

bool ts_collector_add(ts_collector *collector, const ts_parser *parser, bool is_partial) {
    uint64_t offset;
    uint32_t tag;
    if (ts_parser_status(parser, &offset, &tag) != TS_OK && !is_partial) {
        return true;
    }
    size_t count;
    const ts_element *elements = ts_parser_elements(parser, &count);
    const uint32_t series = intern_series(collector, parser);
    if (series == TS_NO_NUMBER || !make_scratch(&collector->row_of_record, count) ||
        !make_scratch(&collector->creator_of_record, count)) {
        return false;
    }
    collector->files++;
    collector->last_series = series;
    int32_t *row_of_record = collector->row_of_record.items;
    for (size_t i = 0; i < count; i++) {
        if (elements[i].tag == TS_TAG_ITEM) { /* an item stands for its sequence */
            row_of_record[i] = row_of_record[elements[i].parent];
            continue;
        }
        ts_identity identity;
        if (!find_identity(collector, parser, elements, i, &identity)) {
            return false;
        }
        row_of_record[i] = intern_identity(collector, &identity);
        if (row_of_record[i] < 0 || !count_element(collector, &elements[i], row_of_record[i], series)) {
            return false;
        }
    }
    for (uint32_t i = 0; i < TS_DEVIATION_COUNT; i++) {
        const ts_deviation *deviation = ts_parser_deviation(parser, (ts_status)(TS_DEVIATION_FIRST + i));
        collector->deviation_files[i] += deviation->count > 0 ? 1 : 0;
    }
    return true;
}

const int32_t *ts_collector_row_of_record(const ts_collector *collector) { return collector->row_of_record.items; }

uint32_t ts_collector_last_series(const ts_collector *collector) { return collector->last_series; }

uint64_t ts_collector_files(const ts_collector *collector) { return collector->files; }

uint64_t ts_collector_series(const ts_collector *collector) { return collector->series.entries.count; }

uint64_t ts_collector_deviation(const ts_collector *collector, ts_status status) {
    return collector->deviation_files[(unsigned)status - TS_DEVIATION_FIRST];
}

const ts_identity *ts_collector_identities(const ts_collector *collector, size_t *count) {
    *count = collector->rows.count;
    return collector->rows.items;
}

size_t ts_collector_creator_count(const ts_collector *collector) { return collector->creators.entries.count; }

const uint8_t *ts_collector_creator(const ts_collector *collector, size_t creator, uint32_t *length) {
    return ts_pool_get(&collector->creators, (uint32_t)creator, length);
}
