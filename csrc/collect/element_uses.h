/* Element uses (equipment, identity and VR) and the profile's decisions for them.
 *
 * For: counting an element before its value is read.
 * Never: the same query to the profile twice.
 */
#ifndef TAGSNIFF_COLLECT_ELEMENT_USES_H
#define TAGSNIFF_COLLECT_ELEMENT_USES_H

#include "collect/values_state.h"

/* Returns the index of a use, new or known; negative when memory runs out. `kind` is that of ts_element_use. */
int32_t ts_find_use(ts_value_collector *collector, int32_t equipment, int32_t identity, ts_vr vr, uint8_t kind);
/* Counts one occurrence of the element in the use. False when memory runs out. */
bool ts_count_use(ts_value_collector *collector, int32_t number, const ts_element *element);
/* Returns the decision for the use and the blocks; the profile is queried at most once for each pair. NULL when the
 * profile does not answer or memory runs out. Borrowed until the next query. */
const ts_decision *ts_ask_decision(ts_value_collector *collector, int32_t use, int32_t block_path, ts_vr vr);
/* The same; the last decision of each use is found without a look-up. */
static inline const ts_decision *ts_find_decision(ts_value_collector *collector, int32_t use, int32_t block_path,
                                                  ts_vr vr) {
    const ts_use_state *state = ts_use_state_at(collector, use);
    return state->last_decision != TS_NOT_ASKED && state->last_block_path == block_path
               ? &((const ts_answer *)collector->decisions.items)[state->last_decision].decision
               : ts_ask_decision(collector, use, block_path, vr);
}
/* Returns the index of the block path that extends `parent` by `block` (-1: a public element); -1 if both are negative,
 * less than -1 when memory runs out. */
int32_t ts_find_block_path(ts_value_collector *collector, int32_t parent, int16_t block);

#endif
