/* Counting one element of a file: its use, the profile's decision, and the rows of its value.
 *
 * For: ts_value_collector_add, which passes every record that is not an item.
 * Never: a value in a row if the decision is a code, except one that breaks its VR under a decision with shows_broken.
 */
#include <string.h>

#include "collect/collapsed_rows.h"
#include "collect/count_element.h"
#include "collect/drawn_values.h"
#include "collect/element_uses.h"
#include "collect/value_breaks.h"
#include "collect/value_rows.h"
#include "collect/values_state.h"

enum { NOT_CAPTURED = 128 }; /* a shape, in addition to the flags of ts_element_flag */

/* The state of the element that is being counted. */
typedef struct counted_element {
    ts_value_collector *collector;
    const ts_decision *decision;
    const ts_value *value; /* while it is split */
    int32_t use;
    int32_t found_uses[TS_FOUND_USES]; /* of the text found in the value, by source; -1 before the first one */
    bool has_found;
    int32_t charset;
    ts_vr vr;
    bool has_kept; /* a part for which only the code is counted */
    bool has_broken;
} counted_element;

_Static_assert((int)TS_FOUND_USES == (int)TS_TEXT_SOURCES, "each source of text has a use");

/* Finds the use of the text that was found in the value. */
static int32_t find_found_use(counted_element *counted, const ts_value_part *part) {
    ts_value_collector *collector = counted->collector;
    int32_t *found_use = &counted->found_uses[part->source - 1];
    if (*found_use < 0) {
        const ts_element_use use = *ts_use_at(collector, counted->use);
        *found_use = ts_find_use(collector, use.equipment, use.identity, counted->vr, part->source);
        counted->has_found = counted->has_found || *found_use >= 0;
    }
    return *found_use;
}

/* The key of the row of text that was found in the value. */
static ts_row_key make_found_key(const counted_element *counted, const ts_value_part *part, int32_t use) {
    const int32_t declared = counted->charset == TS_NO_CHARSET ? TS_CHARSET_OF_ESCAPES : counted->charset;
    return (ts_row_key){.use = use,
                        .decision = counted->decision->number,
                        .charset = part->form != 'T' || ts_text_is_ascii(part->payload) ? TS_NO_CHARSET
                                   : part->is_declared                                  ? declared
                                                                                        : TS_CHARSET_OF_UTF_8,
                        .flags = part->flags,
                        .form = part->form,
                        .is_bounded = true,
                        .payload = part->payload};
}

/* The key of a part's row, before a flag for the decision or the VR is added. */
static ts_row_key make_key(const counted_element *counted, const ts_value_part *part) {
    return (ts_row_key){.use = counted->use,
                        .decision = counted->decision->number,
                        .charset = (part->form == 'T' || part->form == 'L') && !part->is_ascii ? counted->charset : 0,
                        .flags = part->flags,
                        .form = part->form,
                        .is_bounded = true,
                        .payload = part->payload};
}

/* Counts a recorded part: in the row that it shares with others, or in a row of its own. *number becomes the row,
 * negative if the bound refuses it. */
static bool count_recorded(counted_element *counted, const ts_value_part *part, int32_t *number) {
    ts_value_collector *collector = counted->collector;
    const ts_decision *decision = counted->decision;
    const int32_t use = part->source == 0 ? counted->use : find_found_use(counted, part);
    if (use < 0) {
        return false;
    }
    uint16_t breaks;
    ts_collapse rule = {.drawn = decision->drawn, .always = decision->always};
    uint32_t root_length;
    rule.root.bytes = ts_pool_get(&collector->texts, (uint32_t)decision->uid_root, &root_length);
    rule.root.length = root_length;
    const ts_collapse_answer answer =
        ts_find_collapse(&rule, counted->value, counted->vr, part, &collector->drawn, &breaks);
    if (answer == TS_IS_TOGETHER) {
        return ts_count_collapsed(collector, use, decision->number, part, number);
    }
    ts_row_key key = part->source == 0 ? make_key(counted, part) : make_found_key(counted, part, use);
    key.flags = (uint16_t)(key.flags | breaks | (answer == TS_MAY_VARY ? (unsigned)TS_VALUE_MAY_VARY : 0));
    *number = ts_find_row(collector, &key);
    return ts_count_found(collector, *number);
}

