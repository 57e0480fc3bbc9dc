/* How the values of an element belong to patients: the implementation of patient_relation.h.
 *
 * For: one pass over the rows, element by element, in time that does not depend on the number of series.
 * Never: a look at a value beyond its form. Two rows have the same value if they have the same number of one.
 */
#include <string.h>

#include "collect/patient_relation.h"
#include "collect/values_state.h"

/* In place of the number of a patient: the value belongs to none that is known, or to several. */
enum { NO_PATIENT = -1, SEVERAL_PATIENTS = -2 };

/* What is known of a value or patient in the element that is looked at; of an older one if `element` differs. */
typedef struct ts_partner {
    int32_t element;
    int32_t other; /* of a value its patient, of a patient its value */
} ts_partner;

typedef struct ts_relations {
    ts_value_collector *collector;
    const ts_series_counts *counts;
    int32_t undefined_patient;
    ts_buffer element_of_use; /* int32_t */
    ts_buffer elements;       /* ts_related_element */
    ts_buffer ordered;        /* int32_t: the rows, element by element */
    ts_buffer of_value;       /* ts_partner */
    ts_buffer of_patient;     /* ts_partner */
} ts_relations;

typedef struct ts_related_element {
    int32_t use; /* one of its uses */
    bool is_left_out;
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

/* Whether the row says that not all values of its element are known: a code, values drawn together, a size. */
static bool hides_values(const ts_value_collector *collector, const ts_row *row) {
    if (row->value < 0 || (row->flags & TS_VALUE_COLLAPSED) != 0) {
        return true;
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

/* The patient of the set, or one of the two above. */
static int32_t find_patient(const ts_relations *relations, const ts_series_set *set) {
    const ts_known_series *known = relations->counts->known;
    const ts_series_span *spans = ts_series_set_spans(set);
    int32_t found = NO_PATIENT;
    for (uint32_t i = 0; i < set->span_count; i++) {
        for (uint32_t row = spans[i].first; row <= spans[i].last; row = ts_next_patient(relations->counts, row)) {
            const int32_t patient = ts_patient_series_at(known, row)->patient;
            if (patient == relations->undefined_patient || patient == found) {
                continue;
            }
            if (found != NO_PATIENT) {
                return SEVERAL_PATIENTS;
            }
            found = patient;
        }
    }
    return found;
}

static ts_partner *partner_at(const ts_buffer *partners, int32_t number) {
    return &((ts_partner *)partners->items)[number];
}

/* Notes that the value of a row belongs to a patient. Returns whether each of the two still has no other partner;
 * *patients is incremented if the patient is new in the element. */
static bool note_patient(ts_relations *relations, int32_t element, int32_t value, int32_t patient, size_t *patients) {
    ts_partner *of_value = partner_at(&relations->of_value, value);
    if (of_value->element != element) {
        *of_value = (ts_partner){.element = element, .other = NO_PATIENT};
    }
    if (patient == NO_PATIENT) {
        return true;
    }
    const bool is_first = of_value->other == NO_PATIENT || of_value->other == patient;
    of_value->other = is_first ? patient : SEVERAL_PATIENTS;
    if (of_value->other == SEVERAL_PATIENTS) {
        return false;
    }
    ts_partner *of_patient = partner_at(&relations->of_patient, patient);
    if (of_patient->element != element) {
        *of_patient = (ts_partner){.element = element, .other = value};
        (*patients)++;
    }
    return of_patient->other == value;
}

static uint8_t relate(ts_relations *relations, int32_t number, size_t start, size_t end) {
    ts_value_collector *collector = relations->collector;
    const int32_t *ordered = relations->ordered.items;
    bool is_per_patient = true;
    bool is_shared = true;
    size_t patients = 0;
    size_t values = 0;
    for (size_t i = start; i < end; i++) {
        const ts_row *row = ts_row_at(collector, ordered[i]);
        if (form_of(collector, row) == 'E') {
            continue;
        }
        values++;
        const int32_t patient = find_patient(relations, &ts_row_state_at(collector, ordered[i])->series);
        is_per_patient = note_patient(relations, number, row->value, patient, &patients) && is_per_patient;
    }
    for (size_t i = start; is_shared && !is_per_patient && i < end; i++) {
        const ts_row *row = ts_row_at(collector, ordered[i]);
        is_shared =
            form_of(collector, row) == 'E' || partner_at(&relations->of_value, row->value)->other == SEVERAL_PATIENTS;
    }
    if (is_per_patient) {
        return patients >= TS_LEAST_PATIENTS ? TS_RELATION_PER_PATIENT : TS_RELATION_NONE;
    }
    return is_shared && values > 0 ? TS_RELATION_SHARED : TS_RELATION_NONE;
}

static bool make_partners(ts_buffer *partners, size_t count) {
    if (!ts_buffer_resize(partners, count)) {
        return false;
    }
    for (size_t i = 0; i < count; i++) {
        *partner_at(partners, (int32_t)i) = (ts_partner){.element = -1};
    }
    return true;
}

static bool relate_all(ts_relations *relations, ts_index *index) {
    ts_value_collector *collector = relations->collector;
    const ts_known_series *known = relations->counts->known;
    const size_t patient_count = known->patients.entries.count;
    if (!known->knows_patients || patient_count - (relations->undefined_patient < 0 ? 0 : 1) < 2) {
        for (size_t i = 0; i < collector->uses.count; i++) {
            ts_use_at(collector, (int32_t)i)->patient_relation = TS_RELATION_NONE;
        }
        return true;
    }
    if (!find_elements(relations, index) || !order_rows(relations) ||
        !make_partners(&relations->of_value, collector->values.entries.count) ||
        !make_partners(&relations->of_patient, patient_count)) {
        return false;
    }
    size_t start = 0;
    for (size_t i = 0; i < relations->elements.count; i++) {
        ts_related_element *element = element_at(relations, (int32_t)i);
        element->relation = relate(relations, (int32_t)i, start, element->end);
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
    ts_relations relations = {
        .collector = collector, .counts = counts, .undefined_patient = ts_find_undefined_patient(counts->known)};
    ts_index_begin(&index);
    ts_buffer_begin(&relations.element_of_use, sizeof(int32_t));
    ts_buffer_begin(&relations.elements, sizeof(ts_related_element));
    ts_buffer_begin(&relations.ordered, sizeof(int32_t));
    ts_buffer_begin(&relations.of_value, sizeof(ts_partner));
    ts_buffer_begin(&relations.of_patient, sizeof(ts_partner));
    const bool is_done = relate_all(&relations, &index);
    ts_index_free(&index);
    ts_buffer_free(&relations.element_of_use);
    ts_buffer_free(&relations.elements);
    ts_buffer_free(&relations.ordered);
    ts_buffer_free(&relations.of_value);
    ts_buffer_free(&relations.of_patient);
    return is_done;
}
