/* The caches from a value to the rows that it is counted in.
 *
 * For: repeated values, which are then neither split nor looked up. There are two caches: for each element use, its
 *      latest whole values, which are mostly those of the previous file or item; and for all uses together, the short
 *      components of values with many, such as Contour Data, which repeat in no order.
 * Never: a guess, because all bytes are compared; memory that grows with the number of values; or a row that may have
 *        been evicted: an entry is valid until a row of its uses is evicted.
 */
#ifndef TAGSNIFF_COLLECT_VALUE_CACHE_H
#define TAGSNIFF_COLLECT_VALUE_CACHE_H

#include "base/bytes.h"

/* What decides the rows of a value, in addition to its use. */
typedef struct ts_cache_key {
    ts_text bytes; /* as in the file; if not captured, a number in place of the value */
    int32_t decision;
    int32_t charset;
    uint8_t shape; /* flags of the element: tells numbers from bytes */
} ts_cache_key;

/* In place of the word of a patient (known_series.h): none of the rows draws values together, so that it does not
 * matter whose file it is. No patient has this word. */
#define TS_ANY_PATIENT UINT64_MAX

/* The uses of the text that was found in a value, by its source. */
enum { TS_FOUND_USES = 4 };

typedef struct ts_found_uses {
    int32_t uses[TS_FOUND_USES];       /* -1 if nothing was found there */
    uint32_t evictions[TS_FOUND_USES]; /* of the uses, when the entry was stored */
    bool has_any;
} ts_found_uses;

typedef struct ts_cached_value {
    uint8_t *memory; /* the rows (int32_t), then the bytes */
    size_t memory_bytes;
    uint32_t length;
    uint32_t row_count;
    int32_t decision;
    int32_t charset;
    uint32_t series;    /* in which the rows were last counted */
    uint64_t patient;   /* the only one whose files may be counted, TS_ANY_PATIENT if all may */
    uint32_t evictions; /* of the use, when the entry was stored */
    ts_found_uses found;
    uint8_t shape;
    bool is_set;
} ts_cached_value;

/* The cache of one use: its latest short value, and its latest few long ones, which the items of a sequence may have in
 * turn. */
enum { TS_CACHED_LONG = 4 };

typedef struct ts_use_cache {
    ts_cached_value of_short;
    ts_cached_value *of_long; /* array of TS_CACHED_LONG, or NULL */
    uint32_t next;            /* index that the next new long value replaces */
} ts_use_cache;

void ts_use_cache_free(ts_use_cache *cache);

static inline bool ts_is_of_patient(uint64_t cached, uint64_t patient) {
    return cached == patient || cached == TS_ANY_PATIENT;
}

/* Returns the entry of the value, NULL if there is none; borrowed until the next ts_use_cache_note. */
ts_cached_value *ts_use_cache_find(ts_use_cache *cache, const ts_cache_key *key);

/* Stores the value and its rows, unless that exceeds the memory limit; *memory_bytes is the sum over all caches.
 * Returns the entry, NULL if nothing was stored. The caller sets series, patient, evictions and
 * found. */
ts_cached_value *ts_use_cache_note(ts_use_cache *cache, const ts_cache_key *key, const int32_t *rows, size_t row_count,
                                   size_t *memory_bytes);

/* Converts an entry to its index, 0 for the short one, and back, so that it is found again without its key. */
static inline uint8_t ts_use_cache_number(const ts_use_cache *cache, const ts_cached_value *value) {
    return value == &cache->of_short ? 0 : (uint8_t)(1 + (value - cache->of_long));
}

static inline ts_cached_value *ts_use_cache_at(ts_use_cache *cache, uint8_t number) {
    return number == 0 ? &cache->of_short : &cache->of_long[number - 1];
}

static inline const int32_t *ts_cached_rows(const ts_cached_value *value) {
    return (const int32_t *)(const void *)value->memory;
}

/* The component cache is direct-mapped: a hash, which need not be a good one, chooses the slot. */
enum { TS_COMPONENT_BYTES = 16, TS_COMPONENT_SLOT_BITS = 14 };

/* What decides the row of a component, in addition to its payload. */
typedef struct ts_component_origin {
    int32_t use;
    int32_t decision;
    int32_t charset;
    uint32_t evictions; /* of the use */
    uint16_t flags;
    char form; /* not 0 */
} ts_component_origin;

/* A component and its origin as words, which are stored and compared as such; unused ones are 0. */
enum { TS_COMPONENT_WORDS = 4 };

typedef struct ts_component {
    uint64_t words[TS_COMPONENT_WORDS];
    uint32_t kind;
} ts_component;

/* The members of ts_component, repeated here: as a member, ts_component would leave padding before the row. */
typedef struct ts_component_slot {
    uint64_t words[TS_COMPONENT_WORDS];
    uint64_t patient; /* as in ts_cached_value */
    uint32_t kind;
    int32_t row;
} ts_component_slot;

typedef struct ts_component_cache {
    ts_component_slot *slots; /* NULL until the first one is noted */
} ts_component_cache;

void ts_component_cache_free(ts_component_cache *cache);

/* These functions are called for each component of a value. They are inline so that the component stays in
 * registers. */

static inline uint64_t ts_component_join(uint32_t low, uint32_t high) { return low | (uint64_t)high << 32; }

/* Makes a component; `length` is at most TS_COMPONENT_BYTES. */
static inline ts_component ts_component_make(const ts_component_origin *origin, const uint8_t *bytes, size_t length) {
    /* The first bytes and the last ones, which may overlap: together with the length they are the whole payload. */
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

/* Returns the row of the component in a file of the patient; -1 if it is not in the cache. */
static inline int32_t ts_component_cache_find(const ts_component_cache *cache, const ts_component *value,
                                              uint64_t patient) {
    if (cache->slots == NULL) {
        return -1;
    }
    const ts_component_slot *slot = &cache->slots[ts_component_slot_of(value)];
    const uint64_t *words = slot->words;
    return words[0] == value->words[0] && words[1] == value->words[1] && words[2] == value->words[2] &&
                   words[3] == value->words[3] && slot->kind == value->kind && ts_is_of_patient(slot->patient, patient)
               ? slot->row
               : -1;
}

/* Stores the row of a component and overwrites its slot. Stores nothing when memory runs out. */
void ts_component_cache_note(ts_component_cache *cache, const ts_component *value, uint64_t patient, int32_t row);

#endif
