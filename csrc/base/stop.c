/* A word from one thread to others: the functions behind stop.h.
 *
 * For: one byte that several threads look at.
 * Never: an order between the word and other memory; whoever hears it only ends.
 */
#include "base/stop.h"

void ts_stop_begin(ts_stop *stop) { atomic_init(&stop->is_asked, false); }

void ts_stop_ask(ts_stop *stop) { atomic_store_explicit(&stop->is_asked, true, memory_order_relaxed); }

bool ts_stop_is_asked(const ts_stop *stop) { return atomic_load_explicit(&stop->is_asked, memory_order_relaxed); }
