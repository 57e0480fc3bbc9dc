/* The rows of the collector of values: the implementation of value_rows.h (design, section 4).
 *
 * For: exact counts of files, series and occurrences for codes, bounded values and collapsed values.
 * Never: a value of a use beyond those with the smallest hashes.
 */
#include <string.h>

#include "collect/drawn_values.h"
#include "collect/value_rows.h"
#include "collect/values_state.h"

/* Adds the file's path, which sorts after all others and so is new: no look-up is needed. TS_NO_NUMBER when memory runs
 * out. */
static uint32_t push_path(ts_value_collector *collector) {
    const size_t number = collector->paths.entries.count;
    return number < TS_NO_NUMBER &&
                   ts_pool_push(&collector->paths, collector->path.bytes, (uint32_t)collector->path.length)
               ? (uint32_t)number
               : TS_NO_NUMBER;
}

static uint32_t intern_path(ts_value_collector *collector) {
    return ts_pool_index_rest(&collector->paths)
               ? ts_pool_intern(&collector->paths, collector->path.bytes, (uint32_t)collector->path.length)
               : TS_NO_NUMBER;
}

bool ts_number_path(ts_value_collector *collector) {
    if (collector->path_number < 0) {
        const uint32_t number = collector->is_path_last ? push_path(collector) : intern_path(collector);
        if (number > INT32_MAX) {
            return false;
        }
        collector->path_number = (int32_t)number;
    }
    return true;
}

bool ts_note_example(ts_value_collector *collector, ts_row *row) {
    if (row->example >= 0) {
        if (collector->is_path_last) {
            return true;
        }
        uint32_t length;
        const uint8_t *example = ts_pool_get(&collector->paths, (uint32_t)row->example, &length);
        if (ts_text_order(collector->path, (ts_text){.bytes = example, .length = length}) >= 0) {
            return true;
        }
    }
    if (!ts_number_path(collector)) {
        return false;
    }
    row->example = collector->path_number;
    return true;
}

static uint64_t hash_row(const ts_row *row) {
    return ts_mix(ts_hash_pair(row->use, row->value) ^ ts_hash_pair(row->decision, row->flags));
}

static bool is_row(const ts_row *row, const ts_row *wanted) {
    return row->use == wanted->use && row->value == wanted->value && row->decision == wanted->decision &&
           row->flags == wanted->flags;
}

static ts_first_rows *first_rows_of(const ts_value_collector *collector, int32_t value) {
    return &((ts_first_rows *)collector->first_rows.items)[value];
}

static int32_t look_up(const ts_value_collector *collector, const ts_row *wanted) {
    const ts_row *rows = collector->rows.items;
    if (wanted->value >= 0) {
        const ts_first_rows *first = first_rows_of(collector, wanted->value);
        for (size_t i = 0; i < TS_FIRST_ROWS; i++) {
            if (first->rows[i] < 0) {
                return TS_ROW_REFUSED; /* the value has no more rows */
            }
            if (is_row(&rows[first->rows[i]], wanted)) {
                return first->rows[i];
            }
        }
    }
    const uint64_t hash = hash_row(wanted);
    size_t probe = 0;
    uint32_t number;
    while ((number = ts_index_find(&collector->row_index, hash, &probe)) != TS_NO_NUMBER) {
        if (is_row(&rows[number], wanted)) {
            return (int32_t)number;
        }
    }
    return TS_ROW_REFUSED;
}

/* Makes the row one of the first rows of its value, if there are fewer than TS_FIRST_ROWS. Most values have few rows,
 * which then need no entry in the index. */
static bool make_first(ts_value_collector *collector, int32_t value, int32_t place) {
    if (value < 0) {
        return false;
    }
    ts_first_rows *first = first_rows_of(collector, value);
    for (size_t i = 0; i < TS_FIRST_ROWS; i++) {
        if (first->rows[i] < 0) {
            first->rows[i] = place;
            return true;
        }
    }
    return false;
}

