/* The collector of values: the implementation of values.h.
 *
 * For: one pass over the records of a file that ts_collector has just counted.
 * Never: a result that depends on the order of the files, except row indexes.
 */
#include <stdlib.h>
#include <string.h>

#include "collect/count_element.h"
#include "collect/file_context.h"
#include "collect/repeated_files.h"
#include "collect/values.h"
#include "collect/values_state.h"
#include "collect/varying_values.h"

TS_DEFINE_FIELDS(ts_equipment_fields, ts_equipment, TS_EQUIPMENT_FIELDS)
TS_DEFINE_FIELDS(ts_element_use_fields, ts_element_use, TS_ELEMENT_USE_FIELDS)
TS_DEFINE_FIELDS(ts_row_fields, ts_row, TS_ROW_FIELDS)

/* Sets the path of the file, and is_path_last: whether it sorts after last_path, so that no existing example changes.
 * False when memory runs out. */
static bool note_path(ts_value_collector *collector, const uint8_t *path, uint32_t length) {
    ts_buffer *last = &collector->last_path;
    collector->path = (ts_text){.bytes = path, .length = length};
    collector->path_number = -1;
    collector->is_path_last =
        ts_text_order(collector->path, (ts_text){.bytes = last->items, .length = last->count}) > 0;
    if (collector->is_path_last) {
        last->count = 0;
        if (!ts_buffer_reserve(last, length)) {
            return false;
        }
        memcpy(last->items, path, length);
        last->count = length;
    }
    return true;
}

/* Counts a file that does not repeat the previous one. */
static bool count_file(ts_value_collector *collector) {
    ts_buffer *counted = &collector->counted_records;
    const size_t count = collector->element_count <= TS_REPEAT_RECORDS ? collector->element_count : 0;
    collector->has_plan = false;
    if (!ts_buffer_resize(counted, count)) {
        return false;
    }
    const int32_t *row_of_record = ts_collector_row_of_record(collector->identities);
    int32_t *block_path_of = collector->block_path_of_record.items;
    for (size_t i = 0; i < collector->element_count; i++) {
        if (collector->elements[i].tag == TS_TAG_ITEM) {
            block_path_of[i] = block_path_of[collector->elements[i].parent];
            if (i < count) {
                ((ts_counted_record *)counted->items)[i] = (ts_counted_record){.use = -1, .code_row = -1};
            }
        } else if (!ts_count_element(collector, i, row_of_record[i])) {
            return false;
        }
    }
    return true;
}

bool ts_value_collector_add(ts_value_collector *collector, const ts_parser *parser, const uint8_t *path,
                            uint32_t path_length, bool is_partial) {
    const uint64_t files_before = ts_collector_files(collector->identities);
    if (!ts_collector_add(collector->identities, parser, is_partial)) {
        return false;
    }
    collector->file = ts_collector_files(collector->identities);
    if (collector->file == files_before) {
        return true;
    }
    collector->parser = parser;
    collector->elements = ts_parser_elements(parser, &collector->element_count);
    collector->series = ts_collector_last_series(collector->identities);
    collector->patient = ts_patient_word(ts_collector_known_series(collector->identities), collector->series);
    const ts_repeat repeat = ts_parser_repeat(parser);
    if (!note_path(collector, path, path_length)) {
        return false;
    }
    if (ts_collector_is_repeated(collector->identities) && collector->is_path_last &&
        !ts_is_context_changed(collector, &repeat)) {
        return ts_count_repeated(collector, &repeat);
    }
    ts_settle(collector);
    return ts_read_file_context(collector) && ts_find_equipment(collector) && count_file(collector);
}

