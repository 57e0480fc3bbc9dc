/* Rows of form C: the implementation of collapsed_rows.h.
 *
 * For: values that differ from file to file and are not worth a row each.
 * Never: a value that the caller has not found to be drawn together.
 */
#include "collect/collapsed_rows.h"

#include <string.h>

#include "collect/drawn_values.h"
#include "collect/value_rows.h"
#include "collect/values_state.h"

TS_DEFINE_FIELDS(ts_collapsed_entry_fields, ts_collapsed_entry, TS_COLLAPSED_ENTRY_FIELDS)

void ts_collapsed_tables_begin(ts_collapsed_tables *tables) {
    ts_buffer_begin(&tables->entries, sizeof(ts_collapsed_entry));
    ts_buffer_begin(&tables->hashes, sizeof(ts_distinct_hash));
    ts_pool_begin(&tables->texts, TS_CHOOSING_KEY);
}

void ts_collapsed_tables_free(ts_collapsed_tables *tables) {
    ts_buffer_free(&tables->entries);
    ts_buffer_free(&tables->hashes);
    ts_pool_free(&tables->texts);
}

static ts_text payload_of(ts_value_collector *collector, const ts_row *row) {
    uint32_t length;
    const uint8_t *value = ts_pool_get(&collector->values, (uint32_t)row->value, &length);
    return (ts_text){.bytes = &value[TS_VALUE_HEAD_BYTES], .length = length - TS_VALUE_HEAD_BYTES};
}

static uint8_t kind_of(ts_value_collector *collector, const ts_row *row) { return payload_of(collector, row).bytes[0]; }

static ts_vr vr_of(ts_value_collector *collector, const ts_row *row) {
    return (ts_vr)ts_use_at(collector, row->use)->vr;
}

/* Whether the row found last for the use is that of the key. */
static bool is_last_row(ts_value_collector *collector, int32_t number, const ts_row_key *key) {
    if (number < 0) {
        return false;
    }
    const ts_row *row = ts_row_at(collector, number);
    if (row->use != key->use || row->decision != key->decision || row->flags != key->flags) {
        return false;
    }
    const ts_text payload = payload_of(collector, row);
    return payload.length == key->payload.length && memcmp(payload.bytes, key->payload.bytes, payload.length) == 0;
}

static int32_t find_drawn_row(ts_value_collector *collector, const ts_row_key *key) {
    const int32_t last = ts_use_state_at(collector, key->use)->last_drawn_row;
    if (is_last_row(collector, last, key)) {
        return last;
    }
    const int32_t number = ts_find_row(collector, key);
    if (number >= 0) {
        ts_use_state_at(collector, key->use)->last_drawn_row = number;
    }
    return number < 0 || ts_begin_drawn(collector, number) ? number : TS_ROW_NO_MEMORY;
}

/* Extends ends and sizes by the part. */
static void extend(ts_collapsed_values *values, uint8_t kind, ts_vr vr, const ts_value_part *part) {
    const size_t size_bytes = ts_vr_number_bytes(vr);
    if (part->form == 'N') {
        for (size_t at = 0; at < part->payload.length; at += size_bytes) {
            ts_collapsed_values_extend(values, kind, vr,
                                       (ts_text){.bytes = &part->payload.bytes[at], .length = size_bytes});
        }
        const uint64_t count = part->payload.length / size_bytes;
        ts_collapsed_values_resize(values, count, count);
    } else if (part->form == 'T' && (kind == TS_COLLAPSE_NUMBERS || kind == TS_COLLAPSE_DATES)) {
        ts_collapsed_values_extend(values, kind, vr, part->payload);
        ts_collapsed_values_resize(values, 1, 1);
    } else if (part->form != 'T') {
        const uint64_t size = ts_load_u64(part->payload.bytes);
        ts_collapsed_values_resize(values, size, size);
    }
}

