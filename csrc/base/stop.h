/* A cancellation flag shared by threads.
 *
 * For: ending a batch of files early. A worker checks the flag between files, and between the reads of one file.
 * Never: a lock, or a way to clear the flag once it is set.
 */
#ifndef TAGSNIFF_BASE_STOP_H
#define TAGSNIFF_BASE_STOP_H

#include <stdbool.h>
#if !defined(__cplusplus)
#include <stdatomic.h>
#endif

/* Only the functions below access the member: in C++ the same byte has another type. */
typedef struct ts_stop {
#if defined(__cplusplus)
    bool is_asked;
#else
    atomic_bool is_asked;
#endif
} ts_stop;

/* Starts with the flag not set. The other two functions set and read it, and may be called from any thread. */
void ts_stop_begin(ts_stop *stop);
void ts_stop_ask(ts_stop *stop);
bool ts_stop_is_asked(const ts_stop *stop);

#endif
