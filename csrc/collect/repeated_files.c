/* Files that repeat the one before: of the same shape, series, equipment and character sets.
 *
 * For: looking at those values only that can change something. All else is counted once for all these files.
 * Never: a count that differs from that of file by file. A row waits for its count only where one record of a file can
 *        be in it, only while the series is one that it was counted in, and only for files whose paths sort behind.
 */
#include "collect/repeated_files.h"
#include "collect/count_element.h"
#include "collect/file_context.h"
#include "collect/values_state.h"

static ts_counted_record *counted_at(ts_value_collector *collector, size_t record) {
    return &((ts_counted_record *)collector->counted_records.items)[record];
}

/* Whether Specific Character Set says the same wherever it stands; false when memory runs out. */
static bool check_charsets(ts_value_collector *collector, bool *is_same) {
    const int32_t *records = collector->charset_records.items;
    const int32_t *found = collector->charsets_found.items;
    *is_same = true;
    for (size_t i = 0; i < collector->charset_records.count && *is_same; i++) {
        const int32_t charset = ts_find_charset(collector, (size_t)records[i]);
        if (charset < -1) {
            return false;
        }
        *is_same = charset == found[i];
    }
    return true;
}

bool ts_check_repetition(ts_value_collector *collector, bool *is_repeated) {
    *is_repeated = false;
    if (ts_collector_repetition(collector->identities) != TS_REPEATS_SHAPE_AND_SERIES || !collector->is_path_last) {
        return true;
    }
    if (!check_charsets(collector, is_repeated)) {
        return false;
    }
    if (!*is_repeated) {
        return true;
    }
    if (ts_has_same_equipment(collector)) {
        return true;
    }
    /* Only now: the character set decides which name the bytes are. */
    const int32_t equipment_before = collector->file_equipment;
    if (!ts_find_equipment(collector)) {
        return false;
    }
    *is_repeated = collector->file_equipment == equipment_before;
    return true;
}

/* Marks what stands first in its use, and in its row: their files count once. */
static void mark_first(ts_value_collector *collector) {
    for (size_t i = 0; i < collector->element_count; i++) {
        const ts_counted_record *counted = counted_at(collector, i);
        if (counted->use >= 0) {
            ts_use_state_at(collector, counted->use)->members = 0;
        }
        if (counted->code_row >= 0) {
            ts_row_state_at(collector, counted->code_row)->last_file = 0;
        }
    }
    for (size_t i = 0; i < collector->element_count; i++) {
        ts_counted_record *counted = counted_at(collector, i);
        if (counted->use >= 0) {
            counted->is_first_of_use = ts_use_state_at(collector, counted->use)->members++ == 0;
        }
        if (counted->code_row >= 0) {
            ts_count_state *state = ts_row_state_at(collector, counted->code_row);
            counted->is_first_of_row = state->last_file == 0;
            state->last_file = collector->file - 1; /* in which it was counted last */
        }
    }
}

static ts_planned_record *planned_at(ts_value_collector *collector, int32_t place) {
    return &((ts_planned_record *)collector->plan.items)[place];
}

/* The record is looked at in every file until its value is known; there is room. */
static void watch(ts_value_collector *collector, int32_t place) {
    ts_buffer *watched = &collector->watched;
    planned_at(collector, place)->is_watched = true;
    ((int32_t *)watched->items)[watched->count++] = place;
}

static bool make_plan(ts_value_collector *collector) {
    const size_t count = collector->element_count;
    mark_first(collector);
    collector->plan.count = collector->watched.count = 0;
    collector->places.count = 0;
    if (!ts_buffer_resize(&collector->plan_of_record, count) || !ts_buffer_reserve(&collector->plan, count) ||
        !ts_buffer_reserve(&collector->watched, count) || !ts_buffer_reserve(&collector->places, count)) {
        return false;
    }
    int32_t *plan_of_record = collector->plan_of_record.items;
    for (size_t i = 0; i < count; i++) {
        const ts_counted_record *counted = counted_at(collector, i);
        plan_of_record[i] = -1;
        if (counted->use >= 0 && counted->code_row < 0) {
            const int32_t place = (int32_t)collector->plan.count++;
            *planned_at(collector, place) = (ts_planned_record){
                .record = (int32_t)i, .is_alone = ts_use_state_at(collector, counted->use)->members == 1};
            plan_of_record[i] = place;
            watch(collector, place);
        }
    }
    collector->has_plan = true;
    return true;
}

/* Whether the record, which is of the shape of that of the file before, has its value too. */
static bool is_planned_value(const ts_planned_record *planned, const ts_element *element, const uint8_t *captured) {
    return planned->is_known && element->value_length == planned->value_bytes &&
           (planned->value_bytes == 0 ||
            (element->captured_at != TS_NOT_CAPTURED &&
             ts_text_is_same(&captured[element->captured_at], planned->value, planned->value_bytes)));
}

