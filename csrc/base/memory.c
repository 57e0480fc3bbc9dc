/* Return of free memory to the system: the implementation of memory.h.
 *
 * For: glibc, which keeps memory that a thread freed in an arena that other threads do not allocate from.
 * Never: an error with other C libraries; there the function does nothing.
 */
#include "base/memory.h"

#include <stdlib.h>

#if defined(__GLIBC__)
#include <malloc.h>

void ts_memory_trim(void) { (void)malloc_trim(0); }

#else

void ts_memory_trim(void) {}

#endif
