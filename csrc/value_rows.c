/* The rows of the value collector: codes, values under their bound, and collapsed values (design, section 4).
 *
 * For: exact counts of files, series and occurrences for each of them.
 * Never: a value of a group beyond those with the smallest hashes.
 */
#include <string.h>

#include "value_collector_state.h"

enum { KEY_HEAD_BYTES = 3, UID_LIMIT_BYTES = 64 };

/* Counts file and series if they are new; false when memory runs out. */
bool ts_count(ts_value_collector *collector, ts_count_state *state, uint64_t *occurrences, uint64_t *files,
              uint64_t *series, bool *is_new_file) {
    (*occurrences)++;
    *is_new_file = state->last_file != collector->file;
    if (!*is_new_file) {
        return true;
    }
    state->last_file = collector->file;
    (*files)++;
    if (state->last_series == collector->series) {
        return true;
    }
    state->last_series = collector->series;
    const uint64_t pair = ts_mix((uint64_t)state->serial << 32 | collector->series);
    size_t probe = 0;
    if (ts_index_find(&collector->series_index, pair, &probe) != TS_NO_NUMBER) {
        return true;
    }
    (*series)++;
    return ts_index_add(&collector->series_index, pair, 0);
}

ts_count_state ts_new_count_state(ts_value_collector *collector) {
    return (ts_count_state){.last_file = 0, .last_series = TS_NO_NUMBER, .serial = collector->serials++};
}

/* The path of the file becomes the row's example if it sorts first. */
static bool note_example(ts_value_collector *collector, ts_row *row) {
    if (row->example >= 0) {
        uint32_t length;
        const uint8_t *example = ts_pool_get(&collector->paths, (uint32_t)row->example, &length);
        const size_t common = length < collector->path.length ? length : collector->path.length;
        const int order = common == 0 ? 0 : memcmp(collector->path.bytes, example, common);
        if (order > 0 || (order == 0 && collector->path.length >= length)) {
            return true;
        }
    }
    if (collector->path_number < 0) {
        const uint32_t number =
            ts_pool_intern(&collector->paths, collector->path.bytes, (uint32_t)collector->path.length);
        if (number == TS_NO_NUMBER || number > INT32_MAX) {
            return false;
        }
        collector->path_number = (int32_t)number;
    }
    row->example = collector->path_number;
    return true;
}

static bool count_row(ts_value_collector *collector, int32_t number) {
    ts_row *row = ts_row_at(collector, number);
    ts_count_state *state = &((ts_count_state *)collector->row_states.items)[number];
    bool is_new_file;
    return ts_count(collector, state, &row->occurrences, &row->files, &row->series, &is_new_file) &&
           (!is_new_file || note_example(collector, row));
}

static uint64_t hash_row(const ts_row *row) {
    return ts_mix(ts_hash_pair(row->group, row->value) ^ ts_hash_pair(row->decision, row->flags));
}

static int32_t find_row(const ts_value_collector *collector, const ts_row *wanted) {
    const ts_row *rows = collector->rows.items;
    const uint64_t hash = hash_row(wanted);
    size_t probe = 0;
    uint32_t number;
    while ((number = ts_index_find(&collector->row_index, hash, &probe)) != TS_NO_NUMBER) {
        const ts_row *row = &rows[number];
        if (row->group == wanted->group && row->value == wanted->value && row->decision == wanted->decision &&
            row->flags == wanted->flags) {
            return (int32_t)number;
        }
    }
    return -1;
}

/* Puts a new row at the end, or in the place of one that gave way to it; -1 when memory runs out. */
static int32_t place_row(ts_value_collector *collector, const ts_row *row, int32_t place) {
    if (place < 0) {
        if (collector->rows.count >= INT32_MAX || !ts_buffer_reserve(&collector->rows, 1) ||
            !ts_buffer_reserve(&collector->row_states, 1)) {
            return -1;
        }
        place = (int32_t)collector->rows.count++;
        collector->row_states.count++;
    }
    *ts_row_at(collector, place) = *row;
    ((ts_count_state *)collector->row_states.items)[place] = ts_new_count_state(collector);
    return ts_index_add(&collector->row_index, hash_row(row), (uint32_t)place) ? place : -1;
}

