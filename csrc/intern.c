/* Interning: the hash index and the pool of byte strings behind intern.h.
 *
 * For: constant time for what was seen before.
 * Never: a slot reused for another number.
 */
#include "intern.h"

#include <stdlib.h>
#include <string.h>

enum { FIRST_SLOTS = 256 };

uint64_t ts_mix(uint64_t word) {
    word ^= word >> 32;
    word *= UINT64_C(0xD6E8FEB86659FD93);
    word ^= word >> 32;
    word *= UINT64_C(0xD6E8FEB86659FD93);
    word ^= word >> 32;
    return word;
}

void ts_index_begin(ts_index *index) {
    index->slots = NULL;
    index->slot_count = 0;
    index->count = 0;
}

void ts_index_free(ts_index *index) {
    free(index->slots);
    ts_index_begin(index);
}

uint32_t ts_index_find(const ts_index *index, uint64_t hash, size_t *probe) {
    if (index->slot_count == 0) {
        return TS_NO_NUMBER;
    }
    const size_t mask = index->slot_count - 1;
    for (;;) {
        const ts_index_slot *slot = &index->slots[((size_t)hash + (*probe)++) & mask];
        if (slot->number == TS_NO_NUMBER || slot->hash == hash) {
            return slot->number;
        }
    }
}

static void place(ts_index *index, uint64_t hash, uint32_t number) {
    const size_t mask = index->slot_count - 1;
    size_t at = (size_t)hash & mask;
    while (index->slots[at].number != TS_NO_NUMBER) {
        at = (at + 1) & mask;
    }
    index->slots[at] = (ts_index_slot){.hash = hash, .number = number};
    index->count++;
}

bool ts_index_add(ts_index *index, uint64_t hash, uint32_t number) {
    if (index->count >= index->slot_count / 2) {
        const size_t slot_count = index->slot_count == 0 ? FIRST_SLOTS : index->slot_count * 2;
        if (slot_count > SIZE_MAX / sizeof(ts_index_slot)) {
            return false;
        }
        ts_index larger = {.slots = malloc(slot_count * sizeof(ts_index_slot)), .slot_count = slot_count};
        if (larger.slots == NULL) {
            return false;
        }
        for (size_t i = 0; i < slot_count; i++) {
            larger.slots[i].number = TS_NO_NUMBER;
        }
        for (size_t i = 0; i < index->slot_count; i++) {
            if (index->slots[i].number != TS_NO_NUMBER) {
                place(&larger, index->slots[i].hash, index->slots[i].number);
            }
        }
        free(index->slots);
        *index = larger;
    }
    place(index, hash, number);
    return true;
}

void ts_pool_begin(ts_pool *pool) {
    ts_buffer_begin(&pool->bytes, sizeof(uint8_t));
    ts_buffer_begin(&pool->entries, sizeof(ts_pool_entry));
    ts_index_begin(&pool->index);
}

void ts_pool_free(ts_pool *pool) {
    ts_buffer_free(&pool->bytes);
    ts_buffer_free(&pool->entries);
    ts_index_free(&pool->index);
}

const uint8_t *ts_pool_get(const ts_pool *pool, uint32_t number, uint32_t *length) {
    const ts_pool_entry *entry = &((const ts_pool_entry *)pool->entries.items)[number];
    *length = entry->length;
    return entry->length == 0 ? NULL : &((const uint8_t *)pool->bytes.items)[entry->at];
}

uint64_t ts_hash_bytes(const uint8_t *bytes, uint32_t length) {
    uint64_t hash = ts_mix(length);
    uint64_t word = 0;
    for (uint32_t i = 0; i < length; i++) {
        word = word << 8 | bytes[i];
        if (i % 8 == 7) {
            hash = ts_mix(hash ^ word);
            word = 0;
        }
    }
    return ts_mix(hash ^ word);
}

uint32_t ts_pool_intern(ts_pool *pool, const uint8_t *bytes, uint32_t length) {
    const uint64_t hash = ts_hash_bytes(bytes, length);
    size_t probe = 0;
    uint32_t number;
    while ((number = ts_index_find(&pool->index, hash, &probe)) != TS_NO_NUMBER) {
        uint32_t known_length;
        const uint8_t *known = ts_pool_get(pool, number, &known_length);
        if (known_length == length && (length == 0 || memcmp(known, bytes, length) == 0)) {
            return number;
        }
    }
    number = (uint32_t)pool->entries.count;
    if (number == TS_NO_NUMBER || !ts_buffer_reserve(&pool->bytes, length) || !ts_buffer_reserve(&pool->entries, 1) ||
        !ts_index_add(&pool->index, hash, number)) {
        return TS_NO_NUMBER;
    }
    ((ts_pool_entry *)pool->entries.items)[pool->entries.count++] =
        (ts_pool_entry){.at = pool->bytes.count, .length = length};
    if (length > 0) {
        memcpy(&((uint8_t *)pool->bytes.items)[pool->bytes.count], bytes, length);
        pool->bytes.count += length;
    }
    return number;
}
