/* How the values of an element belong to patients: the implementation of patient_relation.h.
 *
 * For: one pass over the rows, element by element, in time that does not depend on the number of series.
 * Never: a comparison of values. Two rows have the same value if they have the same number of one; in an element whose
 *        values are drawn together, two values are the same if they have the same hash.
 */
#include <string.h>

#include "base/radix_sort.h"
#include "collect/drawn_values.h"
#include "collect/patient_relation.h"
#include "collect/values_state.h"

typedef struct ts_relations {
    ts_value_collector *collector;
    const ts_series_counts *counts;
    ts_buffer element_of_use; /* int32_t */
    ts_buffer elements;       /* ts_related_element */
    ts_buffer ordered;        /* int32_t: the rows, element by element */
    /* Of the element that is looked at. */
    ts_buffer values;   /* ts_ordered_word: a value; the index of its patient */
    ts_buffer patients; /* uint64_t: words of patients */
    ts_buffer owners;   /* ts_ordered_word: the patient of each value that has one */
    ts_buffer scratch;  /* ts_ordered_word */
} ts_relations;

typedef struct ts_related_element {
    int32_t use; /* one of its uses */
    bool is_left_out;
    bool has_drawn; /* some of its values are drawn together, and known by their hashes */
    uint8_t relation;
    size_t end; /* after its rows in `ordered` */
} ts_related_element;

static ts_related_element *element_at(const ts_relations *relations, int32_t number) {
    return &((ts_related_element *)relations->elements.items)[number];
}

static int32_t element_of(const ts_relations *relations, int32_t use) {
    return ((const int32_t *)relations->element_of_use.items)[use];
}

/* Sets element_of_use. */
static bool find_elements(ts_relations *relations, ts_index *index) {
    ts_value_collector *collector = relations->collector;
    if (!ts_buffer_resize(&relations->element_of_use, collector->uses.count)) {
        return false;
    }
    for (size_t i = 0; i < collector->uses.count; i++) {
        const ts_element_use *use = ts_use_at(collector, (int32_t)i);
        const uint64_t hash = ts_hash_pair(use->identity, use->vr << 8 | use->kind);
        size_t probe = 0;
        uint32_t number;
        while ((number = ts_index_find(index, hash, &probe)) != TS_NO_NUMBER) {
            const ts_element_use *other = ts_use_at(collector, element_at(relations, (int32_t)number)->use);
            if (other->identity == use->identity && other->vr == use->vr && other->kind == use->kind) {
                break;
            }
        }
        if (number == TS_NO_NUMBER) {
            number = (uint32_t)relations->elements.count;
            if (!ts_buffer_reserve(&relations->elements, 1) || !ts_index_add(index, hash, number)) {
                return false;
            }
            ((ts_related_element *)relations->elements.items)[relations->elements.count++] =
                (ts_related_element){.use = (int32_t)i, .is_left_out = use->vr == TS_VR_SQ};
        }
        if (use->is_bounded != 0) {
            element_at(relations, (int32_t)number)->is_left_out = true;
        }
        ((int32_t *)relations->element_of_use.items)[i] = (int32_t)number;
    }
    return true;
}

static char form_of(const ts_value_collector *collector, const ts_row *row) {
    uint32_t length;
    return (char)ts_pool_get(&collector->values, (uint32_t)row->value, &length)[0];
}

/* Whether the row says that not all values of its element are known: a code, a size, or more values drawn together than
 * there are hashes of. */
static bool hides_values(ts_value_collector *collector, const ts_row *row) {
    if (row->value < 0) {
        return true;
    }
    if (ts_is_drawn_row(row)) {
        return row->collapsed < 0 || ts_collapsed_at(collector, row->collapsed)->is_estimated;
    }
    const char form = form_of(collector, row);
    return form == 'C' || form == 'I' || form == 'S';
}

