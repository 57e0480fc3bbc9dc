/* The caches from a value to its rows: the implementation of value_cache.h.
 *
 * For: one comparison instead of a hash for each component.
 * Never: a search: components that share a slot overwrite each other, which only costs time.
 */
#include "collect/value_cache.h"

#include <stdlib.h>
#include <string.h>

enum {
    LONG_ROWS = 65536,
    SHORT_BYTES = 256,           /* longest short value; entries up to this size are always stored */
    LONG_BYTES = 1024 * 1024,    /* limit of a value, and of the rows of an entry */
    ROOM_BYTES = 8 * 1024 * 1024 /* sum over all caches that larger entries may reach */
};

static void free_value(ts_cached_value *value) {
    free(value->memory);
    *value = (ts_cached_value){.memory = NULL};
}

void ts_use_cache_free(ts_use_cache *cache) {
    free_value(&cache->of_short);
    for (size_t i = 0; cache->of_long != NULL && i < TS_CACHED_LONG; i++) {
        free_value(&cache->of_long[i]);
    }
    free(cache->of_long);
    *cache = (ts_use_cache){.of_long = NULL};
}

static bool is_value(const ts_cached_value *value, const ts_cache_key *key) {
    return value->is_set && value->length == key->bytes.length && value->decision == key->decision &&
           value->charset == key->charset && value->shape == key->shape &&
           (key->bytes.length == 0 ||
            ts_text_is_same(&value->memory[value->row_count * sizeof(int32_t)], key->bytes.bytes, key->bytes.length));
}

ts_cached_value *ts_use_cache_find(ts_use_cache *cache, const ts_cache_key *key) {
    if (key->bytes.length <= SHORT_BYTES) {
        return is_value(&cache->of_short, key) ? &cache->of_short : NULL;
    }
    for (size_t i = 0; cache->of_long != NULL && i < TS_CACHED_LONG; i++) {
        if (is_value(&cache->of_long[i], key)) {
            return &cache->of_long[i];
        }
    }
    return NULL;
}

static bool note(ts_cached_value *value, const ts_cache_key *key, const int32_t *rows, size_t row_count,
                 size_t *memory_bytes) {
    const size_t length = key->bytes.length;
    value->is_set = false;
    if (length > LONG_BYTES || row_count > LONG_BYTES / sizeof *rows || row_count > LONG_ROWS) {
        return false;
    }
    const size_t rows_bytes = row_count * sizeof *rows;
    const size_t needed = rows_bytes + length;
    if (needed > SHORT_BYTES && needed > value->memory_bytes && *memory_bytes > ROOM_BYTES - needed) {
        return false;
    }
    if (needed > value->memory_bytes) {
        uint8_t *memory = realloc(value->memory, needed);
        if (memory == NULL) {
            return false;
        }
        *memory_bytes += needed - value->memory_bytes;
        value->memory = memory;
        value->memory_bytes = needed;
    }
    if (rows_bytes > 0) {
        memcpy(value->memory, rows, rows_bytes);
    }
    if (length > 0) {
        memcpy(&value->memory[rows_bytes], key->bytes.bytes, length);
    }
    value->length = (uint32_t)length;
    value->row_count = (uint32_t)row_count;
    value->decision = key->decision;
    value->charset = key->charset;
    value->shape = key->shape;
    value->is_set = true;
    return true;
}

ts_cached_value *ts_use_cache_note(ts_use_cache *cache, const ts_cache_key *key, const int32_t *rows, size_t row_count,
                                   size_t *memory_bytes) {
    ts_cached_value *value = &cache->of_short;
    if (key->bytes.length > SHORT_BYTES) {
        if (cache->of_long == NULL) {
            cache->of_long = calloc(TS_CACHED_LONG, sizeof *cache->of_long);
            if (cache->of_long == NULL) {
                return NULL;
            }
        }
        uint32_t slot = 0; /* its own entry, if it has one that is no longer valid */
        while (slot < TS_CACHED_LONG && !is_value(&cache->of_long[slot], key)) {
            slot++;
        }
        if (slot == TS_CACHED_LONG) {
            slot = cache->next;
            cache->next = (cache->next + 1) % TS_CACHED_LONG;
        }
        value = &cache->of_long[slot];
    }
    return note(value, key, rows, row_count, memory_bytes) ? value : NULL;
}

void ts_component_cache_free(ts_component_cache *cache) {
    free(cache->slots);
    cache->slots = NULL;
}

void ts_component_cache_note(ts_component_cache *cache, const ts_component *value, uint64_t patient, int32_t row) {
    if (cache->slots == NULL) {
        cache->slots = calloc((size_t)1 << TS_COMPONENT_SLOT_BITS, sizeof *cache->slots);
        if (cache->slots == NULL) {
            return;
        }
    }
    ts_component_slot *slot = &cache->slots[ts_component_slot_of(value)];
    memcpy(slot->words, value->words, sizeof slot->words);
    slot->patient = patient;
    slot->kind = value->kind;
    slot->row = row;
}
