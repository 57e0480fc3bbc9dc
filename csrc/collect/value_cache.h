/* The caches from a value to the rows that it is counted in.
 *
 * For: values that come again, which are then not taken apart and not looked up. There are two: of each element use the
 *      whole values that it had last, which are mostly those of the file or item before; and of all uses the short
 *      components of values with many, such as Contour Data, which come again in no order.
 * Never: a guess, for all bytes are compared; memory that grows with the number of values; or a row that may have been
 *        evicted: an entry holds as long as no row of its use was evicted since it was noted.
 */
#ifndef TAGSNIFF_COLLECT_VALUE_CACHE_H
#define TAGSNIFF_COLLECT_VALUE_CACHE_H

#include "base/bytes.h"

/* What decides the rows of a value, beside its use. */
typedef struct ts_cache_key {
    ts_text bytes; /* as they stand in the file; of what is not captured, a number that stands for it */
    int32_t decision;
    int32_t charset;
    uint8_t shape; /* of the element, so that numbers and bytes are told apart */
} ts_cache_key;

typedef struct ts_cached_value {
    uint8_t *memory; /* the rows (int32_t), then the bytes */
    size_t memory_bytes;
    uint32_t length;
    uint32_t row_count;
    int32_t decision;
    int32_t charset;
    uint32_t series;    /* in which the rows were counted last */
    int32_t run_use;    /* use of printable runs that was counted; -1 if none */
    uint32_t evictions; /* of the use, and of run_use, when this was noted */
    uint32_t run_evictions;
    uint8_t shape;
    bool is_set;
} ts_cached_value;

/* Of one use: the short value that it had last, and the last few long ones, which items of a sequence may have in turn.
 */
enum { TS_CACHED_LONG = 4 };

typedef struct ts_use_cache {
    ts_cached_value of_short;
    ts_cached_value *of_long; /* TS_CACHED_LONG of them, or NULL */
    uint32_t next;            /* where the next long one goes */
} ts_use_cache;

void ts_use_cache_free(ts_use_cache *cache);

/* The entry of this value; NULL if there is none. */
ts_cached_value *ts_use_cache_find(ts_use_cache *cache, const ts_cache_key *key);

/* Notes the value and its rows, unless that takes more memory than it may; *memory_bytes is the sum over all. NULL if
 * it is not noted; then the next one is only slower. */
ts_cached_value *ts_use_cache_note(ts_use_cache *cache, const ts_cache_key *key, const int32_t *rows, size_t row_count,
                                   size_t *memory_bytes);

/* Entries are counted from 0, the short one, so that one is found again without its key. */
static inline uint8_t ts_use_cache_number(const ts_use_cache *cache, const ts_cached_value *value) {
    return value == &cache->of_short ? 0 : (uint8_t)(1 + (value - cache->of_long));
}

static inline ts_cached_value *ts_use_cache_at(ts_use_cache *cache, uint8_t number) {
    return number == 0 ? &cache->of_short : &cache->of_long[number - 1];
}

static inline const int32_t *ts_cached_rows(const ts_cached_value *value) {
    return (const int32_t *)(const void *)value->memory;
}

/* The components: each has one slot, by a hash that need not be a good one. */
enum { TS_COMPONENT_BYTES = 16, TS_COMPONENT_SLOT_BITS = 14 };

/* What decides the row of a component, beside its payload. */
typedef struct ts_component_origin {
    int32_t use;
    int32_t decision;
    int32_t charset;
    uint32_t evictions; /* of the use */
    uint16_t flags;
    char form; /* not 0 */
} ts_component_origin;

/* All of it in words, which are written and read as such; those of no value are 0. */
enum { TS_COMPONENT_WORDS = 4 };

typedef struct ts_component {
    uint64_t words[TS_COMPONENT_WORDS];
    uint32_t kind;
} ts_component;

/* Member by member: a ts_component in it would leave a gap before the row. */
typedef struct ts_component_slot {
    uint64_t words[TS_COMPONENT_WORDS];
    uint32_t kind;
    int32_t row;
} ts_component_slot;

typedef struct ts_component_cache {
    ts_component_slot *slots; /* NULL until the first one is noted */
} ts_component_cache;

void ts_component_cache_free(ts_component_cache *cache);

/* The functions that each component of a value goes through stand here, so that nothing of it goes through memory. */

static inline uint64_t ts_component_join(uint32_t low, uint32_t high) { return low | (uint64_t)high << 32; }

/* The payload is not longer than TS_COMPONENT_BYTES. */
static inline ts_component ts_component_make(const ts_component_origin *origin, const uint8_t *bytes, size_t length) {
    /* The first bytes and the last ones, which may be the same: with the length, that is all of them. */
    uint64_t first = 0;
    uint64_t last = 0;
    if (length >= 8) {
        first = ts_text_word_8(bytes);
        last = ts_text_word_8(&bytes[length - 8]);
    } else if (length >= 4) {
        first = ts_text_word_4(bytes);
        last = ts_text_word_4(&bytes[length - 4]);
    } else if (length > 0) {
        first = bytes[0] | (uint64_t)bytes[length / 2] << 8;
        last = bytes[length - 1];
    }
    const uint32_t kind = (uint32_t)origin->flags | (uint32_t)(uint8_t)origin->form << 16 | (uint32_t)length << 24;
    return (ts_component){.words = {first, last, ts_component_join((uint32_t)origin->use, (uint32_t)origin->decision),
                                    ts_component_join((uint32_t)origin->charset, origin->evictions)},
                          .kind = kind};
}

static inline size_t ts_component_slot_of(const ts_component *value) {
    const uint64_t mixed =
        (value->words[0] ^ value->words[1] * UINT64_C(0xD6E8FEB86659FD93) ^ value->words[2] << 40 ^ value->kind) *
        UINT64_C(0x9E3779B97F4A7C15);
    return (size_t)(mixed >> (64 - TS_COMPONENT_SLOT_BITS));
}

/* The row of the value; -1 if it is not known. */
static inline int32_t ts_component_cache_find(const ts_component_cache *cache, const ts_component *value) {
    if (cache->slots == NULL) {
        return -1;
    }
    const ts_component_slot *slot = &cache->slots[ts_component_slot_of(value)];
    const uint64_t *words = slot->words;
    return words[0] == value->words[0] && words[1] == value->words[1] && words[2] == value->words[2] &&
                   words[3] == value->words[3] && slot->kind == value->kind
               ? slot->row
               : -1;
}

/* Notes it in the place of another one; if memory runs out, nothing is known. */
void ts_component_cache_note(ts_component_cache *cache, const ts_component *value, int32_t row);

#endif