/* The patient whose files may be counted in these rows without a look at the value; TS_ANY_PATIENT for all. A row that
 * draws values together has a patient for each of them. */
static uint64_t find_patient(ts_value_collector *collector, const int32_t *rows, size_t row_count) {
    for (size_t i = 0; i < row_count; i++) {
        if (ts_is_drawn_row(ts_row_at(collector, rows[i]))) {
            return collector->patient;
        }
    }
    return TS_ANY_PATIENT;
}

/* Counts a short component of a value with several; its row may be in the component cache. The members of the part are
 * read one by one: copying the whole part for each component is slow for values with thousands of components. */
static bool count_short_text(counted_element *counted, const ts_value_part *part) {
    ts_value_collector *collector = counted->collector;
    ts_component_origin origin = {.use = counted->use,
                                  .decision = counted->decision->number,
                                  .charset = part->is_ascii ? 0 : counted->charset,
                                  .evictions = ts_use_state_at(collector, counted->use)->evictions,
                                  .flags = part->flags,
                                  .form = 'T'};
    const ts_component value = ts_component_make(&origin, part->payload.bytes, part->payload.length);
    const int32_t known = ts_component_cache_find(&collector->component_cache, &value, collector->patient);
    if (known >= 0) {
        return ts_count_found(collector, known);
    }
    int32_t number;
    if (!count_recorded(counted, part, &number)) {
        return false;
    }
    if (number >= 0) {
        /* A new row may have evicted another one of its use. */
        origin.evictions = ts_use_state_at(collector, counted->use)->evictions;
        const ts_component found = ts_component_make(&origin, part->payload.bytes, part->payload.length);
        ts_component_cache_note(&collector->component_cache, &found, find_patient(collector, &number, 1), number);
    }
    return true;
}

/* Counts one part of the element's value; the callback of ts_value. */
static bool take_part(void *context, const ts_value_part *part) {
    counted_element *counted = context;
    int32_t number;
    if (counted->decision->records_values) {
        return part->is_one_of_many && part->payload.length <= TS_COMPONENT_BYTES
                   ? count_short_text(counted, part)
                   : count_recorded(counted, part, &number);
    }
    const unsigned breaks = counted->decision->shows_broken ? ts_find_breaks(counted->value, part) : 0;
    if (breaks == 0) {
        counted->has_kept = true;
        return true;
    }
    ts_row_key key = make_key(counted, part);
    counted->has_broken = true;
    key.flags = (uint16_t)(key.flags | breaks);
    return ts_count_value(counted->collector, &key);
}

/* Splits the value and counts its rows. */
static bool count_value(ts_value_collector *collector, size_t record, counted_element *counted) {
    const ts_element *element = &collector->elements[record];
    const ts_decision *decision = counted->decision;
    bool has_code = !decision->records_values;
    collector->counted.count = 0;
    if (decision->records_values || decision->shows_broken) {
        size_t captured_length;
        const bool has_all_bytes = ts_parser_reads_all_bytes(collector->parser);
        const ts_value value = {.element = element,
                                .captured = ts_parser_captured(collector->parser, &captured_length),
                                .item_count = (uint64_t)((const int32_t *)collector->items_of_record.items)[record],
                                .charset_kind =
                                    ((const ts_charset_kind *)collector->charset_kinds.items)[counted->charset],
                                .asks_fit = !decision->records_values,
                                .is_stored_whole = has_all_bytes || decision->number == collector->listed_decision,
                                .has_all_bytes = has_all_bytes,
                                .take = take_part,
                                .context = counted};
        counted->value = &value;
        if (!ts_value_split(&value, &collector->finder, &collector->swapped)) {
            return false;
        }
        has_code = has_code && (counted->has_kept || !counted->has_broken);
    }
    const ts_row_key code = {.use = counted->use, .decision = decision->number};
    return !has_code || ts_count_value(collector, &code);
}

/* Makes the cache key of the element's value; false if it has none, because the value is digested. *scratch holds the
 * bytes of the key if a number is used in place of the value. */
