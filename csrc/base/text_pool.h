/* Interning: the same bytes always get the same small number.
 *
 * For: private creators, Series Instance UIDs and the rows of identities in the collector.
 * Never: a number that changes, or two texts taken for one because their hashes are equal.
 */
#ifndef TAGSNIFF_BASE_TEXT_POOL_H
#define TAGSNIFF_BASE_TEXT_POOL_H

#include "base/buffer.h"
#include <stdint.h>

#define TS_NO_NUMBER UINT32_MAX

/* A hash index with open addressing over numbers that its owner gives out. */
typedef struct ts_index_slot {
    uint32_t hash;   /* folded: half the size, and what it takes for twins is compared anyway */
    uint32_t number; /* TS_NO_NUMBER: free */
} ts_index_slot;

typedef struct ts_index {
    ts_index_slot *slots;
    size_t slot_count; /* a power of two, or 0 */
    size_t count;
} ts_index;

void ts_index_begin(ts_index *index);
void ts_index_free(ts_index *index);

/* Numbers that may have this hash, one after the other, TS_NO_NUMBER behind the last: the owner compares what they
 * stand for. *probe is where the search stands, 0 at first. */
uint32_t ts_index_find(const ts_index *index, uint64_t hash, size_t *probe);

/* Asks for the memory that a search for the hash begins with, so that it does not have to wait. */
void ts_index_prepare(const ts_index *index, uint64_t hash);

/* Adds a number that is not in the index; false when memory runs out. */
bool ts_index_add(ts_index *index, uint64_t hash, uint32_t number);

/* A one-to-one mixing of 64 bits. */
uint64_t ts_mix(uint64_t word);

/* What a hash depends on beside the bytes. Tables take a key that nobody outside knows: files that were made to have
 * equal hashes would make a scan slow. */
typedef struct ts_hash_key {
    uint64_t words[2];
} ts_hash_key;

/* SipHash-1-3: for one key the same in every run and on every machine. `bytes` may be NULL if length is 0. */
uint64_t ts_hash_bytes(ts_hash_key key, const uint8_t *bytes, size_t length);

/* Byte strings and their numbers. */
typedef struct ts_pool {
    ts_hash_key key;
    ts_buffer bytes;   /* uint8_t */
    ts_buffer entries; /* ts_pool_entry */
    ts_index index;
} ts_pool;

typedef struct ts_pool_entry {
    size_t at;
    uint32_t length;
} ts_pool_entry;

void ts_pool_begin(ts_pool *pool, ts_hash_key key);
void ts_pool_free(ts_pool *pool);

/* Makes it hold what another pool held, which is empty then; nothing can be looked up in it. */
void ts_pool_move(ts_pool *pool, ts_pool *from);

/* The number of the bytes, new or known; TS_NO_NUMBER when memory runs out. `bytes` may be NULL if length is 0. */
uint32_t ts_pool_intern(ts_pool *pool, const uint8_t *bytes, uint32_t length);

/* The same in two steps, for who has to decide between them; the hash is ts_hash_bytes with the pool's key. The number
 * of bytes that are known, TS_NO_NUMBER if they are not; and that of bytes that are known not to be known. */
uint32_t ts_pool_find(const ts_pool *pool, uint64_t hash, const uint8_t *bytes, uint32_t length);
uint32_t ts_pool_add(ts_pool *pool, uint64_t hash, const uint8_t *bytes, uint32_t length);

/* Adds bytes that nobody looks up: they have no place in the index. False when memory runs out. */
bool ts_pool_push(ts_pool *pool, const uint8_t *bytes, uint32_t length);

/* Gives those a place in the index that were pushed since it held all, before something is looked up; false when memory
 * runs out. */
bool ts_pool_index_rest(ts_pool *pool);

const uint8_t *ts_pool_get(const ts_pool *pool, uint32_t number, uint32_t *length);

#endif