/* Orders the rows with a value by element: a counting sort. */
static bool order_rows(ts_relations *relations) {
    ts_value_collector *collector = relations->collector;
    const ts_row *rows = collector->rows.items;
    for (size_t i = 0; i < collector->rows.count; i++) {
        if (rows[i].use >= 0) {
            ts_related_element *element = element_at(relations, element_of(relations, rows[i].use));
            element->is_left_out = element->is_left_out || hides_values(collector, &rows[i]);
            element->has_drawn = element->has_drawn || ts_is_drawn_row(&rows[i]);
            element->end++;
        }
    }
    size_t start = 0;
    for (size_t i = 0; i < relations->elements.count; i++) {
        ts_related_element *element = element_at(relations, (int32_t)i);
        const size_t row_count = element->is_left_out ? 0 : element->end;
        element->end = start;
        start += row_count;
    }
    if (!ts_buffer_resize(&relations->ordered, start)) {
        return false;
    }
    for (size_t i = 0; i < collector->rows.count; i++) {
        ts_related_element *element =
            rows[i].use < 0 ? NULL : element_at(relations, element_of(relations, rows[i].use));
        if (element != NULL && !element->is_left_out) {
            ((int32_t *)relations->ordered.items)[element->end++] = (int32_t)i;
        }
    }
    return true;
}

/* The word for the patients of the set. */
static uint64_t find_patient(const ts_relations *relations, const ts_series_set *set) {
    const ts_series_span *spans = ts_series_set_spans(set);
    uint64_t found = TS_PATIENT_UNKNOWN;
    for (uint32_t i = 0; i < set->span_count; i++) {
        for (uint32_t row = spans[i].first; row <= spans[i].last; row = ts_next_patient(relations->counts, row)) {
            found = ts_unite_patients(found, ts_patient_word(relations->counts->known, row));
            if (found == TS_SEVERAL_PATIENTS) {
                return found;
            }
        }
    }
    return found;
}

static bool push_word(ts_buffer *words, uint64_t word, size_t number) {
    if (number > UINT32_MAX || !ts_buffer_reserve(words, 1)) {
        return false;
    }
    ((ts_ordered_word *)words->items)[words->count++] = (ts_ordered_word){.word = word, .number = (uint32_t)number};
    return true;
}

/* Adds a value and its patient. */
static bool push_value(ts_relations *relations, uint64_t value, uint64_t patient) {
    const size_t number = relations->patients.count;
    if (!ts_buffer_reserve(&relations->patients, 1) || !push_word(&relations->values, value, number)) {
        return false;
    }
    ((uint64_t *)relations->patients.items)[relations->patients.count++] = patient;
    return true;
}

/* Adds the values of a row, but no empty one. */
static bool push_row(ts_relations *relations, int32_t number, bool has_drawn) {
    ts_value_collector *collector = relations->collector;
    const ts_row *row = ts_row_at(collector, number);
    if (ts_is_drawn_row(row)) {
        const ts_collapsed_values *drawn = ts_collapsed_at(collector, row->collapsed);
        for (uint32_t i = 0; i < drawn->count; i++) {
            if (!push_value(relations, drawn->hashes[i].hash, drawn->hashes[i].patient)) {
                return false;
            }
        }
        return true;
    }
    uint32_t length;
    const uint8_t *value = ts_pool_get(&collector->values, (uint32_t)row->value, &length);
    const ts_text payload = {.bytes = &value[TS_VALUE_HEAD_BYTES], .length = length - TS_VALUE_HEAD_BYTES};
    const uint64_t word = has_drawn ? ts_hash_drawn((char)value[0], payload) : (uint64_t)(uint32_t)row->value;
    return value[0] == 'E' ||
           push_value(relations, word, find_patient(relations, &ts_row_state_at(collector, number)->series));
}

static bool sort_words(ts_buffer *words, ts_buffer *scratch) {
    if (!ts_buffer_resize(scratch, words->count)) {
        return false;
    }
    ts_radix_sort(words->items, scratch->items, words->count);
    return true;
}

/* Whether no two values have the same patient. */
static bool are_different(const ts_buffer *owners) {
    const ts_ordered_word *sorted = owners->items;
    for (size_t i = 1; i < owners->count; i++) {
        if (sorted[i].word == sorted[i - 1].word) {
            return false;
        }
    }
    return true;
}

