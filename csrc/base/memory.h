/* Return of free memory to the system, between the stages of a scan.
 *
 * For: memory that worker threads freed and the C library still holds in their arenas.
 * Never: anything that a result depends on; not every C library has a call for this.
 */
#ifndef TAGSNIFF_BASE_MEMORY_H
#define TAGSNIFF_BASE_MEMORY_H

/* Returns free memory to the system if the C library has a call for it; otherwise does nothing. */
void ts_memory_trim(void);

#endif