/* Stores a new row in a free place, or at the end. */
static int32_t place_row(ts_value_collector *collector, const ts_row *row) {
    int32_t place;
    if (collector->free_rows.count > 0) {
        place = ((const int32_t *)collector->free_rows.items)[--collector->free_rows.count];
    } else {
        if (collector->rows.count >= INT32_MAX || !ts_buffer_reserve(&collector->rows, 1) ||
            !ts_buffer_reserve(&collector->row_states, 1)) {
            return TS_ROW_NO_MEMORY;
        }
        place = (int32_t)collector->rows.count++;
        collector->row_states.count++;
    }
    const bool is_first = make_first(collector, row->value, place);
    *ts_row_at(collector, place) = *row;
    ts_row_at(collector, place)->collapsed = -1;
    *ts_row_state_at(collector, place) = (ts_count_state){.last_file = 0};
    return is_first || ts_index_add(&collector->row_index, hash_row(row), (uint32_t)place) ? place : TS_ROW_NO_MEMORY;
}

static bool evict(ts_value_collector *collector, int32_t use, int32_t number) {
    if (!ts_buffer_reserve(&collector->free_rows, 1)) {
        return false;
    }
    if (!ts_release_drawn(collector, ts_row_at(collector, number))) {
        return false;
    }
    ts_series_set_free(&ts_row_state_at(collector, number)->series);
    ts_row_at(collector, number)->use = -1;
    ((int32_t *)collector->free_rows.items)[collector->free_rows.count++] = number;
    ts_use_at(collector, use)->is_bounded = 1;
    ts_use_state_at(collector, use)->evictions++;
    collector->evicted++;
    return true;
}

/* Writes form, character set and payload of the row's value into `key`. */
static bool write_key(ts_value_collector *collector, const ts_row_key *key) {
    collector->key.count = 0;
    if (key->payload.length > UINT32_MAX - TS_VALUE_HEAD_BYTES ||
        !ts_buffer_reserve(&collector->key, TS_VALUE_HEAD_BYTES + key->payload.length)) {
        return false;
    }
    uint8_t *bytes = collector->key.items;
    bytes[0] = (uint8_t)key->form;
    for (size_t i = 0; i < TS_VALUE_HEAD_BYTES - 1; i++) {
        bytes[1 + i] = (uint8_t)((uint32_t)key->charset >> 8 * i);
    }
    if (key->payload.length > 0) {
        memcpy(&bytes[TS_VALUE_HEAD_BYTES], key->payload.bytes, key->payload.length);
    }
    collector->key.count = TS_VALUE_HEAD_BYTES + key->payload.length;
    return true;
}

/* The hash that chooses the values of a full use. It covers the text of the character set, not its number, which
 * depends on the order of the files. */
static uint64_t hash_for_choice(const ts_value_collector *collector, ts_text value, uint16_t flags) {
    uint32_t length;
    const uint8_t *charset = ts_pool_get(&collector->charsets, ts_value_charset(value.bytes), &length);
    const uint64_t head = ts_hash_bytes(TS_CHOOSING_KEY, charset, length) ^ value.bytes[0];
    const uint64_t payload =
        ts_hash_bytes(TS_CHOOSING_KEY, &value.bytes[TS_VALUE_HEAD_BYTES], value.length - TS_VALUE_HEAD_BYTES);
    return ts_mix(payload ^ ts_mix(head) ^ flags);
}

static uint64_t hash_row_for_choice(const void *context, int32_t number) {
    const ts_value_collector *collector = context;
    const ts_row *row = &((const ts_row *)collector->rows.items)[number];
    uint32_t length;
    const uint8_t *value = ts_pool_get(&collector->values, (uint32_t)row->value, &length);
    return hash_for_choice(collector, (ts_text){.bytes = value, .length = length}, row->flags);
}

void ts_order_values(ts_value_collector *collector, int32_t use) {
    ts_bottom_k *values = &ts_use_state_at(collector, use)->values;
    if (!values->is_ordered) {
        ts_bottom_k_sort(values, hash_row_for_choice, collector);
    }
}

/* Adds the bytes of `key` to the values; TS_NO_NUMBER when memory runs out. */
static uint32_t add_value(ts_value_collector *collector, uint64_t hash) {
    if (!ts_buffer_reserve(&collector->first_rows, 1)) {
        return TS_NO_NUMBER;
    }
    const uint32_t value = ts_pool_add(&collector->values, hash, collector->key.items, (uint32_t)collector->key.count);
    if (value != TS_NO_NUMBER) {
        ts_first_rows *first = &((ts_first_rows *)collector->first_rows.items)[collector->first_rows.count++];
        memset(first, 0xFF, sizeof *first); /* -1 each */
    }
    return value;
}

