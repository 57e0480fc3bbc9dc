/* Element uses and the profile's decisions: the implementation of element_uses.h.
 *
 * For: one query to the profile for each new combination of use and blocks.
 * Never: a decision that was made for another block.
 */
#include "collect/element_uses.h"
#include "collect/values_state.h"

bool ts_count_use(ts_value_collector *collector, int32_t number, const ts_element *element) {
    ts_element_use *use = ts_use_at(collector, number);
    bool is_new_file;
    if (element->creator != TS_CREATOR_NOT_PRIVATE) {
        const uint32_t block = element->tag >> 8 & 0xFF;
        use->blocks[block / 64] |= UINT64_C(1) << block % 64;
    }
    return ts_count(collector, &ts_use_state_at(collector, number)->count, &use->occurrences, &use->files,
                    &is_new_file);
}

static bool is_use(const ts_element_use *use, int32_t equipment, int32_t identity, ts_vr vr, uint8_t kind) {
    return use->equipment == equipment && use->identity == identity && use->vr == vr && use->kind == kind;
}

static int32_t intern_use(ts_value_collector *collector, int32_t equipment, int32_t identity, ts_vr vr, uint8_t kind) {
    const uint64_t hash = ts_mix(ts_hash_pair(equipment, identity) ^ ((uint64_t)vr << 8 | kind));
    size_t probe = 0;
    uint32_t number;
    while ((number = ts_index_find(&collector->use_index, hash, &probe)) != TS_NO_NUMBER) {
        if (is_use(ts_use_at(collector, (int32_t)number), equipment, identity, vr, kind)) {
            return (int32_t)number;
        }
    }
    number = (uint32_t)collector->uses.count;
    if (number >= INT32_MAX || !ts_buffer_reserve(&collector->uses, 1) ||
        !ts_buffer_reserve(&collector->use_states, 1) || !ts_index_add(&collector->use_index, hash, number)) {
        return -1;
    }
    ((ts_element_use *)collector->uses.items)[collector->uses.count++] =
        (ts_element_use){.equipment = equipment, .identity = identity, .vr = (uint8_t)vr, .kind = kind};
    ts_use_state *state = &((ts_use_state *)collector->use_states.items)[collector->use_states.count++];
    *state = (ts_use_state){.last_decision = TS_NOT_ASKED, .last_code_row = -1, .last_drawn_row = -1};
    ts_bottom_k_begin(&state->values);
    return (int32_t)number;
}

int32_t ts_find_use(ts_value_collector *collector, int32_t equipment, int32_t identity, ts_vr vr, uint8_t kind) {
    ts_buffer *known = &collector->use_of_identity;
    while (known->count <= (size_t)identity) {
        if (!ts_buffer_reserve(known, 1)) {
            return -1;
        }
        ((int32_t *)known->items)[known->count++] = -1;
    }
    const int32_t guess = ((const int32_t *)known->items)[identity];
    if (guess >= 0 && is_use(ts_use_at(collector, guess), equipment, identity, vr, kind)) {
        return guess;
    }
    const int32_t number = intern_use(collector, equipment, identity, vr, kind);
    if (kind == 0) {
        ((int32_t *)known->items)[identity] = number;
    }
    return number;
}

/* Index of the decision for the use and the blocks; TS_NO_NUMBER if there is none yet. */
static uint32_t find_answer(const ts_value_collector *collector, uint64_t hash, int32_t use, int32_t block_path) {
    const ts_answer *answers = collector->decisions.items;
    size_t probe = 0;
    uint32_t number;
    while ((number = ts_index_find(&collector->decision_index, hash, &probe)) != TS_NO_NUMBER) {
        if (answers[number].use == use && answers[number].block_path == block_path) {
            break;
        }
    }
    return number;
}

const ts_decision *ts_ask_decision(ts_value_collector *collector, int32_t use, int32_t block_path, ts_vr vr) {
    const uint64_t hash = ts_hash_pair(use, block_path);
    uint32_t number = find_answer(collector, hash, use, block_path);
    if (number == TS_NO_NUMBER) {
        const ts_question question = {.equipment = collector->file_equipment,
                                      .identity = ts_use_at(collector, use)->identity,
                                      .block_path = block_path,
                                      .vr = vr};
        ts_answer answer = {.use = use, .block_path = block_path, .decision = {.number = -1}};
        if (!collector->decide(collector->context, &question, &answer.decision)) {
            return NULL;
        }
        number = (uint32_t)collector->decisions.count;
        if (number >= INT32_MAX || !ts_buffer_reserve(&collector->decisions, 1) ||
            !ts_index_add(&collector->decision_index, hash, number)) {
            return NULL;
        }
        ((ts_answer *)collector->decisions.items)[collector->decisions.count++] = answer;
    }
    ts_use_state *state = ts_use_state_at(collector, use);
    state->last_block_path = block_path;
    state->last_decision = (int32_t)number;
    return &((ts_answer *)collector->decisions.items)[number].decision;
}

int32_t ts_find_block_path(ts_value_collector *collector, int32_t parent, int16_t block) {
    if (parent < 0 && block < 0) {
        return -1;
    }
    const uint64_t hash = ts_hash_pair(parent, block);
    const ts_block_path *known = collector->block_paths.items;
    size_t probe = 0;
    uint32_t number;
    while ((number = ts_index_find(&collector->block_path_index, hash, &probe)) != TS_NO_NUMBER) {
        if (known[number].parent == parent && known[number].block == block) {
            return (int32_t)number;
        }
    }
    number = (uint32_t)collector->block_paths.count;
    if (number >= INT32_MAX || !ts_buffer_reserve(&collector->block_paths, 1) ||
        !ts_index_add(&collector->block_path_index, hash, number)) {
        return -2;
    }
    ts_block_path *paths = collector->block_paths.items;
    const uint16_t depth = parent < 0 ? 0 : paths[parent].depth;
    paths[collector->block_paths.count++] =
        (ts_block_path){.parent = parent, .block = block, .depth = (uint16_t)(depth + 1)};
    return (int32_t)number;
}