/* The value is known, and the use remembers how often it came again, up to and with so many of the files. It may be
 * another one from now on. */
static void end_repeats(ts_value_collector *collector, ts_planned_record *planned, uint64_t repeats) {
    const int32_t use = counted_at(collector, (size_t)planned->record)->use;
    ts_use_state_at(collector, use)->recents.of_short.repeats += repeats - planned->counted;
    planned->is_known = false;
}

/* Counts those of the values that are not known, or that are others now; `places` in the plan, NULL for all of it. What
 * is known is counted with the files before. */
static bool look_at(ts_value_collector *collector, const int32_t *places, size_t count) {
    ts_planned_record *plan = collector->plan.items;
    size_t captured_length;
    const uint8_t *captured = ts_parser_captured(collector->parser, &captured_length);
    for (size_t i = 0; i < count; i++) {
        const int32_t place = places == NULL ? (int32_t)i : places[i];
        ts_planned_record *planned = &plan[place];
        if (is_planned_value(planned, &collector->elements[planned->record], captured)) {
            continue;
        }
        if (planned->is_known) {
            end_repeats(collector, planned, collector->repeats - 1);
        }
        if (!ts_count_value_again(collector, planned)) {
            return false;
        }
        if (!planned->is_known && !planned->is_watched) {
            watch(collector, place);
        }
    }
    return true;
}

/* Nothing has to be looked at any more that is known by now. */
static void forget_known(ts_value_collector *collector) {
    int32_t *watched = collector->watched.items;
    size_t left = 0;
    for (size_t i = 0; i < collector->watched.count; i++) {
        ts_planned_record *planned = planned_at(collector, watched[i]);
        planned->is_watched = !planned->is_known;
        watched[left] = watched[i];
        left += planned->is_watched ? 1 : 0;
    }
    collector->watched.count = left;
}

/* Puts down what may have changed of what is known: there is room. */
static void note_place(ts_value_collector *collector, size_t record) {
    const int32_t place = ((const int32_t *)collector->plan_of_record.items)[record];
    if (place >= 0 && !planned_at(collector, place)->is_watched) {
        ((int32_t *)collector->places.items)[collector->places.count++] = place;
    }
}

/* Where the parser says which values have changed. What is listed is always watched, and so in the order of the file.
 */
static bool look_at_changes(ts_value_collector *collector, size_t like_count) {
    const ts_likeness likeness = ts_parser_likeness(collector->parser);
    collector->places.count = 0;
    for (size_t i = 0; i < likeness.change_count; i++) {
        note_place(collector, (size_t)likeness.changes[i].record);
    }
    for (size_t i = like_count; i < collector->element_count; i++) {
        note_place(collector, i);
    }
    if (!look_at(collector, collector->watched.items, collector->watched.count)) {
        return false;
    }
    forget_known(collector);
    return look_at(collector, collector->places.items, collector->places.count);
}

bool ts_count_repeated(ts_value_collector *collector) {
    if (!collector->has_plan && !make_plan(collector)) {
        return false;
    }
    collector->repeats++;
    const size_t like_count = ts_collector_like_count(collector->identities);
    return like_count > 0 ? look_at_changes(collector, like_count) : look_at(collector, NULL, collector->plan.count);
}

void ts_settle(ts_value_collector *collector) {
    const uint64_t repeats = collector->repeats;
    if (repeats == 0) {
        return;
    }
    collector->repeats = 0;
    for (size_t i = 0; i < collector->counted_records.count; i++) {
        const ts_counted_record *counted = counted_at(collector, i);
        if (counted->use >= 0) {
            ts_element_use *use = ts_use_at(collector, counted->use);
            use->occurrences += repeats;
            use->files += counted->is_first_of_use ? repeats : 0;
        }
        if (counted->code_row >= 0) {
            ts_row *row = ts_row_at(collector, counted->code_row);
            row->occurrences += repeats;
            row->files += counted->is_first_of_row ? repeats : 0;
        }
    }
    for (size_t i = 0; i < collector->plan.count; i++) {
        ts_planned_record *planned = planned_at(collector, (int32_t)i);
        if (planned->is_alone) {
            if (planned->is_known) {
                end_repeats(collector, planned, repeats);
            }
            const int32_t use = counted_at(collector, (size_t)planned->record)->use;
            ts_settle_recent(collector, &ts_use_state_at(collector, use)->recents.of_short);
        }
        if (!planned->is_watched) { /* nothing is known any more */
            watch(collector, (int32_t)i);
        }
    }
}