/* Sets the relation of the element whose rows are those from `start` on. False when memory runs out. */
static bool relate(ts_relations *relations, ts_related_element *element, size_t start) {
    const int32_t *ordered = relations->ordered.items;
    relations->values.count = relations->patients.count = relations->owners.count = 0;
    for (size_t i = start; i < element->end; i++) {
        if (!push_row(relations, ordered[i], element->has_drawn)) {
            return false;
        }
    }
    if (!sort_words(&relations->values, &relations->scratch)) {
        return false;
    }
    const ts_ordered_word *values = relations->values.items;
    const size_t count = relations->values.count;
    bool has_hidden = false;
    bool has_shared = false;
    bool has_other = false;
    for (size_t first = 0, next; first < count; first = next) {
        uint64_t patient = TS_PATIENT_UNKNOWN;
        for (next = first; next < count && values[next].word == values[first].word; next++) {
            patient = ts_unite_patients(patient, ((const uint64_t *)relations->patients.items)[values[next].number]);
        }
        has_hidden = has_hidden || patient == TS_PATIENT_OF_HIDDEN;
        has_shared = has_shared || patient == TS_SEVERAL_PATIENTS;
        has_other = has_other || patient != TS_SEVERAL_PATIENTS;
        if (patient != TS_PATIENT_UNKNOWN && !push_word(&relations->owners, patient, first)) {
            return false;
        }
    }
    element->relation = has_shared && !has_other ? TS_RELATION_SHARED : TS_RELATION_NONE;
    if (!has_hidden && !has_shared && relations->owners.count >= TS_LEAST_PATIENTS) {
        if (!sort_words(&relations->owners, &relations->scratch)) {
            return false;
        }
        element->relation = are_different(&relations->owners) ? TS_RELATION_PER_PATIENT : TS_RELATION_NONE;
    }
    return true;
}

static bool relate_all(ts_relations *relations, ts_index *index) {
    ts_value_collector *collector = relations->collector;
    const ts_known_series *known = relations->counts->known;
    const size_t patient_count = known->patients.entries.count;
    if (!known->knows_patients || patient_count - (ts_find_undefined_patient(known) < 0 ? 0 : 1) < 2) {
        for (size_t i = 0; i < collector->uses.count; i++) {
            ts_use_at(collector, (int32_t)i)->patient_relation = TS_RELATION_NONE;
        }
        return true;
    }
    if (!find_elements(relations, index) || !order_rows(relations)) {
        return false;
    }
    size_t start = 0;
    for (size_t i = 0; i < relations->elements.count; i++) {
        ts_related_element *element = element_at(relations, (int32_t)i);
        if (!relate(relations, element, start)) {
            return false;
        }
        start = element->end;
    }
    for (size_t i = 0; i < collector->uses.count; i++) {
        ts_use_at(collector, (int32_t)i)->patient_relation =
            element_at(relations, element_of(relations, (int32_t)i))->relation;
    }
    return true;
}

bool ts_relate_patients(ts_value_collector *collector, const ts_series_counts *counts) {
    ts_index index;
    ts_relations relations = {.collector = collector, .counts = counts};
    ts_index_begin(&index);
    ts_buffer_begin(&relations.element_of_use, sizeof(int32_t));
    ts_buffer_begin(&relations.elements, sizeof(ts_related_element));
    ts_buffer_begin(&relations.ordered, sizeof(int32_t));
    ts_buffer_begin(&relations.values, sizeof(ts_ordered_word));
    ts_buffer_begin(&relations.patients, sizeof(uint64_t));
    ts_buffer_begin(&relations.owners, sizeof(ts_ordered_word));
    ts_buffer_begin(&relations.scratch, sizeof(ts_ordered_word));
    const bool is_done = relate_all(&relations, &index);
    ts_index_free(&index);
    ts_buffer *const buffers[] = {&relations.element_of_use, &relations.elements, &relations.ordered, &relations.values,
                                  &relations.patients,       &relations.owners,   &relations.scratch};
    for (size_t i = 0; i < sizeof buffers / sizeof buffers[0]; i++) {
        ts_buffer_free(buffers[i]);
    }
    return is_done;
}
