/* A cancellation flag: the implementation of stop.h.
 *
 * For: one byte that several threads access.
 * Never: memory ordering between the flag and other data. A thread that sees the flag only stops.
 */
#include "base/stop.h"

void ts_stop_begin(ts_stop *stop) { atomic_init(&stop->is_asked, false); }

void ts_stop_ask(ts_stop *stop) { atomic_store_explicit(&stop->is_asked, true, memory_order_relaxed); }

bool ts_stop_is_asked(const ts_stop *stop) { return atomic_load_explicit(&stop->is_asked, memory_order_relaxed); }