/* Adds the row of a key that has none, unless the bound refuses it. `value` is its number in the pool, TS_NO_NUMBER if
 * it is not in there either. */
static int32_t add_row(ts_value_collector *collector, const ts_row_key *key, uint64_t hash, uint32_t value) {
    ts_bottom_k *values = &ts_use_state_at(collector, key->use)->values;
    uint64_t choice = 0;
    if (key->is_bounded && values->kept.count >= collector->max_values) {
        ts_order_values(collector, key->use);
    }
    const bool is_chosen = key->is_bounded && values->is_ordered;
    if (is_chosen) {
        const ts_text written = {.bytes = collector->key.items, .length = collector->key.count};
        choice = hash_for_choice(collector, written, key->flags);
        if (ts_bottom_k_refuses(values, collector->max_values, choice)) {
            ts_use_at(collector, key->use)->is_bounded = 1;
            return TS_ROW_REFUSED;
        }
    }
    if (value == TS_NO_NUMBER) {
        value = add_value(collector, hash);
    }
    if (value > INT32_MAX) {
        return TS_ROW_NO_MEMORY;
    }
    int32_t evicted;
    while (is_chosen && ts_bottom_k_evict(values, collector->max_values, choice, &evicted)) {
        if (!evict(collector, key->use, evicted)) {
            return TS_ROW_NO_MEMORY;
        }
    }
    const ts_row row = {
        .use = key->use, .value = (int32_t)value, .decision = key->decision, .example = -1, .flags = key->flags};
    const int32_t number = place_row(collector, &row);
    if (number < 0 || !key->is_bounded) {
        return number;
    }
    const bool is_added = is_chosen ? ts_bottom_k_add(values, choice, number) : ts_bottom_k_append(values, number);
    return is_added ? number : TS_ROW_NO_MEMORY;
}

int32_t ts_known_row(const ts_value_collector *collector, const ts_row_key *code) {
    const ts_row wanted = {.use = code->use, .value = -1, .decision = code->decision, .example = -1};
    return look_up(collector, &wanted);
}

/* Returns the row of a code, new or known. Codes are never evicted, and mostly it is the last one found for the use. */
static int32_t find_code_row(ts_value_collector *collector, const ts_row *wanted) {
    const int32_t last = ts_use_state_at(collector, wanted->use)->last_code_row;
    if (last >= 0) {
        const ts_row *row = ts_row_at(collector, last);
        if (row->decision == wanted->decision && row->flags == wanted->flags) {
            return last;
        }
    }
    const int32_t known = look_up(collector, wanted);
    const int32_t number = known >= 0 ? known : place_row(collector, wanted);
    if (number >= 0) {
        ts_use_state_at(collector, wanted->use)->last_code_row = number;
    }
    return number;
}

int32_t ts_find_row(ts_value_collector *collector, const ts_row_key *key) {
    ts_row wanted = {.use = key->use, .value = -1, .decision = key->decision, .example = -1, .flags = key->flags};
    if (key->form == 0) {
        return find_code_row(collector, &wanted);
    }
    if (!write_key(collector, key)) {
        return TS_ROW_NO_MEMORY;
    }
    const uint64_t hash = ts_hash_bytes(collector->values.key, collector->key.items, collector->key.count);
    const uint32_t value = ts_pool_find(&collector->values, hash, collector->key.items, (uint32_t)collector->key.count);
    if (value != TS_NO_NUMBER) {
        wanted.value = (int32_t)value;
        const int32_t known = look_up(collector, &wanted);
        if (known >= 0) {
            return known;
        }
    }
    return add_row(collector, key, hash, value);
}

bool ts_count_found(ts_value_collector *collector, int32_t number) {
    if (number == TS_ROW_REFUSED) {
        return true;
    }
    if (number < 0 || !ts_buffer_reserve(&collector->counted, 1)) {
        return false;
    }
    ((int32_t *)collector->counted.items)[collector->counted.count++] = number;
    return ts_count_row(collector, number);
}

bool ts_count_value(ts_value_collector *collector, const ts_row_key *key) {
    return ts_count_found(collector, ts_find_row(collector, key));
}
