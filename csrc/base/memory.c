/* Free memory given back to the system: the function behind memory.h.
 *
 * For: glibc, which keeps what a thread has freed in an arena that other threads do not take from.
 * Never: a demand: elsewhere nothing happens.
 */
#include "base/memory.h"

#include <stdlib.h>

#if defined(__GLIBC__)
#include <malloc.h>

void ts_memory_trim(void) { (void)malloc_trim(0); }

#else

void ts_memory_trim(void) {}

#endif
