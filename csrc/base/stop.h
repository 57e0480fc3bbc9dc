/* A word from one thread to others that what they do is to end.
 *
 * For: whoever waits for a batch of files; a thread looks between files, and between the reads of one file.
 * Never: a lock, or a way to take the word back.
 */
#ifndef TAGSNIFF_BASE_STOP_H
#define TAGSNIFF_BASE_STOP_H

#include <stdbool.h>
#if !defined(__cplusplus)
#include <stdatomic.h>
#endif

/* The functions below alone look at its member: C++ has the same byte under another type. */
typedef struct ts_stop {
#if defined(__cplusplus)
    bool is_asked;
#else
    atomic_bool is_asked;
#endif
} ts_stop;

/* Nobody has asked. The other two may be called by any thread. */
void ts_stop_begin(ts_stop *stop);
void ts_stop_ask(ts_stop *stop);
bool ts_stop_is_asked(const ts_stop *stop);

#endif
