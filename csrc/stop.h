/* A word from one thread to others that what they do is to end.
 *
 * For: whoever waits for a batch of files; a thread looks between files, and between the reads of one file.
 * Never: a lock, or a way to take the word back.
 */
#ifndef TAGSNIFF_STOP_H
#define TAGSNIFF_STOP_H

#include <stdatomic.h>
#include <stdbool.h>

typedef struct ts_stop {
    atomic_bool is_asked;
} ts_stop;

static inline void ts_stop_begin(ts_stop *stop) { atomic_init(&stop->is_asked, false); }

static inline void ts_stop_ask(ts_stop *stop) { atomic_store_explicit(&stop->is_asked, true, memory_order_relaxed); }

static inline bool ts_stop_is_asked(const ts_stop *stop) {
    return atomic_load_explicit(&stop->is_asked, memory_order_relaxed);
}

#endif