bool ts_count_collapsed(ts_value_collector *collector, int32_t use, int32_t decision, const ts_value_part *part,
                        int32_t *number) {
    const ts_collapse_key *drawn = &collector->drawn;
    const ts_row_key key = {.use = use,
                            .decision = decision,
                            .flags = (uint16_t)(part->flags | TS_VALUE_COLLAPSED),
                            .form = 'C',
                            .is_bounded = !ts_collapse_is_fixed(drawn->bytes[0]),
                            .payload = {.bytes = drawn->bytes, .length = drawn->length}};
    *number = find_drawn_row(collector, &key);
    if (*number < 0) {
        return *number == TS_ROW_REFUSED;
    }
    const uint8_t head[TS_VALUE_HEAD_BYTES] = {(uint8_t)part->form, 0, 0, 0, 0};
    const bool is_hidden = part->form == 'S' || part->form == 'I';
    const ts_distinct_hash value = {.hash = ts_hash_drawn(part->form, part->payload),
                                    .patient = is_hidden ? TS_PATIENT_OF_HIDDEN : collector->patient};
    ts_collapsed_values *values = ts_collapsed_at(collector, ts_row_at(collector, *number)->collapsed);
    if (!ts_collapsed_values_note(values, &value)) {
        extend(values, drawn->bytes[0], (ts_vr)ts_use_at(collector, use)->vr, part);
        if (!ts_collapsed_values_add(values, &value, (ts_text){.bytes = head, .length = sizeof head}, part->payload)) {
            return false;
        }
    }
    return ts_count_found(collector, *number);
}

static ts_text text_of(const ts_pool *texts, int32_t entry_number, int32_t which) {
    uint32_t length;
    const uint8_t *bytes = ts_pool_get(texts, (uint32_t)(TS_COLLAPSED_TEXTS * entry_number + which), &length);
    return (ts_text){.bytes = bytes, .length = length};
}

bool ts_merge_collapsed(ts_value_collector *collector, int32_t number, const ts_collapsed_entry *entry,
                        const ts_distinct_hash *hashes, const ts_pool *texts, int32_t entry_number) {
    if (!ts_begin_drawn(collector, number)) {
        return false;
    }
    const ts_row *row = ts_row_at(collector, number);
    ts_collapsed_values *values = ts_collapsed_at(collector, row->collapsed);
    ts_collapsed_values_extend(values, entry->kind, vr_of(collector, row), text_of(texts, entry_number, 0));
    ts_collapsed_values_extend(values, entry->kind, vr_of(collector, row), text_of(texts, entry_number, 1));
    ts_collapsed_values_resize(values, entry->least_size, entry->most_size);
    return ts_collapsed_values_merge(values, hashes == NULL ? NULL : &hashes[entry->first_hash], entry->hash_count,
                                     entry->is_estimated != 0, text_of(texts, entry_number, 2));
}

static bool list_hashes(ts_buffer *listed, const ts_collapsed_values *values, bool knows_patients) {
    if (!ts_buffer_reserve(listed, values->count)) {
        return false;
    }
    for (uint32_t i = 0; i < values->count; i++) {
        ts_distinct_hash value = values->hashes[i];
        value.patient = knows_patients ? value.patient : TS_PATIENT_UNKNOWN;
        ((ts_distinct_hash *)listed->items)[listed->count++] = value;
    }
    return true;
}

static bool list_values(ts_collapsed_tables *tables, const ts_collapsed_values *values, int32_t number,
                        bool knows_patients) {
    ts_collapsed_entry *entry = &((ts_collapsed_entry *)tables->entries.items)[number];
    *entry = (ts_collapsed_entry){.distinct = ts_collapsed_values_distinct(values),
                                  .least_size = values->least_size,
                                  .most_size = values->most_size,
                                  .first_hash = tables->hashes.count,
                                  .hash_count = values->count,
                                  .is_estimated = values->is_estimated ? 1 : 0};
    return list_hashes(&tables->hashes, values, knows_patients) &&
           ts_pool_push(&tables->texts, values->smallest.bytes, values->smallest.length) &&
           ts_pool_push(&tables->texts, values->largest.bytes, values->largest.length) &&
           ts_pool_push(&tables->texts, values->only, values->only_length);
}

const ts_collapsed_tables *ts_value_collector_list_collapsed(ts_value_collector *collector) {
    ts_collapsed_tables *tables = &collector->listed;
    const size_t count = collector->collapsed.count;
    /* A merge with a scan of another key has forgotten them. */
    const bool knows_patients = ts_collector_known_series(collector->identities)->knows_patients;
    ts_collapsed_tables_free(tables);
    if (count > UINT32_MAX / TS_COLLAPSED_TEXTS || !ts_buffer_resize(&tables->entries, count)) {
        return NULL;
    }
    for (size_t i = 0; i < count; i++) {
        if (!list_values(tables, ts_collapsed_at(collector, (int32_t)i), (int32_t)i, knows_patients)) {
            return NULL;
        }
    }
    for (size_t i = 0; i < collector->rows.count; i++) {
        const ts_row *row = ts_row_at(collector, (int32_t)i);
        if (ts_is_drawn_row(row)) {
            ((ts_collapsed_entry *)tables->entries.items)[row->collapsed].kind = kind_of(collector, row);
        }
    }
    return tables;
}