static bool find_recent_key(const ts_value_collector *collector, size_t record, const counted_element *counted,
                            uint64_t *scratch, ts_cache_key *key) {
    const ts_element *element = &collector->elements[record];
    *key = (ts_cache_key){.decision = counted->decision->number,
                          .charset = counted->charset,
                          .shape =
                              (uint8_t)(element->flags & (TS_FLAG_BIG_ENDIAN | TS_FLAG_SEQUENCE | TS_FLAG_FRAGMENTS))};
    if (!counted->decision->records_values && !counted->decision->shows_broken) {
        return true; /* the same for every value */
    }
    if ((element->flags & TS_FLAG_DIGESTED) != 0) {
        return false;
    }
    if ((element->flags & TS_FLAG_SEQUENCE) != 0) {
        *scratch = (uint64_t)((const int32_t *)collector->items_of_record.items)[record];
    } else if (element->captured_at != TS_NOT_CAPTURED && element->value_length > 0) {
        size_t captured_length;
        key->bytes.bytes = &ts_parser_captured(collector->parser, &captured_length)[element->captured_at];
        key->bytes.length = element->value_length;
        return true;
    } else {
        *scratch = element->end_offset - element->value_offset;
        key->shape = (uint8_t)(key->shape | NOT_CAPTURED);
    }
    key->bytes = (ts_text){.bytes = (const uint8_t *)scratch, .length = sizeof *scratch};
    return true;
}

/* Returns the cache entry of the value; NULL if there is none or rows of its uses were evicted since. */
static ts_cached_value *find_recent(const ts_value_collector *collector, ts_use_state *state, const ts_cache_key *key) {
    ts_cached_value *recent = ts_use_cache_find(&state->cache, key);
    if (recent == NULL || recent->evictions != state->evictions ||
        !ts_is_of_patient(recent->patient, collector->patient)) {
        return NULL;
    }
    for (size_t i = 0; recent->found.has_any && i < TS_FOUND_USES; i++) {
        const int32_t use = recent->found.uses[i];
        if (use >= 0 &&
            recent->found.evictions[i] != ((const ts_use_state *)collector->use_states.items)[use].evictions) {
            return NULL;
        }
    }
    return recent;
}

/* Counts the element once in each use of the text that was found in its value. */
static bool count_found_uses(ts_value_collector *collector, const int32_t uses[TS_FOUND_USES],
                             const ts_element *element) {
    for (size_t i = 0; i < TS_FOUND_USES; i++) {
        if (uses[i] >= 0 && !ts_count_use(collector, uses[i], element)) {
            return false;
        }
    }
    return true;
}

static bool count_recent(ts_value_collector *collector, ts_cached_value *recent, const ts_element *element) {
    const int32_t *rows = ts_cached_rows(recent);
    for (uint32_t i = 0; i < recent->row_count; i++) {
        if (!ts_count_row(collector, rows[i])) {
            return false;
        }
    }
    recent->series = collector->series;
    return !recent->found.has_any || count_found_uses(collector, recent->found.uses, element);
}

static void note_recent(ts_value_collector *collector, const counted_element *counted, const ts_cache_key *key) {
    ts_use_state *state = ts_use_state_at(collector, counted->use);
    ts_cached_value *recent = ts_use_cache_note(&state->cache, key, collector->counted.items, collector->counted.count,
                                                &collector->recent_bytes);
    if (recent != NULL) {
        recent->series = collector->series;
        recent->patient = find_patient(collector, collector->counted.items, collector->counted.count);
        recent->evictions = state->evictions;
        recent->found.has_any = counted->has_found;
        for (size_t i = 0; counted->has_found && i < TS_FOUND_USES; i++) {
            const int32_t use = counted->found_uses[i];
            recent->found.uses[i] = use;
            recent->found.evictions[i] = use < 0 ? 0 : ts_use_state_at(collector, use)->evictions;
        }
    }
}

static counted_element begin_element(ts_value_collector *collector, const ts_element *element, ts_vr vr, int32_t use,
                                     const ts_decision *decision) {
    return (counted_element){.collector = collector,
                             .decision = decision,
                             .use = use,
                             .found_uses = {-1, -1, -1, -1},
                             .charset = ts_charset_map_find(&collector->charset_map, element->parent),
                             .vr = vr};
}

/* Counts the value in its rows. In a file that repeats the previous one (`repeated` is otherwise NULL) the count is
 * deferred if the rows are cached and were last counted in this series, if no other record of the file can be in them,
 * and if occurrences of the element are not listed. */
