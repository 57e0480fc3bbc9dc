/* Element uses: equipment, identity and VR, with the decision of the profile.
 *
 * For: counting an element before its value is looked at.
 * Never: the same question to the profile twice.
 */
#ifndef TAGSNIFF_COLLECT_ELEMENT_USES_H
#define TAGSNIFF_COLLECT_ELEMENT_USES_H

#include "collect/values_state.h"

/* Negative when memory runs out. */
int32_t ts_find_use(ts_value_collector *collector, int32_t equipment, int32_t identity, ts_vr vr, uint8_t kind);
bool ts_count_use(ts_value_collector *collector, int32_t number, const ts_element *element);
/* The profile's answer for the use and the blocks, asked once; NULL when it fails. */
const ts_decision *ts_ask_decision(ts_value_collector *collector, int32_t use, int32_t block_path, ts_vr vr);
/* The same, mostly from memory. */
static inline const ts_decision *ts_find_decision(ts_value_collector *collector, int32_t use, int32_t block_path,
                                                  ts_vr vr) {
    const ts_use_state *state = ts_use_state_at(collector, use);
    return state->last_decision != TS_NOT_ASKED && state->last_block_path == block_path
               ? &((const ts_answer *)collector->decisions.items)[state->last_decision].decision
               : ts_ask_decision(collector, use, block_path, vr);
}
/* Interns one step of the blocks along a path; less than -1 when memory runs out. */
int32_t ts_find_block_path(ts_value_collector *collector, int32_t parent, int16_t block);

#endif