/* Counts what no bound holds for: codes, and the row that stands for collapsed values. */
static bool count_unbounded(ts_value_collector *collector, int32_t group, int32_t decision, int32_t value) {
    const ts_row wanted = {.group = group, .value = value, .decision = decision, .example = -1};
    int32_t number = find_row(collector, &wanted);
    if (number < 0) {
        number = place_row(collector, &wanted, -1);
    }
    return number >= 0 && count_row(collector, number);
}

/* The key of a value: form, character set and payload. */
static bool make_key(ts_value_collector *collector, char form, int32_t charset, ts_text payload) {
    collector->key.count = 0;
    if (payload.length > UINT32_MAX - KEY_HEAD_BYTES ||
        !ts_buffer_reserve(&collector->key, KEY_HEAD_BYTES + payload.length)) {
        return false;
    }
    uint8_t *key = collector->key.items;
    key[0] = (uint8_t)form;
    key[1] = (uint8_t)charset;
    key[2] = (uint8_t)(charset >> 8);
    if (payload.length > 0) {
        memcpy(&key[KEY_HEAD_BYTES], payload.bytes, payload.length);
    }
    collector->key.count = KEY_HEAD_BYTES + payload.length;
    return true;
}

/* A hash that is the same in every run: of the character set the text counts, not its number. */
static uint64_t hash_key(const ts_value_collector *collector, int32_t charset) {
    const uint8_t *key = collector->key.items;
    uint32_t length;
    const uint8_t *charset_text = ts_pool_get(&collector->charsets, (uint32_t)charset, &length);
    const uint64_t payload = ts_hash_bytes(&key[KEY_HEAD_BYTES], (uint32_t)(collector->key.count - KEY_HEAD_BYTES));
    return ts_mix(payload ^ ts_mix(key[0] ^ ts_hash_bytes(charset_text, length)));
}

bool ts_count_value(ts_value_collector *collector, int32_t group, int32_t decision, int32_t charset,
                    const ts_value_part *part, uint16_t flags) {
    if (!make_key(collector, part->form, charset, part->payload)) {
        return false;
    }
    ts_bounded *values = &ts_group_state_at(collector, group)->values;
    const uint64_t hash = ts_mix(hash_key(collector, charset) ^ flags);
    if (ts_bounded_refuses(values, collector->max_values, hash)) {
        ts_group_at(collector, group)->is_bounded = 1;
        return true;
    }
    const uint32_t value = ts_pool_intern(&collector->values, collector->key.items, (uint32_t)collector->key.count);
    if (value == TS_NO_NUMBER || value > INT32_MAX) {
        return false;
    }
    const ts_row wanted = {
        .group = group, .value = (int32_t)value, .decision = decision, .example = -1, .flags = flags};
    int32_t number = find_row(collector, &wanted);
    if (number < 0) {
        int32_t place = -1;
        if (ts_bounded_is_full(values, collector->max_values)) {
            ts_group_at(collector, group)->is_bounded = 1;
            place = ts_bounded_give_way(values);
        }
        number = place_row(collector, &wanted, place);
        if (number < 0 || !ts_bounded_add(values, hash, number)) {
            return false;
        }
    }
    return count_row(collector, number);
}

bool ts_count_collapsed(ts_value_collector *collector, int32_t group, const ts_decision *decision) {
    uint8_t payload[1 + UID_LIMIT_BYTES] = {decision->collapse};
    size_t length = 1;
    if (decision->collapse == TS_COLLAPSE_UID) {
        uint32_t root_length;
        const uint8_t *root = ts_pool_get(&collector->texts, (uint32_t)decision->uid_root, &root_length);
        const size_t taken = root_length < sizeof payload - 1 ? root_length : sizeof payload - 1;
        memcpy(&payload[1], root, taken);
        length += taken;
    }
    if (!make_key(collector, 'C', 0, (ts_text){.bytes = payload, .length = length})) {
        return false;
    }
    const uint32_t value = ts_pool_intern(&collector->values, collector->key.items, (uint32_t)collector->key.count);
    return value != TS_NO_NUMBER && count_unbounded(collector, group, decision->number, (int32_t)value);
}

bool ts_count_code(ts_value_collector *collector, int32_t group, int32_t decision) {
    return count_unbounded(collector, group, decision, -1);
}
