/* What a profile has answered: the functions behind shared_answers.h.
 *
 * For: a question as bytes, and a table of those that were asked.
 * Never: a number of one collector given to another, or a lock.
 */
#include "collect/shared_answers.h"
#include "collect/merge_identities.h"
#include "collect/merge_values.h"

#include <string.h>

void ts_known_answers_begin(ts_known_answers *known, ts_hash_key key) {
    ts_pool_begin(&known->questions, key);
    ts_pool_begin(&known->uid_roots, key);
    ts_buffer_begin(&known->decisions, sizeof(ts_decision));
}

void ts_known_answers_free(ts_known_answers *known) {
    ts_pool_free(&known->questions);
    ts_pool_free(&known->uid_roots);
    ts_buffer_free(&known->decisions);
}

static bool write_bytes(ts_buffer *text, const void *bytes, size_t length) {
    if (!ts_buffer_reserve(text, length)) {
        return false;
    }
    if (length > 0) {
        memcpy(&((uint8_t *)text->items)[text->count], bytes, length);
    }
    text->count += length;
    return true;
}

static bool write_number(ts_buffer *text, int64_t number) { return write_bytes(text, &number, sizeof number); }

/* A text behind its length, so that none can be taken for the beginning of another; a negative number as it is. */
static bool write_text(ts_buffer *text, const ts_pool *pool, int32_t number) {
    if (number < 0) {
        return write_number(text, number);
    }
    uint32_t length;
    const uint8_t *bytes = ts_pool_get(pool, (uint32_t)number, &length);
    return write_number(text, length) && write_bytes(text, bytes, length);
}

static bool write_steps(ts_buffer *text, const ts_tables *tables, int32_t identity) {
    while (identity >= 0) {
        const ts_identity *step = &tables->identities[identity];
        if (!write_number(text, (int64_t)step->tag << 8 | step->block) ||
            !write_text(text, tables->creators, step->creator)) {
            return false;
        }
        identity = step->parent;
    }
    return write_number(text, -1); /* no tag */
}

static bool write_blocks(ts_buffer *text, const ts_value_collector *collector, int32_t block_path) {
    while (block_path >= 0) {
        const ts_block_path *path = ts_value_collector_block_path(collector, block_path);
        if (!write_number(text, path->block)) {
            return false;
        }
        block_path = path->parent;
    }
    return true;
}

bool ts_question_write(ts_value_collector *collector, const ts_question *question, ts_buffer *text) {
    const ts_value_tables tables = ts_value_collector_tables(collector);
    const ts_equipment *equipment = &tables.equipment[question->equipment];
    text->count = 0;
    return write_number(text, question->vr) && write_text(text, tables.texts, equipment->modality) &&
           write_text(text, tables.texts, equipment->manufacturer) &&
           write_text(text, tables.texts, equipment->model) && write_text(text, tables.texts, equipment->software) &&
           write_steps(text, &tables.identities, question->identity) &&
           write_blocks(text, collector, question->block_path);
}

bool ts_known_answers_find(const ts_known_answers *known, const ts_buffer *text, ts_value_collector *collector,
                           ts_decision *decision, bool *is_known) {
    const uint64_t hash = ts_hash_bytes(known->questions.key, text->items, text->count);
    const uint32_t number = text->count > UINT32_MAX
                                ? TS_NO_NUMBER
                                : ts_pool_find(&known->questions, hash, text->items, (uint32_t)text->count);
    *is_known = false;
    if (number == TS_NO_NUMBER) {
        return true;
    }
    uint32_t length;
    *decision = ((const ts_decision *)known->decisions.items)[number];
    const uint8_t *uid_root = ts_pool_get(&known->uid_roots, (uint32_t)decision->uid_root, &length);
    decision->uid_root = ts_value_collector_intern_text(collector, uid_root, length);
    *is_known = decision->uid_root >= 0;
    return *is_known;
}

void ts_known_answers_add(ts_known_answers *known, const ts_buffer *text, ts_value_collector *collector,
                          const ts_decision *decision) {
    if (known->decisions.count >= TS_MOST_KNOWN_ANSWERS || text->count > UINT32_MAX ||
        !ts_buffer_reserve(&known->decisions, 1)) {
        return;
    }
    uint32_t length;
    const ts_value_tables tables = ts_value_collector_tables(collector);
    const uint8_t *uid_root = ts_pool_get(tables.texts, (uint32_t)decision->uid_root, &length);
    const uint32_t root = ts_pool_intern(&known->uid_roots, uid_root, length);
    if (root == TS_NO_NUMBER) {
        return;
    }
    const uint32_t number = ts_pool_intern(&known->questions, text->items, (uint32_t)text->count);
    if (number != known->decisions.count) {
        return; /* without memory, or another thread has asked the same meanwhile */
    }
    ts_decision *added = &((ts_decision *)known->decisions.items)[known->decisions.count++];
    *added = *decision;
    added->uid_root = (int32_t)root;
}