ts_value_collector *ts_value_collector_new(ts_hash_key hash_key, const uint8_t *patient_key, uint32_t max_values,
                                           ts_decide decide, void *context) {
    ts_value_collector *collector = calloc(1, sizeof *collector);
    if (collector == NULL) {
        return NULL;
    }
    collector->max_values = max_values < 1 ? 1 : max_values;
    collector->decide = decide;
    collector->context = context;
    ts_buffer_begin(&collector->equipment, sizeof(ts_equipment));
    ts_buffer_begin(&collector->uses, sizeof(ts_element_use));
    ts_buffer_begin(&collector->use_states, sizeof(ts_use_state));
    ts_buffer_begin(&collector->rows, sizeof(ts_row));
    ts_buffer_begin(&collector->row_states, sizeof(ts_count_state));
    ts_buffer_begin(&collector->decisions, sizeof(ts_answer));
    ts_buffer_begin(&collector->block_paths, sizeof(ts_block_path));
    ts_buffer_begin(&collector->free_rows, sizeof(int32_t));
    ts_buffer_begin(&collector->runs, sizeof(ts_series_run));
    ts_buffer_begin(&collector->use_of_identity, sizeof(int32_t));
    ts_buffer_begin(&collector->occurrences, sizeof(ts_occurrence));
    ts_buffer_begin(&collector->occurrence_items, sizeof(int32_t));
    collector->listed_decision = -1;
    ts_buffer_begin(&collector->first_rows, sizeof(ts_first_rows));
    ts_buffer_begin(&collector->collapsed, sizeof(ts_collapsed_values));
    ts_buffer_begin(&collector->free_collapsed, sizeof(int32_t));
    ts_buffer_begin(&collector->varying, sizeof(ts_varying_values));
    ts_collapsed_tables_begin(&collector->listed);
    ts_buffer_begin(&collector->last_path, sizeof(uint8_t));
    ts_buffer_begin(&collector->counted, sizeof(int32_t));
    ts_buffer_begin(&collector->counted_records, sizeof(ts_counted_record));
    ts_buffer_begin(&collector->counted_each, sizeof(int32_t));
    ts_buffer_begin(&collector->charset_kinds, sizeof(ts_charset_kind));
    ts_charset_map_begin(&collector->charset_map);
    ts_buffer_begin(&collector->items_of_record, sizeof(int32_t));
    ts_buffer_begin(&collector->block_path_of_record, sizeof(int32_t));
    ts_buffer_begin(&collector->swapped, sizeof(uint8_t));
    ts_buffer_begin(&collector->key, sizeof(uint8_t));
    ts_pool_begin(&collector->texts, hash_key);
    ts_pool_begin(&collector->values, hash_key);
    ts_pool_begin(&collector->charsets, hash_key);
    ts_pool_begin(&collector->paths, hash_key);
    ts_text_finder_begin(&collector->finder);
    collector->identities = ts_collector_new(hash_key, patient_key);
    static const uint8_t utf8[] = "ISO_IR 192";
    static const uint8_t escapes[] = "ISO 2022 IR 6";
    if (collector->identities == NULL ||
        ts_intern_charset(collector, (ts_text){.bytes = NULL, .length = 0}) != TS_NO_CHARSET ||
        ts_intern_charset(collector, (ts_text){.bytes = utf8, .length = sizeof utf8 - 1}) != TS_CHARSET_OF_UTF_8 ||
        ts_intern_charset(collector, (ts_text){.bytes = escapes, .length = sizeof escapes - 1}) !=
            TS_CHARSET_OF_ESCAPES) {
        ts_value_collector_free(collector);
        return NULL;
    }
    return collector;
}

void ts_value_collector_free(ts_value_collector *collector) {
    if (collector == NULL) {
        return;
    }
    for (size_t i = 0; i < collector->use_states.count; i++) {
        ts_use_state *state = ts_use_state_at(collector, (int32_t)i);
        ts_bottom_k_free(&state->values);
        ts_use_cache_free(&state->cache);
        ts_series_set_free(&state->count.series);
    }
    for (size_t i = 0; i < collector->row_states.count; i++) {
        ts_series_set_free(&ts_row_state_at(collector, (int32_t)i)->series);
    }
    for (size_t i = 0; i < collector->collapsed.count; i++) {
        ts_collapsed_values_free(ts_collapsed_at(collector, (int32_t)i));
    }
    ts_collapsed_tables_free(&collector->listed);
    ts_buffer *buffers[] = {&collector->equipment,        &collector->uses,
                            &collector->use_states,       &collector->rows,
                            &collector->row_states,       &collector->first_rows,
                            &collector->decisions,        &collector->block_paths,
                            &collector->free_rows,        &collector->runs,
                            &collector->use_of_identity,  &collector->occurrences,
                            &collector->occurrence_items, &collector->last_path,
                            &collector->counted,          &collector->counted_records,
                            &collector->counted_each,     &collector->charset_kinds,
                            &collector->items_of_record,  &collector->block_path_of_record,
                            &collector->swapped,          &collector->key,
                            &collector->collapsed,        &collector->free_collapsed,
                            &collector->varying};
    for (size_t i = 0; i < sizeof buffers / sizeof buffers[0]; i++) {
        ts_buffer_free(buffers[i]);
    }
    ts_index *indexes[] = {&collector->equipment_index, &collector->use_index, &collector->row_index,
                           &collector->decision_index, &collector->block_path_index};
    for (size_t i = 0; i < sizeof indexes / sizeof indexes[0]; i++) {
        ts_index_free(indexes[i]);
    }
    ts_pool *pools[] = {&collector->texts, &collector->values, &collector->charsets, &collector->paths};
    for (size_t i = 0; i < sizeof pools / sizeof pools[0]; i++) {
        ts_pool_free(pools[i]);
    }
    ts_text_finder_free(&collector->finder);
    ts_component_cache_free(&collector->component_cache);
    ts_charset_map_free(&collector->charset_map);
    ts_collector_free(collector->identities);
    free(collector);
}

const ts_block_path *ts_value_collector_block_path(const ts_value_collector *collector, int32_t number) {
    return &((const ts_block_path *)collector->block_paths.items)[number];
}

int32_t ts_value_collector_intern_text(ts_value_collector *collector, const uint8_t *bytes, uint32_t length) {
    return ts_intern_text(collector, bytes, length);
}
