/* A string pool and its hash table: equal byte strings get the same small number (interning).
 *
 * For: strings that occur again and again, such as private creators, series, values and paths. The tables of the
 *      collectors use the hash table alone.
 * Never: a number that changes, or two strings taken for one because their hashes are equal.
 */
#ifndef TAGSNIFF_BASE_TEXT_POOL_H
#define TAGSNIFF_BASE_TEXT_POOL_H

#include "base/buffer.h"
#include <stdint.h>

#define TS_NO_NUMBER UINT32_MAX

/* A hash table with open addressing. It maps hashes to numbers that its owner assigns. */
typedef struct ts_index_slot {
    uint32_t hash;   /* folded to 32 bits to halve the table; collisions are resolved by comparing the items */
    uint32_t number; /* TS_NO_NUMBER: the slot is free */
} ts_index_slot;

typedef struct ts_index {
    ts_index_slot *slots;
    size_t slot_count; /* a power of two, or 0 */
    size_t count;
} ts_index;

void ts_index_begin(ts_index *index);
void ts_index_free(ts_index *index);

/* Returns the numbers that may have this hash, one for each call, then TS_NO_NUMBER. The caller compares the items that
 * the numbers belong to. *probe is the state of the search, 0 before the first call. Expected O(1): at most half of the
 * slots are in use. */
uint32_t ts_index_find(const ts_index *index, uint64_t hash, size_t *probe);

/* Prefetches the slot at which a search for the hash begins. */
void ts_index_prepare(const ts_index *index, uint64_t hash);

/* Adds a number that is not in the index. False when memory runs out; the index is then unchanged. */
bool ts_index_add(ts_index *index, uint64_t hash, uint32_t number);

/* Mixes 64 bits; different words give different results. */
uint64_t ts_mix(uint64_t word);

/* The secret key of a hash. Without it, files could be made whose strings have equal hashes, which would make a scan
 * slow. */
typedef struct ts_hash_key {
    uint64_t words[2];
} ts_hash_key;

/* The key of hashes that choose what is kept where not all can be. It is constant, so that every run and machine keeps
 * the same. */
static const ts_hash_key TS_CHOOSING_KEY = {.words = {0, 0}};

/* SipHash-1-3. For the same key the result is the same in every run and on every machine. `bytes` may be NULL if length
 * is 0. */
uint64_t ts_hash_bytes(ts_hash_key key, const uint8_t *bytes, size_t length);

/* Byte strings, numbered from 0 in the order in which they were added. */
typedef struct ts_pool {
    ts_hash_key key;
    ts_buffer bytes;   /* uint8_t */
    ts_buffer entries; /* ts_pool_entry */
    ts_index index;
} ts_pool;

typedef struct ts_pool_entry {
    size_t at; /* offset in the bytes of the pool */
    uint32_t length;
} ts_pool_entry;

/* Starts an empty pool. Allocates nothing: the first string does. */
void ts_pool_begin(ts_pool *pool, ts_hash_key key);
void ts_pool_free(ts_pool *pool);

/* Frees what `pool` holds and moves the strings of `from` into it; `from` is empty afterwards. The index is not moved:
 * nothing can be looked up in `pool` before ts_pool_index_rest. */
void ts_pool_move(ts_pool *pool, ts_pool *from);

/* Returns the number of the bytes, and adds them if they are new. TS_NO_NUMBER when memory runs out. `bytes` may be
 * NULL if length is 0. */
uint32_t ts_pool_intern(ts_pool *pool, const uint8_t *bytes, uint32_t length);

/* The same in two steps, for a caller that decides between them. The hash is ts_hash_bytes with the key of the pool.
 * ts_pool_find returns the number of the bytes, TS_NO_NUMBER if they are not in the pool. ts_pool_add adds bytes that
 * must not be in the pool yet and returns their number, TS_NO_NUMBER when memory runs out. */
uint32_t ts_pool_find(const ts_pool *pool, uint64_t hash, const uint8_t *bytes, uint32_t length);
uint32_t ts_pool_add(ts_pool *pool, uint64_t hash, const uint8_t *bytes, uint32_t length);

/* Adds bytes that are never looked up, without an index entry. False when memory runs out. */
bool ts_pool_push(ts_pool *pool, const uint8_t *bytes, uint32_t length);

/* Adds the index entries that are missing after ts_pool_push or ts_pool_move; must be called before a look-up. False
 * when memory runs out. */
bool ts_pool_index_rest(ts_pool *pool);

/* Returns the bytes of a number that is in the pool, NULL if *length is 0. Borrowed until a string is added. */
const uint8_t *ts_pool_get(const ts_pool *pool, uint32_t number, uint32_t *length);

#endif
