/* Memory between the stages of a scan.
 *
 * For: what threads have freed, which a C library may keep for threads of theirs.
 * Never: an allocation.
 */
#ifndef TAGSNIFF_BASE_MEMORY_H
#define TAGSNIFF_BASE_MEMORY_H

/* Gives free memory back to the system, where the C library has a way to do so. */
void ts_memory_trim(void);

#endif
