/* A string pool and its hash table: the implementation of text_pool.h.
 *
 * For: constant time for a string that was seen before.
 * Never: a slot reused for another number.
 * Terms: SipHash, Aumasson and Bernstein 2012, with one round for each word and three at the end.
 */
#include "base/text_pool.h"

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

static uint32_t fold(uint64_t hash) { return (uint32_t)(hash ^ hash >> 32); }

uint32_t ts_index_find(const ts_index *index, uint64_t hash, size_t *probe) {
    if (index->slot_count == 0) {
        return TS_NO_NUMBER;
    }
    const uint32_t folded = fold(hash);
    const size_t mask = index->slot_count - 1;
    for (;;) {
        const ts_index_slot *slot = &index->slots[(folded + (*probe)++) & mask];
        if (slot->number == TS_NO_NUMBER || slot->hash == folded) {
            return slot->number;
        }
    }
}

void ts_index_prepare(const ts_index *index, uint64_t hash) {
#ifdef __GNUC__
    if (index->slot_count > 0) {
        __builtin_prefetch(&index->slots[fold(hash) & (index->slot_count - 1)]);
    }
#else
    (void)index;
    (void)hash;
#endif
}

static void insert(ts_index *index, uint32_t hash, uint32_t number) {
    const size_t mask = index->slot_count - 1;
    size_t at = hash & mask;
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
                insert(&larger, index->slots[i].hash, index->slots[i].number);
            }
        }
        free(index->slots);
        *index = larger;
    }
    insert(index, fold(hash), number);
    return true;
}

void ts_pool_begin(ts_pool *pool, ts_hash_key key) {
    pool->key = key;
    ts_buffer_begin(&pool->bytes, sizeof(uint8_t));
    ts_buffer_begin(&pool->entries, sizeof(ts_pool_entry));
    ts_index_begin(&pool->index);
}

void ts_pool_free(ts_pool *pool) {
    ts_buffer_free(&pool->bytes);
    ts_buffer_free(&pool->entries);
    ts_index_free(&pool->index);
}

void ts_pool_move(ts_pool *pool, ts_pool *from) {
    const ts_hash_key key = from->key;
    ts_index_free(&from->index);
    ts_pool_free(pool);
    *pool = *from;
    ts_pool_begin(from, key);
}

const uint8_t *ts_pool_get(const ts_pool *pool, uint32_t number, uint32_t *length) {
    const ts_pool_entry *entry = &((const ts_pool_entry *)pool->entries.items)[number];
    *length = entry->length;
    return entry->length == 0 ? NULL : &((const uint8_t *)pool->bytes.items)[entry->at];
}

static uint64_t load_word(const uint8_t *bytes, size_t length) {
    uint64_t word = 0;
    for (size_t i = 0; i < length; i++) {
        word |= (uint64_t)bytes[i] << 8 * i;
    }
    return word;
}

static uint64_t rotate(uint64_t word, unsigned bits) { return word << bits | word >> (64 - bits); }

static void mix_round(uint64_t v[4]) {
    v[0] += v[1];
    v[2] += v[3];
    v[1] = rotate(v[1], 13) ^ v[0];
    v[3] = rotate(v[3], 16) ^ v[2];
    v[0] = rotate(v[0], 32);
    v[2] += v[1];
    v[0] += v[3];
    v[1] = rotate(v[1], 17) ^ v[2];
    v[3] = rotate(v[3], 21) ^ v[0];
    v[2] = rotate(v[2], 32);
}

uint64_t ts_hash_bytes(ts_hash_key key, const uint8_t *bytes, size_t length) {
    uint64_t v[4] = {
        key.words[0] ^ UINT64_C(0x736F6D6570736575),
        key.words[1] ^ UINT64_C(0x646F72616E646F6D),
        key.words[0] ^ UINT64_C(0x6C7967656E657261),
        key.words[1] ^ UINT64_C(0x7465646279746573),
    };
    size_t at = 0;
    for (; length - at >= 8; at += 8) {
        const uint64_t word = load_word(&bytes[at], 8);
        v[3] ^= word;
        mix_round(v);
        v[0] ^= word;
    }
    const uint64_t last = (length == at ? 0 : load_word(&bytes[at], length - at)) | (uint64_t)(length & 0xFF) << 56;
    v[3] ^= last;
    mix_round(v);
    v[0] ^= last;
    v[2] ^= 0xFF;
    for (int i = 0; i < 3; i++) {
        mix_round(v);
    }
    return v[0] ^ v[1] ^ v[2] ^ v[3];
}

uint32_t ts_pool_find(const ts_pool *pool, uint64_t hash, const uint8_t *bytes, uint32_t length) {
    size_t probe = 0;
    uint32_t number;
    while ((number = ts_index_find(&pool->index, hash, &probe)) != TS_NO_NUMBER) {
        uint32_t known_length;
        const uint8_t *known = ts_pool_get(pool, number, &known_length);
        if (known_length == length && (length == 0 || memcmp(known, bytes, length) == 0)) {
            break;
        }
    }
    return number;
}

bool ts_pool_push(ts_pool *pool, const uint8_t *bytes, uint32_t length) {
    if (!ts_buffer_reserve(&pool->bytes, length) || !ts_buffer_reserve(&pool->entries, 1)) {
        return false;
    }
    ((ts_pool_entry *)pool->entries.items)[pool->entries.count++] =
        (ts_pool_entry){.at = pool->bytes.count, .length = length};
    if (length > 0) {
        memcpy(&((uint8_t *)pool->bytes.items)[pool->bytes.count], bytes, length);
        pool->bytes.count += length;
    }
    return true;
}

bool ts_pool_index_rest(ts_pool *pool) {
    while (pool->index.count < pool->entries.count) {
        const uint32_t number = (uint32_t)pool->index.count;
        uint32_t length;
        const uint8_t *bytes = ts_pool_get(pool, number, &length);
        if (!ts_index_add(&pool->index, ts_hash_bytes(pool->key, bytes, length), number)) {
            return false;
        }
    }
    return true;
}

uint32_t ts_pool_add(ts_pool *pool, uint64_t hash, const uint8_t *bytes, uint32_t length) {
    const uint32_t number = (uint32_t)pool->entries.count;
    /* Memory first: an index entry must never refer to a string that is not in the pool. */
    if (number == TS_NO_NUMBER || !ts_buffer_reserve(&pool->bytes, length) || !ts_buffer_reserve(&pool->entries, 1) ||
        !ts_index_add(&pool->index, hash, number) || !ts_pool_push(pool, bytes, length)) {
        return TS_NO_NUMBER;
    }
    return number;
}

uint32_t ts_pool_intern(ts_pool *pool, const uint8_t *bytes, uint32_t length) {
    const uint64_t hash = ts_hash_bytes(pool->key, bytes, length);
    const uint32_t number = ts_pool_find(pool, hash, bytes, length);
    return number != TS_NO_NUMBER ? number : ts_pool_add(pool, hash, bytes, length);
}