static bool count_in_rows(ts_value_collector *collector, size_t record, counted_element *counted,
                          ts_counted_record *repeated) {
    const ts_element *element = &collector->elements[record];
    ts_use_state *state = ts_use_state_at(collector, counted->use);
    uint64_t scratch;
    ts_cache_key key;
    const bool has_key = find_recent_key(collector, record, counted, &scratch, &key);
    ts_cached_value *recent = has_key ? find_recent(collector, state, &key) : NULL;
    const bool is_listed = counted->decision->number == collector->listed_decision;
    if (recent != NULL && repeated != NULL && repeated->is_alone && !is_listed && recent->series == collector->series) {
        repeated->is_waiting = true;
        repeated->since = collector->repeats - 1;
        repeated->cached_number = ts_use_cache_number(&state->cache, recent);
        return true;
    }
    if (recent != NULL) {
        return count_recent(collector, recent, element) &&
               (!is_listed || ts_list_occurrences(collector, record, ts_cached_rows(recent), recent->row_count));
    }
    const uint64_t evicted = collector->evicted;
    if (!count_value(collector, record, counted) ||
        (counted->has_found && !count_found_uses(collector, counted->found_uses, element)) ||
        (is_listed && !ts_list_occurrences(collector, record, collector->counted.items, collector->counted.count))) {
        return false;
    }
    if (has_key && collector->evicted == evicted) { /* if a row was evicted, it may be one of this value */
        note_recent(collector, counted, &key);
    }
    return true;
}

/* Stores where the element was counted, for the files that repeat this one. */
static void note_counted(ts_value_collector *collector, size_t record, const counted_element *counted) {
    if (record >= collector->counted_records.count) {
        return;
    }
    ts_counted_record *noted = &((ts_counted_record *)collector->counted_records.items)[record];
    *noted = (ts_counted_record){.use = counted->use, .code_row = -1};
    if (!counted->decision->records_values && !counted->decision->shows_broken &&
        counted->decision->number != collector->listed_decision) { /* listed elements are counted in each file */
        const ts_cached_value *recent = &ts_use_state_at(collector, counted->use)->cache.of_short;
        const ts_row_key code = {.use = counted->use, .decision = counted->decision->number};
        noted->code_row = recent->is_set && recent->decision == code.decision && recent->row_count == 1
                              ? ts_cached_rows(recent)[0]
                              : ts_known_row(collector, &code);
    }
}

bool ts_count_element(ts_value_collector *collector, size_t record, int32_t identity) {
    const ts_element *element = &collector->elements[record];
    int32_t *block_path_of = collector->block_path_of_record.items;
    const int32_t around = element->parent < 0 ? -1 : block_path_of[element->parent];
    const bool is_private = element->creator != TS_CREATOR_NOT_PRIVATE;
    const int32_t block_path =
        ts_find_block_path(collector, around, is_private ? (int16_t)(element->tag >> 8 & 0xFF) : (int16_t)-1);
    const ts_vr vr = ts_element_vr(element);
    const int32_t use = ts_find_use(collector, collector->file_equipment, identity, vr, 0);
    if (block_path < -1 || use < 0) {
        return false;
    }
    block_path_of[record] = block_path;
    const ts_decision *decision = ts_find_decision(collector, use, block_path, vr);
    if (decision == NULL || !ts_count_use(collector, use, element)) {
        return false;
    }
    const ts_decision answer = *decision;
    counted_element counted = begin_element(collector, element, vr, use, &answer);
    if (!count_in_rows(collector, record, &counted, NULL)) {
        return false;
    }
    note_counted(collector, record, &counted);
    return true;
}

bool ts_count_value_again(ts_value_collector *collector, size_t record) {
    ts_counted_record *repeated = &((ts_counted_record *)collector->counted_records.items)[record];
    const ts_element *element = &collector->elements[record];
    const int32_t block_path = ((const int32_t *)collector->block_path_of_record.items)[record];
    const ts_vr vr = ts_element_vr(element);
    const ts_decision *decision = ts_find_decision(collector, repeated->use, block_path, vr);
    if (decision == NULL) {
        return false;
    }
    const ts_decision answer = *decision;
    counted_element counted = begin_element(collector, element, vr, repeated->use, &answer);
    return count_in_rows(collector, record, &counted, repeated);
}
